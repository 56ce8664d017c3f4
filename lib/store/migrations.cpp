#include "store/migrations.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "db/sql.hpp"
#include "text/digest.hpp"

namespace jvmm::store {
namespace {

constexpr std::string_view k_dims_variable = ":dims";

/// Replaces the variable as `psql -v dims=…` would. The files use it nowhere else.
std::string with_dims(std::string_view text, std::size_t dims) {
  std::string out(text);
  auto const value = std::to_string(dims);
  for (auto at = out.find(k_dims_variable); at != std::string::npos; at = out.find(k_dims_variable, at + value.size()))
    out.replace(at, k_dims_variable.size(), value);
  return out;
}

bool table_exists(db::Transaction& tx) {
  return tx.exec(db::sql::engine_migration_exists).one().get<bool>("there");
}

void check_known(int number, std::string_view name, std::string_view checksum) {
  auto const known = db::sql::migrations();
  auto const it = std::find_if(known.begin(), known.end(), [&](auto const& m) { return m.number == number; });
  if (it == known.end())
    throw Error(Kind::configuration,
                fmt::format("the database has migration {:04d}_{}, which this jvmm does not know", number, name))
        .hint("use the jvmm that migrated it, or a newer one");
  if (text::sha256_hex(it->text) != checksum)
    throw Error(Kind::configuration,
                fmt::format("migration {:04d}_{} was applied with another text than this jvmm's", number, name))
        .hint("use the jvmm that migrated it, or a newer one");
}

void apply(db::Connection& connection, db::Migration const& migration, std::size_t dims, std::vector<int>& applied) {
  db::WriteTx tx(connection);
  tx.exec(db::sql::engine_migration_lock);
  for (auto const& state : migration_states(tx))
    if (state.number == migration.number && state.applied) return;
  try {
    auto const script = with_dims(migration.text, dims);
    tx.exec_script({migration.name, script});
  } catch (Error& error) {
    error.context(fmt::format("in migration {:04d}_{}; nothing of it was applied", migration.number, migration.name));
    throw;
  }
  tx.exec(db::sql::engine_migration_record,
          db::Params().add(migration.number).add(migration.name).add(text::sha256_hex(migration.text)).add(dims));
  tx.commit();
  applied.push_back(migration.number);
}

}  // namespace

std::vector<MigrationState> migration_states(db::Transaction& tx) {
  std::vector<MigrationState> states;
  for (auto const& migration : db::sql::migrations())
    states.push_back({migration.number, std::string(migration.name)});
  if (!table_exists(tx)) return states;
  for (auto const row : tx.exec(db::sql::engine_migration_list)) {
    auto const number = row.get<int>("number");
    check_known(number, row.get<std::string_view>("name"), row.get<std::string_view>("checksum"));
    auto const it = std::find_if(states.begin(), states.end(), [&](auto const& s) { return s.number == number; });
    it->applied = true;
    it->dims = static_cast<std::size_t>(row.get<int>("dims"));
  }
  return states;
}

void require_server(db::Transaction& tx) {
  auto const rows = tx.exec(db::sql::engine_server);
  auto const row = rows.one();
  if (auto const encoding = row.get<std::string>("encoding"); encoding != "UTF8")
    throw Error(Kind::configuration, fmt::format("the database's encoding is {}, jvmm needs UTF8", encoding))
        .hint("dump it and restore it into a database made with ENCODING 'UTF8'");
  if (!row.get<bool>("has_pgvector"))
    throw Error(Kind::configuration, "the database has no pgvector")
        .hint("run 'CREATE EXTENSION vector' in it as its owner, then the same command again");
  if (!row.get<bool>("has_profiles"))
    throw Error(Kind::configuration, "the database has no table profiles on the role's search path")
        .hint("check the database's name in the URL and the role's search_path");
}

void require_migrated(db::Transaction& tx) {
  for (auto const& state : migration_states(tx))
    if (!state.applied)
      throw Error(Kind::configuration, fmt::format("the database lacks migration {:04d}_{}", state.number, state.name))
          .hint("run 'jvmm migrate' ('--dry-run' shows what it would do)");
}

std::vector<int> apply_migrations(db::Connection& connection, std::size_t dims) {
  std::vector<int> applied;
  for (auto const& migration : db::sql::migrations())
    apply(connection, migration, dims, applied);
  return applied;
}

}  // namespace jvmm::store
