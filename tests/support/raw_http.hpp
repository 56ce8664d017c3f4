#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace jvmm::testing {

/// How an answer ended.
enum class RawEnd {
  complete,  ///< as long as Content-Length said
  closed,    ///< closed in good order before that
  reset,     ///< the connection was reset
  silent,    ///< nothing more came for a while
};

struct RawAnswer {
  int status = 0;
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;                            ///< as much of it as came
  std::string bytes;                           ///< all that came
  std::size_t pieces = 0;                      ///< reads that it took
  RawEnd end = RawEnd::complete;
};

/// One connection to a loopback server that shows what is on the wire, and mends nothing.
class RawHttp {
 public:
  /// "http://127.0.0.1:PORT". **Throws** std::runtime_error.
  explicit RawHttp(std::string const& url);
  ~RawHttp();
  RawHttp(RawHttp const&) = delete;
  RawHttp& operator=(RawHttp const&) = delete;

  void send(std::string_view bytes);
  /// Reads one answer, or what there is of it.
  RawAnswer receive(std::chrono::milliseconds patience = std::chrono::seconds(20));
  /// All that comes until the server closes, resets, or is silent.
  RawAnswer receive_all(std::chrono::milliseconds patience = std::chrono::seconds(20));

  RawAnswer post(std::string_view path, std::string_view body, std::vector<std::string> const& headers = {});
  RawAnswer get(std::string_view path);

 private:
  bool read_some(RawAnswer& answer, std::chrono::milliseconds patience);

  int m_socket = -1;
  bool m_reset = false;
};

/// The request that `post` sends.
std::string raw_post(std::string_view path, std::string_view body, std::vector<std::string> const& headers = {});

}  // namespace jvmm::testing
