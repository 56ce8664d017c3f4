#include "db/capabilities.hpp"

#include <algorithm>
#include <array>

#include "db/session.hpp"
#include "db/sql.hpp"

namespace jvmm::db {
namespace {

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    auto const end = std::min(text.find(separator), text.size());
    parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

template <class Range>
auto find_named(Range& things, std::string_view name) -> decltype(&*things.begin()) {
  auto const at = std::find_if(things.begin(), things.end(), [&](auto const& thing) { return thing.name == name; });
  return at == things.end() ? nullptr : &*at;
}

void read_server(ReadTx& tx, Capabilities& out) {
  auto const rows = tx.exec(sql::db_server);
  auto const row = rows.one();
  out.version_number = row.get<int>("version_number");
  out.version = row.get<std::string>("version");
  out.encoding = row.get<std::string>("encoding");
  out.client_encoding = row.get<std::string>("client_encoding");
  out.database = row.get<std::string>("database");
  out.role = row.get<std::string>("role");
  out.superuser = row.get<bool>("superuser");
  out.bypasses_rls = row.get<bool>("bypasses_rls");
  out.in_recovery = row.get<bool>("in_recovery");
  out.read_only = row.get<bool>("read_only");
  out.may_create_schema = row.get<bool>("may_create_schema");
  out.statement_timeout = std::chrono::milliseconds(row.get<std::int64_t>("statement_timeout_ms"));
  out.vector_version = row.optional<std::string>("vector_version");
  out.vector_schema = row.optional<std::string>("vector_schema").value_or("");
  out.vector_available = row.get<bool>("vector_available");
  out.has_migrations = row.get<bool>("has_migrations");
  out.may_read_migrations = row.get<bool>("may_read_migrations");
  auto* const raw = tx.connection().session().raw;
  out.encrypted = PQsslInUse(raw) == 1;
  // A pooler greets with a process id of its own making.
  out.pooler = PQbackendPID(raw) != row.get<int>("backend_pid");
}

void read_tables(ReadTx& tx, Params const& names, Capabilities& out) {
  for (auto const row : tx.exec(sql::db_tables, names)) {
    TableInfo table;
    table.name = row.get<std::string>("name");
    table.qualified = row.get<std::string>("qualified");
    table.estimated_rows = row.get<std::int64_t>("estimated_rows");
    table.rls_enabled = row.get<bool>("rls_enabled");
    table.rls_applies = row.get<bool>("rls_applies");
    table.may_select = row.get<bool>("may_select");
    table.may_insert = row.get<bool>("may_insert");
    table.may_update = row.get<bool>("may_update");
    for (auto const& columns : split(row.optional<std::string>("unique_columns").value_or(""), ';'))
      table.unique.push_back(split(columns, ','));
    out.tables.push_back(std::move(table));
  }
}

void read_columns(ReadTx& tx, Params const& names, Capabilities& out) {
  for (auto const row : tx.exec(sql::db_columns, names)) {
    ColumnInfo column;
    column.name = row.get<std::string>("name");
    column.type = row.get<std::string>("type");
    column.dims = row.optional<int>("dims");
    column.nullable = row.get<bool>("nullable");
    column.generated = row.get<bool>("generated");
    column.may_select = row.get<bool>("may_select");
    column.may_update = row.get<bool>("may_update");
    if (auto* const table = find_named(out.tables, row.get<std::string_view>("table_name")))
      table->columns.push_back(std::move(column));
  }
}

}  // namespace

ColumnInfo const* TableInfo::column(std::string_view column_name) const {
  return find_named(columns, column_name);
}

bool TableInfo::is_unique(std::vector<std::string> column_names) const {
  std::sort(column_names.begin(), column_names.end());
  return std::find(unique.begin(), unique.end(), column_names) != unique.end();
}

TableInfo const* Capabilities::table(std::string_view name) const {
  return find_named(tables, name);
}

Capabilities inspect(ReadTx& tx, std::span<std::string_view const> tables) {
  Capabilities out;
  auto const names = Params().add_array(tables);
  read_server(tx, out);
  read_tables(tx, names, out);
  read_columns(tx, names, out);
  if (out.may_read_migrations) {
    for (auto const row : tx.exec(sql::db_migrations))
      out.migrations.push_back(row.get<int>("number"));
  }
  return out;
}

Capabilities inspect(ReadTx& tx) {
  static constexpr std::array<std::string_view, 2> k_tables{"profiles", "match_suggestions"};
  return inspect(tx, k_tables);
}

}  // namespace jvmm::db
