#include "support/http_stub.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <sstream>
#include <stdexcept>

namespace jvmm::testing {
namespace {

/// Reads until `done` says so; false if the client goes away or says nothing for a while.
bool read_until(int client, std::string& data, std::function<bool()> const& done) {
  while (!done()) {
    pollfd waiting{client, POLLIN, 0};
    if (::poll(&waiting, 1, 5000) <= 0) return false;
    char buffer[4096];
    auto const count = ::recv(client, buffer, sizeof buffer, 0);
    if (count <= 0) return false;
    data.append(buffer, static_cast<std::size_t>(count));
  }
  return true;
}

HttpRequest parse_head(std::string const& head) {
  HttpRequest out;
  std::istringstream lines(head);
  lines >> out.method >> out.path;
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line) && line != "\r") {
    auto const colon = line.find(':');
    if (colon == std::string::npos) continue;
    auto name = line.substr(0, colon);
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    auto value = line.substr(line.find_first_not_of(' ', colon + 1));
    if (value.ends_with('\r')) value.pop_back();
    out.headers[name] = value;
  }
  return out;
}

}  // namespace

void send_all(int client, std::string_view data) {
  while (!data.empty()) {
    auto const count = ::send(client, data.data(), data.size(), MSG_NOSIGNAL);
    if (count <= 0) return;
    data.remove_prefix(static_cast<std::size_t>(count));
  }
}

bool read_request(int client, HttpRequest& out) {
  std::string data;
  auto const end_of_head = [&] { return data.find("\r\n\r\n"); };
  if (!read_until(client, data, [&] { return end_of_head() != std::string::npos; })) return false;
  auto const body_at = end_of_head() + 4;
  out = parse_head(data.substr(0, body_at));
  auto const length = out.headers.contains("content-length") ? std::stoul(out.headers["content-length"]) : 0;
  if (!read_until(client, data, [&] { return data.size() >= body_at + length; })) return false;
  out.body = data.substr(body_at, length);
  return true;
}

HttpStub::HttpStub(std::function<HttpReply(HttpRequest const&)> answer) : m_answer(std::move(answer)) {
  m_socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (m_socket < 0 || ::bind(m_socket, generic, size) != 0 || ::listen(m_socket, 16) != 0 ||
      ::getsockname(m_socket, generic, &size) != 0)
    throw std::runtime_error("HttpStub: no loopback socket");
  m_port = ntohs(address.sin_port);
  m_thread = std::thread([this] { serve(); });
}

HttpStub::~HttpStub() {
  m_stop = true;
  m_thread.join();
  ::close(m_socket);
}

std::string HttpStub::url() const {
  return fmt::format("http://127.0.0.1:{}", m_port);
}

std::vector<HttpRequest> HttpStub::requests() const {
  std::lock_guard const lock(m_mutex);
  return m_requests;
}

void HttpStub::serve() {
  while (!m_stop) {
    pollfd waiting{m_socket, POLLIN, 0};
    if (::poll(&waiting, 1, 20) <= 0) continue;
    int const client = ::accept4(m_socket, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    handle(client);
    ::close(client);
  }
}

void HttpStub::handle(int client) {
  HttpRequest request;
  if (!read_request(client, request)) return;
  {
    std::lock_guard const lock(m_mutex);
    m_requests.push_back(request);
  }
  auto const reply = m_answer(request);
  auto head = fmt::format("HTTP/1.1 {} Scripted\r\nContent-Length: {}\r\nConnection: close\r\n", reply.status,
                          reply.body.size());
  for (auto const& line : reply.headers)
    head += line + "\r\n";
  send_all(client, head + "\r\n" + reply.body.substr(0, std::min(reply.cut_after, reply.body.size())));
}

}  // namespace jvmm::testing
