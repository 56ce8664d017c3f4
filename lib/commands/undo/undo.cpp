#include "commands/undo/undo.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "db/sql.hpp"
#include "json/writer.hpp"
#include "store/leases.hpp"
#include "store/migrations.hpp"
#include "store/runs.hpp"
#include "store/undo.hpp"

namespace jvmm::commands {
namespace {

constexpr std::int64_t k_page_rows = 500;

store::Run find_run(db::Connection& connection, RunId id) {
  db::ReadTx tx(connection);
  store::require_migrated(tx);
  auto runs = store::list_runs(tx, 1, id);
  if (runs.empty())
    throw Error(Kind::bad_input, fmt::format("there is no run {}", id.value)).hint("'jvmm runs' lists them");
  if (!store::find_undoable(runs.front().stage))
    throw Error(Kind::bad_input,
                fmt::format("run {} ({}) cannot be undone: only runs that made embeddings or classifications can",
                            id.value, runs.front().command))
        .hint("'jvmm runs' lists the runs with what they did");
  if (runs.front().state() == "running")
    throw Error(Kind::lease_held, fmt::format("run {} is still at work", id.value)).hint("stop it first");
  return std::move(runs.front());
}

store::Lease begin(db::Connection& connection, RunContext const& context, std::string const& stage, RunId& own_run) {
  db::WriteTx tx(connection);
  own_run = store::begin_run(tx, {"undo", context.arguments_json, {}, {}, std::string(version())});
  auto lease =
      store::take_lease(tx, stage, {}, own_run, std::chrono::seconds(context.settings.integer("lease_seconds")));
  tx.commit();
  return lease;
}

/// One transaction. Should its commit be in doubt, the command fails and may be run again: a page that was done is not
/// found any more.
store::UndoCounts undo_page(db::Connection& connection, store::Lease const& lease, store::Run const& run) {
  db::WriteTx tx(connection);
  store::fence(tx, lease);
  auto const counts = store::find_undoable(run.stage)->undo(tx, run.id, k_page_rows);
  tx.commit();
  return counts;
}

void finish(db::Connection& connection, store::Lease const& lease, store::Run const& undone, RunId own_run,
            bool stopped, std::string const& summary) {
  db::WriteTx tx(connection);
  if (!stopped) tx.exec(db::sql::engine_ledger_forget, db::Params().add(undone.stage).add(undone.id.value));
  store::end_lease(tx, lease);
  store::finish_run(tx, own_run, stopped ? "stopped" : "done", stopped ? exit_code(Kind::stopped) : 0, summary);
  tx.commit();
}

std::string as_json(std::int64_t run, store::UndoCounts const& counts, bool dry_run) {
  json::Writer out;
  out.begin_object().member("command", "undo").member("run", run).member("dry_run", dry_run);
  out.member("looked_at", counts.looked_at).member("restored", counts.restored);
  out.member("changed_since", counts.looked_at - counts.restored).end_object();
  return std::move(out).take();
}

std::string as_text(std::int64_t run, store::UndoCounts const& counts, bool finished) {
  return fmt::format("run {}: {} profiles restored, {} changed since and left alone{}\n", run, counts.restored,
                     counts.looked_at - counts.restored, finished ? "" : "; stopped early, the same command goes on");
}

int dry_run(RunContext& context, db::Connection& connection, store::Run const& run) {
  db::ReadTx tx(connection);
  auto const counts = store::find_undoable(run.stage)->count(tx, run.id);
  if (context.format() == OutputFormat::json)
    context.print(as_json(run.id.value, counts, true) + "\n");
  else
    context.print(fmt::format("Would take back run {}: {} profiles; {} changed since would be left alone.\n",
                              run.id.value, counts.restored, counts.looked_at - counts.restored));
  return 0;
}

/// Page by page until there is nothing left, or a stop is asked for. True if nothing is left.
bool undo_pages(RunContext const& context, db::Connection& connection, store::Lease const& lease, store::Run const& run,
                store::UndoCounts& total) {
  while (!context.stop.requested()) {
    auto const page = undo_page(connection, lease, run);
    if (page.looked_at == 0) return true;
    total.looked_at += page.looked_at;
    total.restored += page.restored;
  }
  return false;
}

}  // namespace

int undo(RunContext& context, UndoOptions const& options) {
  db::Connection connection(context.database("undo"));
  auto const run = find_run(connection, RunId{options.run});
  if (options.dry_run) return dry_run(context, connection, run);
  RunId own_run;
  auto const lease = begin(connection, context, run.stage, own_run);
  context.log.set_run(own_run);
  store::UndoCounts total;
  bool const finished = undo_pages(context, connection, lease, run, total);
  auto const summary = as_json(run.id.value, total, false);
  finish(connection, lease, run, own_run, !finished, summary);
  if (context.format() == OutputFormat::json)
    context.print(summary + "\n");
  else if (!context.quiet)
    context.print(as_text(run.id.value, total, finished));
  return finished ? 0 : exit_code(Kind::stopped);
}

}  // namespace jvmm::commands
