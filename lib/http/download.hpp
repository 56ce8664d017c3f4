#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "base/secret.hpp"

namespace jvmm::http {

struct DownloadRequest {
  std::string url;               ///< http or https
  std::filesystem::path target;  ///< its folder must exist; a file that is there is replaced
  Secret token;                  ///< sent as a bearer token if not empty; never to another host, nor in clear text
  std::string sha256;            ///< expected, in hexadecimal; empty if not known
  std::uint64_t max_bytes = std::uint64_t{4} << 30;
  std::chrono::seconds connect_timeout{15};
  std::chrono::seconds stall_timeout{60};  ///< ends a transfer that delivers next to nothing for so long
  /// Called now and then with bytes received and, where the server says it, the total (else 0). May throw to stop.
  std::function<void(std::uint64_t received, std::uint64_t total)> progress;
};

struct Downloaded {
  std::uint64_t bytes = 0;
  std::string sha256;
};

/// Fetches a URL into a file. The target appears complete and checked, by a rename, or not at all. TLS is verified;
/// proxies come from the environment (https_proxy, no_proxy).
///
/// **Throws** unavailable (not reachable, cut off, 5xx), missing_input (404, 410), refused (401, 403), rate_limited
/// (429), bad_answer (wrong hash, too big, other statuses), local_io (disk), usage (no http URL).
/// **Threads**: safe for different targets.
Downloaded download(DownloadRequest const& request);

}  // namespace jvmm::http
