#include "commands/doctor/checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "db/sql.hpp"
#include "store/embedding_columns.hpp"

namespace jvmm::commands {
namespace {

constexpr int k_oldest_server = 130000;         // FOR UPDATE SKIP LOCKED, generated columns and what our SQL uses
constexpr std::int64_t k_vector_bytes = 4 * 4;  // four vectors of float4, times the width
constexpr std::uintmax_t k_wanted_disk = 500u << 20;

Check ok(std::string name, std::string found) {
  return {std::move(name), Health::ok, std::move(found), {}};
}
Check warning(std::string name, std::string found, std::string next) {
  return {std::move(name), Health::warning, std::move(found), std::move(next)};
}
Check failed(std::string name, std::string found, std::string next) {
  return {std::move(name), Health::failed, std::move(found), std::move(next)};
}
Check failed(std::string name, Error const& error) {
  return failed(std::move(name), error.message(), error.hint());
}

Check reachability(Examined const& e) {
  if (!e.database) return failed("reachable", *e.unreachable);
  auto const version = fmt::format("PostgreSQL {}, database {}", e.database->version, e.database->database);
  if (e.database->version_number < k_oldest_server)
    return failed("reachable", version, "jvmm needs PostgreSQL 13 or newer");
  return ok("reachable", version);
}

Check encryption(Examined const& e) {
  if (e.database->encrypted) return ok("TLS", "the connection is encrypted");
  if (e.local) return ok("TLS", "not encrypted, but on this machine");
  return warning("TLS", "the connection is not encrypted", "add sslmode=require (better: verify-full) to the URL");
}

Check pooler(Examined const& e) {
  if (!e.database->pooler) return ok("pooler", "none in between");
  return ok("pooler", "a transaction pooler in between; jvmm keeps its rules. DIRECT_DATABASE_URL would be faster");
}

Check role(Examined const& e) {
  auto const& db = *e.database;
  if (auto const obstacle = store::write_obstacle(db)) return failed("role", *obstacle);
  if (db.superuser) return ok("role", fmt::format("{} (superuser)", db.role));
  auto const* profiles = db.table("profiles");
  if (profiles && !profiles->may_select)
    return failed("role", db.role + " may not read profiles", "GRANT SELECT ON profiles TO \"" + db.role + "\"");
  return ok("role", fmt::format("{} may read and update profiles", db.role));
}

Check row_security(Examined const& e) {
  auto const* profiles = e.database->table("profiles");
  if (!profiles || !profiles->rls_enabled) return ok("row-level security", "not used on profiles");
  if (!profiles->rls_applies) return ok("row-level security", "on, but this role sees all rows");
  return failed("row-level security", "hides rows of profiles from " + e.database->role,
                "use a role with BYPASSRLS, or the tables' owner");
}

Check extension(Examined const& e) {
  auto const& db = *e.database;
  if (db.vector_version) return ok("pgvector", fmt::format("{} in schema {}", *db.vector_version, db.vector_schema));
  if (db.vector_available) return failed("pgvector", "not installed in this database", "run 'CREATE EXTENSION vector'");
  return failed("pgvector", "the server does not have it", "install pgvector on the server");
}

Check migrations(Examined const& e) {
  auto const& db = *e.database;
  auto const known = db::sql::migrations().size();
  if (db.has_migrations && !db.may_read_migrations)
    return failed(
        "migrations", db.role + " may not read schema jvmm",
        fmt::format("GRANT USAGE ON SCHEMA jvmm TO \"{0}\"; GRANT ALL ON ALL TABLES IN SCHEMA jvmm TO \"{0}\"",
                    db.role));
  auto const applied = db.migrations.size();
  if (applied > known) return failed("migrations", "the database is newer than this jvmm", "use a newer jvmm");
  auto const found = fmt::format("{} of {} applied", applied, known);
  if (applied < known) return failed("migrations", found, "run 'jvmm migrate'");
  return ok("migrations", found);
}

Check columns(Examined const& e) {
  auto const* profiles = e.database->table("profiles");
  if (!profiles) return failed("columns", "there is no table profiles", "check database and search_path");
  if (!e.model) return {"columns", Health::not_checked, "no model to compare widths with", {}};
  if (auto const error = store::misfit(*e.database, e.model->dims, e.model->model)) return failed("columns", *error);
  return ok("columns", fmt::format("four vector({}) columns, as {} gives", e.model->dims, e.model->model));
}

Check unique_matches(Examined const& e) {
  auto const* matches = e.database->table("match_suggestions");
  if (!matches) return warning("unique index", "there is no table match_suggestions", "needed to score matches");
  if (matches->is_unique({"profile_id", "suggested_profile_id"}))
    return ok("unique index", "match_suggestions (profile_id, suggested_profile_id)");
  return warning("unique index", "match_suggestions may hold a pair twice",
                 "CREATE UNIQUE INDEX ON match_suggestions (profile_id, suggested_profile_id)");
}

Check statement_timeout(Examined const& e) {
  using std::chrono::seconds;
  auto const ours = seconds(e.context.settings.integer("statement_timeout"));
  auto const server = std::chrono::duration_cast<seconds>(e.database->statement_timeout);
  auto const found = fmt::format("role's default {}, jvmm sets {} s a transaction",
                                 server.count() == 0 ? "none" : fmt::format("{} s", server.count()), ours.count());
  return ok("statement timeout", found);
}

Check size(Examined const& e) {
  auto const* profiles = e.database->table("profiles");
  auto const rows = profiles ? std::max<std::int64_t>(profiles->estimated_rows, 0) : 0;
  auto const dims = e.model ? static_cast<std::int64_t>(e.model->dims) : 384;
  return ok("server's disk", fmt::format("four vectors for about {} profiles take up to {} MiB; jvmm cannot see how "
                                         "much is free there",
                                         rows, rows * k_vector_bytes * dims >> 20));
}

Check model(Examined const& e) {
  if (!e.model) return failed("model", e.no_model, "run scripts/setup, 'jvmm models pull' or choose --model");
  return ok("model", e.model->fingerprint());
}

Check local_disk(Examined const& e) {
  auto folder = e.context.models_dirs().front();
  while (!folder.empty() && folder != folder.root_path() && !std::filesystem::exists(folder))
    folder = folder.parent_path();
  std::error_code error;
  auto const space = std::filesystem::space(folder.empty() ? "." : folder, error);
  if (error) return {"disk", Health::not_checked, error.message(), {}};
  auto const found = fmt::format("{} MiB free at {}", space.available >> 20, folder.string());
  if (space.available < k_wanted_disk) return warning("disk", found, "models need up to 1.5 GiB");
  return ok("disk", found);
}

}  // namespace

std::string_view name(Health health) {
  switch (health) {
    case Health::ok:
      return "ok";
    case Health::warning:
      return "warning";
    case Health::failed:
      return "failed";
    case Health::not_checked:
      return "not checked";
  }
  return "unknown";
}

std::vector<Check> examine(Examined const& examined) {
  std::vector<Check> checks{reachability(examined)};
  if (examined.database)
    for (auto const check : {encryption, pooler, role, row_security, extension, migrations, columns, unique_matches,
                             statement_timeout, size})
      checks.push_back(check(examined));
  checks.push_back(model(examined));
  checks.push_back(local_disk(examined));
  return checks;
}

}  // namespace jvmm::commands
