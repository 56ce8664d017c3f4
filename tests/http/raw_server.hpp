#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "support/http_stub.hpp"

namespace jvmm::testing {

/// One connection of a RawServer, in the hands of the test.
class RawConnection {
 public:
  RawConnection(int socket, std::atomic<bool> const& stopping) : m_socket(socket), m_stopping(stopping) {}

  /// The next request; absent when the client has gone.
  bool read(HttpRequest& request) { return read_request(m_socket, request); }

  void send(std::string_view bytes) { send_all(m_socket, bytes); }

  /// A whole answer that keeps the connection.
  void reply(int status, std::string_view body, std::string_view more_headers = "");

  /// Ends the connection the hard way (RST).
  void reset();

  /// Until the server is stopped.
  void hang() const;

  bool stopping() const { return m_stopping; }

 private:
  int m_socket;
  std::atomic<bool> const& m_stopping;
};

/// A server on the loopback interface without any manners of its own: each connection is given to `talk` on a thread of
/// its own, and closed when that returns.
class RawServer {
 public:
  explicit RawServer(std::function<void(RawConnection&)> talk);
  ~RawServer();
  RawServer(RawServer const&) = delete;
  RawServer& operator=(RawServer const&) = delete;

  /// Keeps connections and gives each request to `answer`, which returns the body.
  static std::function<void(RawConnection&)> answering(std::function<std::string(HttpRequest const&)> answer);

  int port() const { return m_port; }
  std::string url() const;
  int connections() const { return m_connections; }

 private:
  void serve();
  void handle(int client);

  std::function<void(RawConnection&)> m_talk;
  int m_socket = -1;
  int m_port = 0;
  std::atomic<bool> m_stopping{false};
  std::atomic<int> m_connections{0};
  std::mutex m_mutex;
  std::vector<int> m_open;
  std::vector<std::thread> m_threads;
  std::thread m_acceptor;
};

}  // namespace jvmm::testing
