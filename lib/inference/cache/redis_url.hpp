#pragma once

#include <string>

#include "base/secret.hpp"

namespace jvmm::inference {

/// Where a Redis is, and who we are there.
struct RedisAddress {
  std::string host = {};  ///< empty: a Unix socket
  int port = 6379;
  std::string socket = {};  ///< path
  std::string user = {};
  Secret password = {};
  int database = 0;

  /// "cache.example:6379", for messages.
  std::string text() const;
};

/// Reads redis://[[user]:password@]host[:port][/database], unix://[[user]:password@]/path[?db=N], or a path alone; user
/// and password may be percent-encoded. **Throws** configuration; the message quotes nothing of the URL.
RedisAddress parse_redis_url(Secret const& url);

}  // namespace jvmm::inference
