#include "inference/cache/sqlite.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cerrno>
#include <chrono>
#include <system_error>
#include <thread>

namespace jvmm::inference::sqlite {
namespace {

using namespace std::chrono_literals;

/// SQLite's own waiting backs off to 100 ms, which starves one of two busy writers.
int wait_for_lock(void*, int attempt) {
  constexpr auto k_step = 1ms;
  constexpr auto k_longest = 60s;
  if (attempt * k_step > k_longest) return 0;
  std::this_thread::sleep_for(k_step);
  return 1;
}

bool is_out_of_space(int error) {
  return error == ENOSPC || error == EFBIG || error == EDQUOT;
}

std::string_view next_step(int primary, int system_error) {
  if (primary == SQLITE_FULL || is_out_of_space(system_error))
    return "make room on its disk, or set cache_file to a file on another";
  if (primary == SQLITE_CORRUPT) return "it is damaged: move it away, and what was in it is asked again";
  if (primary == SQLITE_BUSY || primary == SQLITE_LOCKED)
    return "another process holds it: end that one, or set cache_file to another file";
  if (primary == SQLITE_NOTADB) return "set cache_file to another file";
  return "check its folder, its permissions and its disk, or set cache_file to another file";
}

Error failure_of(std::filesystem::path const& file, int code, std::string_view message, int system_error) {
  auto const primary = code & 0xff;
  auto const kind = primary == SQLITE_NOTADB ? Kind::configuration : Kind::local_io;
  auto text = fmt::format("cache file {}: {}", file.string(), primary == SQLITE_NOTADB ? "is no SQLite file" : message);
  bool const is_io = primary == SQLITE_IOERR || primary == SQLITE_FULL || primary == SQLITE_CANTOPEN;
  if (is_io && system_error != 0) text += fmt::format(" ({})", std::generic_category().message(system_error));
  return Error(kind, std::move(text)).hint(std::string(next_step(primary, system_error)));
}

}  // namespace

// --- Rows -----------------------------------------------------------------------------------------------------------

Rows::Rows(sqlite3* db, sqlite3_stmt* statement, std::filesystem::path const& file)
    : m_db(db), m_statement(statement), m_file(file) {}

Rows::~Rows() {
  sqlite3_reset(m_statement);
  sqlite3_clear_bindings(m_statement);
}

bool Rows::next() {
  errno = 0;
  int const code = sqlite3_step(m_statement);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  // Where a commit fails, SQLite forgets to keep the system's error.
  int const system_error = is_out_of_space(errno) ? errno : sqlite3_system_errno(m_db);
  throw failure_of(m_file, code, sqlite3_errmsg(m_db), system_error);
}

bool Rows::is_null(int column) const {
  return sqlite3_column_type(m_statement, column) == SQLITE_NULL;
}

std::int64_t Rows::integer(int column) const {
  return sqlite3_column_int64(m_statement, column);
}

std::string_view Rows::bytes(int column) const {
  auto const* const data = static_cast<char const*>(sqlite3_column_blob(m_statement, column));
  auto const size = static_cast<std::size_t>(sqlite3_column_bytes(m_statement, column));
  return data ? std::string_view(data, size) : std::string_view();
}

// --- Connection -----------------------------------------------------------------------------------------------------

Connection::Connection(std::filesystem::path file, Open mode) : m_file(std::filesystem::absolute(file)) {
  // Absolute, as a name that begins with "file:" would be taken for a URI.
  int const flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (mode == Open::create ? SQLITE_OPEN_CREATE : 0) |
                    SQLITE_OPEN_EXRESCODE;
  int const code = sqlite3_open_v2(m_file.c_str(), &m_db, flags, nullptr);
  if (code != SQLITE_OK) {
    auto error = failure(code);
    sqlite3_close(m_db);
    throw error;
  }
  sqlite3_busy_handler(m_db, wait_for_lock, nullptr);
}

Connection::~Connection() {
  for (auto const& [sql, statement] : m_statements)
    sqlite3_finalize(statement);
  sqlite3_close(m_db);
}

void Connection::script(char const* sql) {
  check(sqlite3_exec(m_db, sql, nullptr, nullptr, nullptr));
}

std::int64_t Connection::last_id() const {
  return sqlite3_last_insert_rowid(m_db);
}

bool Connection::in_transaction() const {
  return sqlite3_get_autocommit(m_db) == 0;
}

Error Connection::failure(int code) const {
  if (!m_db) return failure_of(m_file, code, sqlite3_errstr(code), 0);
  return failure_of(m_file, code, sqlite3_errmsg(m_db), sqlite3_system_errno(m_db));
}

sqlite3_stmt* Connection::prepared(std::string_view sql) {
  auto& statement = m_statements[sql];
  if (!statement)
    check(sqlite3_prepare_v3(m_db, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &statement,
                             nullptr));
  return statement;
}

void Connection::bind(sqlite3_stmt* statement, int index, std::string_view text) {
  // Null data would bind NULL.
  check(sqlite3_bind_text64(statement, index, text.data() ? text.data() : "", text.size(), SQLITE_TRANSIENT,
                            SQLITE_UTF8));
}

void Connection::bind(sqlite3_stmt* statement, int index, Blob blob) {
  check(sqlite3_bind_blob64(statement, index, blob.bytes.data() ? blob.bytes.data() : "", blob.bytes.size(),
                            SQLITE_STATIC));
}

void Connection::bind_integer(sqlite3_stmt* statement, int index, std::int64_t value) {
  check(sqlite3_bind_int64(statement, index, value));
}

void Connection::check(int code) const {
  if (code != SQLITE_OK) throw failure(code);
}

// --- transactions ---------------------------------------------------------------------------------------------------

Transaction::Transaction(Connection& db) : m_db(db) {
  m_db.run("begin immediate");
}

Transaction::~Transaction() {
  if (!m_db.in_transaction()) return;
  try {
    m_db.run("rollback");
  } catch (Error const&) {
    // SQLite has rolled back already.
  }
}

void Transaction::commit() {
  m_db.run("commit");
}

ReadTransaction::ReadTransaction(Connection& db) : m_db(db) {
  m_db.run("begin");
}

ReadTransaction::~ReadTransaction() {
  try {
    m_db.run("commit");
  } catch (Error const&) {
    // Nothing was written.
  }
}

}  // namespace jvmm::inference::sqlite
