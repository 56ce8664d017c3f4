#pragma once

#include <sys/types.h>

#include <string>

#include "support/temp_dir.hpp"

namespace jvmm::test {

/// A redis-server of the test's own, on a Unix socket in a temporary folder, killed at the end.
class RedisServer {
 public:
  /// **Throws** std::runtime_error if there is no redis-server (package of that name), or it does not answer in time.
  explicit RedisServer(std::string const& password = "");
  ~RedisServer();
  RedisServer(RedisServer const&) = delete;
  RedisServer& operator=(RedisServer const&) = delete;

  std::string url() const;
  std::string socket() const { return (m_dir.path() / "redis.sock").string(); }

  void kill();
  void hang() const;  ///< until `wake`: it takes connections and says nothing
  void wake() const;

 private:
  void wait_until_ready() const;

  testing::TempDir m_dir;
  std::string m_password;
  pid_t m_pid = -1;
};

}  // namespace jvmm::test
