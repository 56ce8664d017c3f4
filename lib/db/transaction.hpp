#pragma once

#include <chrono>
#include <optional>

#include "db/connection.hpp"
#include "db/params.hpp"
#include "db/rows.hpp"
#include "db/statement.hpp"

namespace jvmm::db {

enum class Isolation {
  read_committed,   ///< each statement sees what was committed before it
  repeatable_read,  ///< all statements see one instant: for reads that are compared with each other
};

struct TxOptions {
  Isolation isolation = Isolation::read_committed;
  std::optional<std::chrono::milliseconds> statement_timeout = {};  ///< instead of the connection's; 0 means no limit
};

/// What both kinds of transaction can do: run statements. At most one is open on a connection. Its time limits are set
/// in the same round trip as BEGIN and end with it.
///
/// **Threads** those of its connection.
class Transaction {
 public:
  Transaction(Transaction const&) = delete;
  Transaction& operator=(Transaction const&) = delete;

  /// Runs a statement and waits for all its rows. After an Error the transaction can only be abandoned.
  /// **Throws** Error by the table in db/errors.hpp, with the statement's name as context; SqlError where the server
  /// said it.
  Rows exec(Statement const& statement, Params const& params = {});

  Connection& connection() { return m_connection; }

 protected:
  Transaction(Connection& connection, TxOptions const& options, bool read_only);
  ~Transaction();

  Connection& m_connection;
  bool m_open = false;
};

/// A transaction in which PostgreSQL itself refuses every write (SQLSTATE 25006).
class ReadTx : public Transaction {
 public:
  explicit ReadTx(Connection& connection, TxOptions const& options = {});
};

/// A transaction that stores what was written in it if and only if commit() returns.
class WriteTx : public Transaction {
 public:
  explicit WriteTx(Connection& connection, TxOptions const& options = {});

  /// Runs a text of several statements, such as a migration, without parameters and in one round trip. It may not end
  /// the transaction itself. **Throws** Error as exec() does, internal where it did end it.
  void exec_script(Statement const& script);

  /// Ends the transaction and stores it. **Throws** Error when the server refused (nothing is stored), CommitInDoubt
  /// when the connection was lost before its answer. Without this call the destructor rolls back.
  void commit();
};

}  // namespace jvmm::db
