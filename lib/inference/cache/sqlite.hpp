#pragma once

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/error.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace jvmm::inference::sqlite {

/// A parameter that is bytes, not text.
struct Blob {
  std::string_view bytes;
};

/// The rows of a running statement, which ends with it. Columns count from 0.
class Rows {
 public:
  Rows(sqlite3* db, sqlite3_stmt* statement, std::filesystem::path const& file);
  ~Rows();
  Rows(Rows const&) = delete;
  Rows& operator=(Rows const&) = delete;

  bool next();
  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  std::string_view bytes(int column) const;  ///< until the next call of `next`; NULL is empty
  std::string text(int column) const { return std::string(bytes(column)); }

 private:
  sqlite3* m_db;
  sqlite3_stmt* m_statement;
  std::filesystem::path const& m_file;
};

enum class Open { create, existing };

/// A connection to one SQLite file. Statements are prepared once. What SQLite reports comes out as Error: configuration
/// if the file is no database, else local_io.
/// **Threads**: one at a time.
class Connection {
 public:
  /// **Throws** local_io, configuration. Waits for other connections' locks up to a minute.
  Connection(std::filesystem::path file, Open mode);
  ~Connection();
  Connection(Connection const&) = delete;
  Connection& operator=(Connection const&) = delete;

  std::filesystem::path const& file() const { return m_file; }

  template <class... V>
  Rows query(std::string_view sql, V const&... values) {
    auto* const statement = prepared(sql);
    int index = 0;
    (bind(statement, ++index, values), ...);
    return Rows(m_db, statement, m_file);
  }

  template <class... V>
  void run(std::string_view sql, V const&... values) {
    auto rows = query(sql, values...);
    while (rows.next()) {
    }
  }

  /// First column of the first row; absent: no row, or NULL.
  template <class... V>
  std::optional<std::int64_t> integer(std::string_view sql, V const&... values) {
    auto rows = query(sql, values...);
    return rows.next() && !rows.is_null(0) ? std::optional(rows.integer(0)) : std::nullopt;
  }

  /// Several statements without parameters.
  void script(char const* sql);

  std::int64_t last_id() const;
  bool in_transaction() const;

  /// The failure `code` of an operation on this file.
  Error failure(int code) const;

 private:
  sqlite3_stmt* prepared(std::string_view sql);
  void bind(sqlite3_stmt* statement, int index, std::integral auto value) {
    bind_integer(statement, index, static_cast<std::int64_t>(value));
  }
  void bind(sqlite3_stmt* statement, int index, std::string_view text);
  void bind(sqlite3_stmt* statement, int index, Blob blob);
  void bind_integer(sqlite3_stmt* statement, int index, std::int64_t value);
  void check(int code) const;

  std::filesystem::path m_file;
  sqlite3* m_db = nullptr;
  std::unordered_map<std::string_view, sqlite3_stmt*> m_statements;  ///< by their SQL, which are literals
};

/// Takes the write lock at once, so that it cannot fail between reading and writing; rolled back unless committed.
class Transaction {
 public:
  explicit Transaction(Connection& db);
  ~Transaction();
  Transaction(Transaction const&) = delete;
  Transaction& operator=(Transaction const&) = delete;
  void commit();

 private:
  Connection& m_db;
};

/// A snapshot for several reads.
class ReadTransaction {
 public:
  explicit ReadTransaction(Connection& db);
  ~ReadTransaction();
  ReadTransaction(ReadTransaction const&) = delete;
  ReadTransaction& operator=(ReadTransaction const&) = delete;

 private:
  Connection& m_db;
};

}  // namespace jvmm::inference::sqlite
