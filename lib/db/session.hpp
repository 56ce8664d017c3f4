#pragma once

// What is behind a Connection. Private to lib/db: the one header with pqxx and libpq in it, included by .cpp files
// only.

#include <libpq-fe.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <pqxx/connection>
#include <pqxx/result>
#include <string>

#include "db/connection.hpp"
#include "db/errors.hpp"
#include "db/params.hpp"
#include "db/statement.hpp"
#include "db/target.hpp"
#include "db/watchdog.hpp"

namespace jvmm::db {

struct FreeResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using ResultPtr = std::unique_ptr<PGresult, FreeResult>;

/// What the present transaction, if any, means for a failure in it.
enum class TxState { none, read_only, read_write };

struct Session {
  explicit Session(ConnectionOptions with_options);
  ~Session();

  void connect();
  void close();

  /// **Throws** Error unless a statement can be sent now.
  void require_ready() const;

  /// Runs one statement (several, without parameters) and waits at most `limit` plus the slack.
  pqxx::result exec(Statement const& statement, Params const& params, std::chrono::milliseconds budget);

  /// Sends a COPY statement and expects the server to begin it (`expected` is PGRES_COPY_IN or _OUT).
  void start_copy(Statement const& statement, ExecStatusType expected);

  /// Hears the server's word at the end of a COPY. `sound` is false when the stream already failed.
  void finish_copy(Statement const& statement, bool sound, std::int64_t rows);

  /// The type OID of pgvector's `vector`, looked up once, wherever the extension's schema is. 0 when it is absent.
  std::uint32_t vector_oid();

  /// An open guard makes libpq calls return when the deadline passes.
  class Deadline {
   public:
    Deadline(Session& session, std::chrono::milliseconds limit);
    ~Deadline();
    Deadline(Deadline const&) = delete;
    Deadline& operator=(Deadline const&) = delete;

   private:
    Watchdog& m_watchdog;
  };

  /// **Throws** the Error for a failed result or connection. `result` may be null.
  [[noreturn]] void fail(Statement const& statement, PGresult const* result);
  [[noreturn]] void fail(Statement const& statement, std::string sqlstate, std::string_view message, bool lost);

  ConnectionOptions options;
  Target target;
  Watchdog watchdog;
  std::optional<pqxx::connection> pq;
  PGconn* raw = nullptr;  ///< owned by pq; for binary COPY and transaction status
  TxState tx = TxState::none;
  bool copying = false;
  std::chrono::milliseconds limit{0};  ///< of the present transaction's statements
  std::int64_t round_trips = 0;
  std::optional<std::uint32_t> known_vector_oid;
};

}  // namespace jvmm::db
