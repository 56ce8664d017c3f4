#include "http/raw_server.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>

namespace jvmm::testing {

void RawConnection::reply(int status, std::string_view body, std::string_view more_headers) {
  send(fmt::format("HTTP/1.1 {} Scripted\r\nContent-Length: {}\r\n{}\r\n{}", status, body.size(), more_headers, body));
}

void RawConnection::reset() {
  linger const at_once{1, 0};
  ::setsockopt(m_socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

void RawConnection::hang() const {
  while (!m_stopping)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
}

RawServer::RawServer(std::function<void(RawConnection&)> talk) : m_talk(std::move(talk)) {
  m_socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (m_socket < 0 || ::bind(m_socket, generic, size) != 0 || ::listen(m_socket, 128) != 0 ||
      ::getsockname(m_socket, generic, &size) != 0)
    throw std::runtime_error("RawServer: no loopback socket");
  m_port = ntohs(address.sin_port);
  m_acceptor = std::thread([this] { serve(); });
}

RawServer::~RawServer() {
  m_stopping = true;
  m_acceptor.join();
  {
    std::lock_guard const lock(m_mutex);
    for (int const client : m_open)
      ::shutdown(client, SHUT_RDWR);
  }
  for (auto& thread : m_threads)
    thread.join();
  ::close(m_socket);
}

std::function<void(RawConnection&)> RawServer::answering(std::function<std::string(HttpRequest const&)> answer) {
  return [answer = std::move(answer)](RawConnection& connection) {
    for (HttpRequest request; connection.read(request);)
      connection.reply(200, answer(request));
  };
}

std::string RawServer::url() const {
  return fmt::format("http://127.0.0.1:{}", m_port);
}

void RawServer::serve() {
  while (!m_stopping) {
    pollfd waiting{m_socket, POLLIN, 0};
    if (::poll(&waiting, 1, 10) <= 0) continue;
    int const client = ::accept4(m_socket, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    ++m_connections;
    std::lock_guard const lock(m_mutex);
    m_open.push_back(client);
    m_threads.emplace_back([this, client] { handle(client); });
  }
}

void RawServer::handle(int client) {
  RawConnection connection(client, m_stopping);
  m_talk(connection);
  std::lock_guard const lock(m_mutex);
  std::erase(m_open, client);
  ::close(client);
}

}  // namespace jvmm::testing
