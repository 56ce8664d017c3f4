#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/secret.hpp"
#include "http/transport.hpp"

namespace jvmm::http {

struct DownloadRequest {
  std::string url;               ///< http or https
  std::filesystem::path target;  ///< its folder must exist; a file that is there is replaced
  Secret token;                  ///< sent as a bearer token if not empty; never to another host, nor in clear text
  std::string sha256;            ///< expected, in lower-case hexadecimal; empty if not known
  std::string sha256_header;     ///< a header (in lower case) of any answer on the way that may name a SHA-256, too
  std::string held_sha256;       ///< of the target as it is; where that header names the same, nothing is fetched
  bool resume = false;           ///< keep what came of a broken transfer in `<target>.part`, and go on from there
  std::uint64_t max_bytes = std::uint64_t{4} << 30;
  std::chrono::seconds connect_timeout{15};
  std::chrono::seconds stall_timeout{60};  ///< ends a transfer that delivers next to nothing for so long
  /// Called now and then with bytes received and, where the server says it, the total (else 0), both with what was
  /// there before. May throw to stop.
  std::function<void(std::uint64_t received, std::uint64_t total)> progress;
};

struct Downloaded {
  std::uint64_t bytes = 0;
  std::string sha256;
  bool fetched = true;               ///< false: the target was held already
  std::uint64_t resumed_at = 0;      ///< bytes that an earlier transfer had left
  std::vector<Header> headers = {};  ///< of all answers on the way, the first of each name; names in lower case
};

/// Fetches a URL into a file. The target appears complete and checked, by a rename, or not at all. A transfer is
/// resumed only where the server still gives the content the same strong ETag; otherwise the file is fetched anew. TLS
/// is verified; proxies come from the environment (https_proxy, no_proxy), but not for this machine.
///
/// **Throws** unavailable (not reachable, cut off, 5xx), missing_input (404, 410), refused (401, 403), rate_limited
/// (429), bad_answer (wrong hash, too big, other statuses), local_io (disk), usage (no http URL, or one with a
/// password), configuration (a token without TLS), lease_held (another download of the same target).
/// **Threads**: safe for different targets. **Cost**: reads what was left by an earlier transfer.
Downloaded download(DownloadRequest const& request);

}  // namespace jvmm::http
