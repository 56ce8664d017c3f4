#pragma once

#include <sys/types.h>

#include <string>

namespace jvmm::test {

struct PgBouncerOptions {
  int pool_size = 1;           ///< server connections per database: 1 makes all clients share one
  int query_wait_seconds = 5;  ///< how long a client waits for one
};

/// A private PgBouncer in transaction mode in front of the test server, on a Unix socket in a folder of its own, until
/// the object ends. **Throws** std::runtime_error with the next step when the program is missing or does not start.
class PgBouncer {
 public:
  explicit PgBouncer(PgBouncerOptions const& options = {});
  ~PgBouncer();
  PgBouncer(PgBouncer const&) = delete;
  PgBouncer& operator=(PgBouncer const&) = delete;

  std::string const& host() const { return m_folder; }  ///< the socket's folder
  static constexpr char const* k_port = "6432";

 private:
  void start();

  std::string m_folder;
  pid_t m_pid = -1;
};

}  // namespace jvmm::test
