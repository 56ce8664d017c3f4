#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace jvmm::db {

struct Session;

/// One statement that was sent, for `--log-sql`.
struct SqlEvent {
  std::string_view name;
  std::string_view text;
  std::chrono::microseconds elapsed{0};
  std::int64_t rows = 0;  ///< returned or affected
};

struct ConnectionOptions {
  Secret url;           ///< "postgresql://…" or "key=value …"; empty means libpq's defaults and PG* environment
  std::string purpose;  ///< seen in pg_stat_activity as "jvmm.<purpose>", such as "embed/write"

  /// For reaching the server and logging in, all addresses of the host together. Name resolution is outside it.
  std::chrono::milliseconds connect_timeout{10'000};
  /// Limit the server puts on one statement; a transaction can choose its own.
  std::chrono::milliseconds statement_timeout{60'000};
  /// After this the server ends a transaction whose client went silent, so that a dead worker holds no locks.
  std::chrono::milliseconds idle_in_transaction_timeout{120'000};
  /// Limit for waiting for one lock, such as a row the web application is just writing.
  std::chrono::milliseconds lock_timeout{10'000};
  /// How long past the statement timeout the client waits before it takes the connection for dead. Covers one round
  /// trip and the pooler's queue.
  std::chrono::milliseconds deadline_slack{5'000};
  std::chrono::seconds keepalives_idle{30};            ///< idle time before TCP asks whether the peer still lives
  std::chrono::milliseconds tcp_user_timeout{30'000};  ///< unacknowledged data older than this ends the connection

  std::function<void(SqlEvent const&)> log_sql;      ///< after each statement; may be empty
  std::function<void(std::string_view)> log_notice;  ///< the server's notices, at debug; may be empty
};

/// A connection to PostgreSQL, directly or through a transaction pooler: nothing is kept in the session, so the server
/// behind it may change between transactions (no SET, no prepared statement by name, no cursor, no LISTEN, no
/// temporary table that outlives its transaction).
///
/// **Threads** one thread at a time uses a connection and everything made from it; interrupt() may come from any.
class Connection {
 public:
  /// Connects. **Throws** Error: unavailable (not reachable in time), refused (login), configuration (the URL cannot
  /// be read, or no such database). No message contains the password.
  explicit Connection(ConnectionOptions options);
  ~Connection();
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;

  /// False once the connection was found broken; then only reconnect() helps.
  bool is_open() const;

  /// Closes, then connects again with the same options. REQUIRES: no transaction is open. **Throws** as above.
  void reconnect();

  /// Ends the connection now: a waiting call returns with Error(stopped), a commit with CommitInDoubt, and nothing
  /// further is sent, not even after reconnect(). For the second Ctrl-C. Async-signal-safe.
  void interrupt() noexcept;

  ConnectionOptions const& options() const;

  /// Where it leads, without password: "profiles on db.example.org:5432 as jvmm".
  std::string target() const;

  /// Requests sent and answered so far, which at a distance is what a batch costs.
  std::int64_t round_trips() const;

  /// For this module's own files.
  Session& session() { return *m_session; }

 private:
  std::unique_ptr<Session> m_session;
};

}  // namespace jvmm::db
