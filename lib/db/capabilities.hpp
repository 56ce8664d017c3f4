#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "db/transaction.hpp"

namespace jvmm::db {

struct ColumnInfo {
  std::string name;
  std::string type;         ///< as PostgreSQL spells it: "text", "character varying(100)", "vector(384)"
  std::optional<int> dims;  ///< of a vector column with a declared width
  bool nullable = true;
  bool generated = false;  ///< computed by the server, so it cannot be written
  bool may_select = false;
  bool may_update = false;

  bool is_vector() const { return type.find("vector") != std::string::npos; }
};

struct TableInfo {
  std::string name;       ///< as it was asked for
  std::string qualified;  ///< with its schema where the search path does not lead there
  std::int64_t estimated_rows = 0;
  bool rls_enabled = false;
  bool rls_applies = false;  ///< to this role, so that rows may be invisible to it
  bool may_select = false;   ///< the whole table; single columns may still be allowed
  bool may_insert = false;
  bool may_update = false;
  std::vector<ColumnInfo> columns;
  std::vector<std::vector<std::string>> unique;  ///< columns of each whole unique index, sorted by name

  ColumnInfo const* column(std::string_view column_name) const;  ///< null when there is none
  bool is_unique(std::vector<std::string> column_names) const;   ///< in any order
};

/// What the database at the other end is and allows: found out once at the start of every command, because the tables
/// belong to somebody else, and shown by `jvmm doctor`.
struct Capabilities {
  int version_number = 0;  ///< 150004 is 15.4
  std::string version;
  std::string encoding;
  std::string client_encoding;
  std::string database;
  std::string role;
  bool superuser = false;
  bool bypasses_rls = false;
  bool in_recovery = false;  ///< a replica
  bool read_only = false;    ///< role or database defaults to read-only transactions
  bool may_create_schema = false;
  bool encrypted = false;  ///< TLS on the client's side of the connection
  bool pooler = false;     ///< best effort: the backend is not the one the connection was greeted by
  std::chrono::milliseconds statement_timeout{0};  ///< of role and database; 0 is none

  std::optional<std::string> vector_version;  ///< absent: the extension is not installed in this database
  std::string vector_schema;
  bool vector_available = false;  ///< the server has its files

  bool has_migrations = false;       ///< jvmm.migration exists
  bool may_read_migrations = false;  ///< and this role may read it
  std::vector<int> migrations;       ///< numbers applied

  std::vector<TableInfo> tables;  ///< those that exist

  TableInfo const* table(std::string_view name) const;  ///< null when there is none
};

/// Looks, in three or four round trips, at what any role may see. Names are found by the role's search path.
Capabilities inspect(ReadTx& tx, std::span<std::string_view const> tables);

/// The same for `profiles` and `match_suggestions`.
Capabilities inspect(ReadTx& tx);

}  // namespace jvmm::db
