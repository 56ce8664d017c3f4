#include "support/raw_http.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <stdexcept>

namespace jvmm::testing {
namespace {

void parse_head(RawAnswer& answer, std::size_t head_end) {
  auto const head = std::string_view(answer.bytes).substr(0, head_end);
  if (head.starts_with("HTTP/1.1 ") && head.size() >= 12) answer.status = std::stoi(std::string(head.substr(9, 3)));
  for (auto at = head.find("\r\n"); at != std::string_view::npos; at = head.find("\r\n", at + 2)) {
    auto const line = head.substr(at + 2, head.find("\r\n", at + 2) - at - 2);
    auto const colon = line.find(": ");
    if (colon == std::string_view::npos) continue;
    std::string name(line.substr(0, colon));
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    answer.headers[name] = line.substr(colon + 2);
  }
}

}  // namespace

RawHttp::RawHttp(std::string const& url) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1))));
  m_socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (m_socket < 0 || ::connect(m_socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error("RawHttp: cannot connect to " + url);
}

RawHttp::~RawHttp() {
  ::close(m_socket);
}

void RawHttp::send(std::string_view bytes) {
  while (!bytes.empty()) {
    auto const count = ::send(m_socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) {
      m_reset = true;  // the error is told once
      return;
    }
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

/// False where nothing more will come; then `end` says why.
bool RawHttp::read_some(RawAnswer& answer, std::chrono::milliseconds patience) {
  pollfd waiting{m_socket, POLLIN, 0};
  answer.end = RawEnd::silent;
  if (::poll(&waiting, 1, static_cast<int>(patience.count())) <= 0) return false;
  char buffer[1 << 16];
  auto const count = ::recv(m_socket, buffer, sizeof buffer, 0);
  answer.end = count < 0 || m_reset ? RawEnd::reset : RawEnd::closed;
  if (count <= 0) return false;
  answer.bytes.append(buffer, static_cast<std::size_t>(count));
  ++answer.pieces;
  return true;
}

RawAnswer RawHttp::receive(std::chrono::milliseconds patience) {
  RawAnswer out;
  auto head_end = std::string::npos;
  for (;;) {
    if (head_end == std::string::npos && (head_end = out.bytes.find("\r\n\r\n")) != std::string::npos)
      parse_head(out, head_end);
    if (head_end != std::string::npos) {
      out.body = out.bytes.substr(head_end + 4);
      if (out.body.size() >= std::stoul("0" + out.headers["content-length"])) break;
    }
    if (!read_some(out, patience)) return out;
  }
  out.end = RawEnd::complete;
  return out;
}

RawAnswer RawHttp::receive_all(std::chrono::milliseconds patience) {
  RawAnswer out;
  while (read_some(out, patience))
    ;
  return out;
}

std::string raw_post(std::string_view path, std::string_view body, std::vector<std::string> const& headers) {
  auto out = fmt::format("POST {} HTTP/1.1\r\nhost: stub\r\ncontent-type: application/json\r\ncontent-length: {}\r\n",
                         path, body.size());
  for (auto const& header : headers)
    out += header + "\r\n";
  return out.append("\r\n").append(body);
}

RawAnswer RawHttp::post(std::string_view path, std::string_view body, std::vector<std::string> const& headers) {
  send(raw_post(path, body, headers));
  return receive();
}

RawAnswer RawHttp::get(std::string_view path) {
  send(fmt::format("GET {} HTTP/1.1\r\nhost: stub\r\n\r\n", path));
  return receive();
}

}  // namespace jvmm::testing
