#include "commands/migrate/migrate.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "commands/services.hpp"
#include "db/sql.hpp"
#include "json/writer.hpp"
#include "store/embedding_columns.hpp"
#include "store/migrations.hpp"

namespace jvmm::commands {
namespace {

constexpr std::size_t k_most_dims = 16000;  // pgvector's own limit

std::vector<store::MigrationState> read_states(db::Connection& connection) {
  db::ReadTx tx(connection);
  store::require_server(tx);
  return store::migration_states(tx);
}

std::string as_text(std::vector<store::MigrationState> const& before, std::size_t dims, bool dry_run) {
  std::string text;
  for (auto const& state : before)
    text += fmt::format("{:04d}_{}: {}\n", state.number, state.name,
                        state.applied ? "there already"
                        : dry_run     ? "would be applied"
                                      : "applied");
  return text + fmt::format("new vector columns {} {} dimensions\n", dry_run ? "would have" : "have", dims);
}

std::string as_json(std::vector<store::MigrationState> const& before, std::size_t dims, bool dry_run) {
  json::Writer out;
  out.begin_object().member("command", "migrate").member("dry_run", dry_run).member("dims", dims);
  out.key("migrations").begin_array();
  for (auto const& state : before)
    out.begin_object()
        .member("number", state.number)
        .member("name", state.name)
        .member("was_applied", state.applied)
        .end_object();
  out.end_array().end_object();
  return std::move(out).take() + "\n";
}

/// Columns that were there before may be of another width; they are left alone, but not silently.
void warn_of_misfit(RunContext& context, db::Connection& connection, std::size_t dims) {
  db::ReadTx tx(connection);
  if (auto const error = store::misfit(db::inspect(tx), dims, context.settings.text("model")))
    context.log.warn("{}", error->what());
}

}  // namespace

int migrate(RunContext& context, MigrateOptions const& options) {
  if (options.dims && (*options.dims < 1 || *options.dims > k_most_dims))
    throw Error(Kind::usage, fmt::format("--dims takes 1 to {}", k_most_dims));
  auto const database = context.database("migrate");
  auto const dims = options.dims ? *options.dims : Services(context).open_embedder()->info().dims;
  db::Connection connection(database);
  auto const before = read_states(connection);
  if (!options.dry_run) {
    store::apply_migrations(connection, dims);
    warn_of_misfit(context, connection, dims);
  }
  if (context.format() == OutputFormat::json)
    context.print(as_json(before, dims, options.dry_run));
  else if (!context.quiet)
    context.print(as_text(before, dims, options.dry_run));
  return 0;
}

}  // namespace jvmm::commands
