#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace jvmm::testing {

struct HttpRequest {
  std::string method;
  std::string path;
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;
};

struct HttpReply {
  int status = 200;
  std::string body;
  std::vector<std::string> headers;  ///< further lines, "Retry-After: 2"
  /// The connection is cut after this many bytes of the body, though Content-Length promises all of it.
  std::size_t cut_after = std::string::npos;
};

/// One whole request from a socket; false if none came within a few seconds.
bool read_request(int client, HttpRequest& out);

/// All of it, or as much as the client takes.
void send_all(int client, std::string_view data);

/// A server on the loopback interface that answers what the test says and remembers what it was asked. One connection
/// per request. `answer` is called on the server's thread, one request at a time.
class HttpStub {
 public:
  explicit HttpStub(std::function<HttpReply(HttpRequest const&)> answer);
  ~HttpStub();

  std::string url() const;  ///< "http://127.0.0.1:PORT"
  std::vector<HttpRequest> requests() const;

 private:
  void serve();
  void handle(int client);

  std::function<HttpReply(HttpRequest const&)> m_answer;
  int m_socket = -1;
  int m_port = 0;
  std::atomic<bool> m_stop{false};
  mutable std::mutex m_mutex;
  std::vector<HttpRequest> m_requests;
  std::thread m_thread;
};

}  // namespace jvmm::testing
