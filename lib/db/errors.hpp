#pragma once

#include <exception>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace jvmm::db {

/// An error that PostgreSQL, a pooler or the connection reported.
class SqlError : public Error {
 public:
  SqlError(Kind kind, std::string message, std::string sqlstate);

  /// Five characters, such as "23505"; empty where the connection failed without one.
  std::string const& sqlstate() const noexcept { return m_sqlstate; }

 private:
  std::string m_sqlstate;
};

/// The connection was lost between sending COMMIT and hearing the answer: the transaction is either wholly stored or
/// wholly absent, and only the tables can tell which. Deliberately not an Error, so that nothing retries it by kind;
/// who catches it reads the ledger over a new connection (`Connection::reconnect`) and decides.
class CommitInDoubt : public std::exception {
 public:
  explicit CommitInDoubt(std::string message);
  char const* what() const noexcept override { return m_message.c_str(); }

 private:
  std::string m_message;
};

/// What is known about a failure, whichever library reported it.
struct Failure {
  std::string sqlstate;             ///< empty where there is none
  std::string message;              ///< the server's or libpq's words, without password
  std::string target;               ///< Target::text()
  bool connection_lost = false;     ///< no answer was heard
  bool read_only_expected = false;  ///< the transaction was opened as read-only by us
};

/// The one place where SQLSTATE, pqxx and libpq failures become a kind, a message and a hint.
///
/// unavailable: 08*, 53*, 57014 (time limit), 57P*, 58*, lost connections. conflict: 40*, 55P03 (lock timeout).
/// refused: 28*, 42501, 44*, 25006 outside our own read-only transactions. configuration: 0A*, 3D000, 3F000, 42P01,
/// 42703, 42704, 42883, 57P04. bad_input: 21*, 22*, 23*, 54*, P0*. Everything else is internal.
SqlError to_error(Failure const& failure);

}  // namespace jvmm::db
