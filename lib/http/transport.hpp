#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/secret.hpp"

namespace jvmm::http {

struct Header {
  std::string name, value;
};

struct Request {
  std::string method = "POST";
  std::string url;              ///< http or https; never carries a secret
  std::vector<Header> headers;  ///< without Authorization
  Secret token;                 ///< sent as a bearer token if not empty; in clear text to this machine only
  std::string body;
  std::chrono::milliseconds connect_timeout{5'000};
  std::chrono::milliseconds timeout{30'000};               ///< from sending to the last byte
  std::size_t max_response_bytes = std::size_t{64} << 20;  ///< after decompression
};

/// How far a transfer came.
enum class Transfer {
  done,         ///< a whole answer, whatever its status
  unreachable,  ///< name, connection or TLS handshake: nothing was sent
  cut,          ///< sent, and then the connection or the answer broke off
  timed_out,    ///< sent, and no whole answer came in time
  too_large,    ///< more than max_response_bytes
  malformed,    ///< no HTTP, or content that cannot be decompressed
  certificate,  ///< the server's certificate is not trusted
  not_sent,     ///< the request itself is unsound, such as a token without TLS
};

std::string_view name(Transfer transfer);

/// What came of a request. Failures are values: the caller decides what to try again.
struct Reply {
  Transfer transfer = Transfer::done;
  long status = 0;              ///< 0 if no status line came; may be there although the transfer broke off
  std::vector<Header> headers;  ///< names in lower case
  std::string body;             ///< decompressed; empty unless `transfer` is done
  double seconds = 0;
  std::optional<Error> failure = {};  ///< unless `transfer` is done; names the URL, never the token

  /// The first header of this name (in lower case).
  std::optional<std::string_view> header(std::string_view name) const;
};

/// Sends requests. **Threads**: safe.
class Transport {
 public:
  virtual ~Transport() = default;

  /// Does not block. The future is ready within the request's time-out. A POST is sent once at most.
  virtual std::future<Reply> send(Request request) = 0;
};

struct TransportOptions {
  std::filesystem::path ca_file = {};  ///< trusted certificates instead of the system's
  std::string user_agent = "jvmm";
  std::size_t max_connections = 256;  ///< kept open in all
};

/// One libcurl multi handle on one thread of its own: keep-alive, HTTP/2 over TLS, TLS verified, proxies from the
/// environment, no redirects. What is under way when it is destroyed ends as `cut`.
/// **Throws** internal if libcurl cannot be set up, configuration if `ca_file` cannot be read.
std::unique_ptr<Transport> open_curl_transport(TransportOptions const& options);

}  // namespace jvmm::http
