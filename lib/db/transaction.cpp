#include "db/transaction.hpp"

#include <fmt/format.h>

#include <utility>

#include "db/rows_data.hpp"
#include "db/session.hpp"

namespace jvmm::db {
namespace {

constexpr Statement k_commit{"commit", "COMMIT"};
constexpr Statement k_rollback{"rollback", "ROLLBACK"};

// One request: a pooler may hand the next transaction to another server, so every limit has to travel with BEGIN. A
// transaction that writes does not insist on READ WRITE: where the server's or the role's default is read-only (a full
// disk, a role for looking), someone meant it.
std::string begin_text(ConnectionOptions const& options, TxOptions const& tx, std::chrono::milliseconds limit,
                       bool read_only) {
  return fmt::format(
      "BEGIN ISOLATION LEVEL {}{}; SET LOCAL statement_timeout = {}; SET LOCAL lock_timeout = {}; "
      "SET LOCAL idle_in_transaction_session_timeout = {}",
      tx.isolation == Isolation::repeatable_read ? "REPEATABLE READ" : "READ COMMITTED", read_only ? " READ ONLY" : "",
      limit.count(), options.lock_timeout.count(), options.idle_in_transaction_timeout.count());
}

}  // namespace

Transaction::Transaction(Connection& connection, TxOptions const& options, bool read_only) : m_connection(connection) {
  auto& session = connection.session();
  if (session.tx != TxState::none)
    throw Error(Kind::internal, "a second transaction on a connection that has one open");
  auto const limit = options.statement_timeout.value_or(session.options.statement_timeout);
  auto const text = begin_text(session.options, options, limit, read_only);
  session.limit = limit;
  session.exec({"begin", text}, {}, limit);
  session.tx = read_only ? TxState::read_only : TxState::read_write;
  m_open = true;
}

Transaction::~Transaction() {
  auto& session = m_connection.session();
  if (!m_open) return;
  session.tx = TxState::none;
  if (session.raw == nullptr || PQstatus(session.raw) != CONNECTION_OK) return;
  try {
    session.exec(k_rollback, {}, session.limit);
  } catch (std::exception const&) {
    // The server rolls back by itself when the connection goes; nothing may follow on it.
    session.close();
  }
}

Rows Transaction::exec(Statement const& statement, Params const& params) {
  if (!m_open) throw Error(Kind::internal, fmt::format("statement {} after the transaction's end", statement.name));
  auto& session = m_connection.session();
  auto result = session.exec(statement, params, session.limit);
  return Rows(std::make_shared<Rows::Data const>(Rows::Data{std::move(result), std::string(statement.name)}));
}

ReadTx::ReadTx(Connection& connection, TxOptions const& options) : Transaction(connection, options, true) {}

WriteTx::WriteTx(Connection& connection, TxOptions const& options) : Transaction(connection, options, false) {}

void WriteTx::exec_script(Statement const& script) {
  exec(script);
  if (PQtransactionStatus(m_connection.session().raw) != PQTRANS_INTRANS)
    throw Error(Kind::internal, fmt::format("script {} ended its transaction", script.name));
}

void WriteTx::commit() {
  auto& session = m_connection.session();
  if (!m_open) throw Error(Kind::internal, "commit after the transaction's end");
  if (session.copying) throw Error(Kind::internal, "commit with an unfinished COPY");
  if (session.raw == nullptr || PQstatus(session.raw) != CONNECTION_OK)
    session.fail(k_commit, "", "before commit; nothing was stored", true);
  if (PQtransactionStatus(session.raw) != PQTRANS_INTRANS)
    throw Error(Kind::internal, "commit of a transaction in which a statement failed");
  m_open = false;
  session.tx = TxState::none;
  try {
    session.exec(k_commit, {}, session.limit);
  } catch (Error const& error) {
    // COMMIT answered with ROLLBACK, or not at all.
    if (session.raw != nullptr && PQstatus(session.raw) == CONNECTION_OK) throw;
    throw CommitInDoubt(fmt::format("the connection was lost during commit: {}", error.what()));
  }
}

}  // namespace jvmm::db
