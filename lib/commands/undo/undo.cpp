#include "commands/undo/undo.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/error.hpp"
#include "db/sql.hpp"
#include "json/writer.hpp"
#include "store/audience.hpp"
#include "store/checked_profiles.hpp"
#include "store/classifications.hpp"
#include "store/credentials.hpp"
#include "store/leases.hpp"
#include "store/migrations.hpp"
#include "store/persona_columns.hpp"
#include "store/profile_embeddings.hpp"
#include "store/runs.hpp"

namespace jvmm::commands {
namespace {

constexpr std::int64_t k_page_rows = 500;

/// Profiles looked at: restored, changed since, or never changed by the run.
struct Counts {
  std::int64_t looked_at = 0, restored = 0, untouched = 0;

  std::int64_t changed_since() const { return looked_at - restored - untouched; }
  void add(Counts const& other) {
    looked_at += other.looked_at;
    restored += other.restored;
    untouched += other.untouched;
  }
};

/// What a stage brings so that its runs can be taken back.
struct Undoable {
  std::string_view stage;
  Counts (*count)(db::Transaction& tx, RunId run);
  Counts (*undo_page)(db::WriteTx& tx, RunId run);
};

Counts counts_of(store::UndoCounts const& counts) {
  return {counts.looked_at, counts.restored, 0};
}
Counts counts_of(store::CheckUndoCounts const& checked) {
  return {checked.counts.looked_at, checked.counts.restored, checked.untouched};
}

template <store::ClassifyStageName const& Stage>
constexpr Undoable classification() {
  return {
      Stage.stage,
      [](db::Transaction& tx, RunId run) { return counts_of(store::count_undo_classifications(tx, Stage, run)); },
      [](db::WriteTx& tx, RunId run) { return counts_of(store::undo_classifications(tx, Stage, run, k_page_rows)); }};
}

constexpr Undoable k_undoable[] = {
    {store::k_embed_stage, [](db::Transaction& tx, RunId run) { return counts_of(store::count_undo(tx, run)); },
     [](db::WriteTx& tx, RunId run) { return counts_of(store::undo_embeddings(tx, run, k_page_rows)); }},
    {store::k_check_stage, [](db::Transaction& tx, RunId run) { return counts_of(store::count_undo_checks(tx, run)); },
     [](db::WriteTx& tx, RunId run) { return counts_of(store::undo_checks(tx, run, k_page_rows)); }},
    classification<store::k_classify_niche>(),
    classification<store::k_classify_offers>(),
    classification<store::k_classify_style>(),
    {store::k_credentials_stage,
     [](db::Transaction& tx, RunId run) { return counts_of(store::count_undo_credentials(tx, run)); },
     [](db::WriteTx& tx, RunId run) { return counts_of(store::undo_credentials(tx, run, k_page_rows)); }},
    {store::k_audience_stage,
     [](db::Transaction& tx, RunId run) { return counts_of(store::count_undo_audience(tx, run)); },
     [](db::WriteTx& tx, RunId run) { return counts_of(store::undo_audience(tx, run, k_page_rows)); }},
    {store::k_persona_stage,
     [](db::Transaction& tx, RunId run) { return counts_of(store::count_undo_personas(tx, run)); },
     [](db::WriteTx& tx, RunId run) { return counts_of(store::undo_personas(tx, run, k_page_rows)); }},
};

Undoable const* find_undoable(std::string_view stage) {
  auto const* found = std::ranges::find(k_undoable, stage, &Undoable::stage);
  return found == std::end(k_undoable) ? nullptr : found;
}

store::Run find_run(db::Connection& connection, RunId id) {
  db::ReadTx tx(connection);
  store::require_migrated(tx);
  auto runs = store::list_runs(tx, 1, id);
  if (runs.empty())
    throw Error(Kind::bad_input, fmt::format("there is no run {}", id.value)).hint("'jvmm runs' lists them");
  if (!find_undoable(runs.front().stage))
    throw Error(Kind::bad_input, fmt::format("run {} ({}) cannot be undone: only runs that enrich profiles can",
                                             id.value, runs.front().command))
        .hint("'jvmm runs' lists the runs with what they did");
  if (runs.front().state() == "running")
    throw Error(Kind::lease_held, fmt::format("run {} is still at work", id.value)).hint("stop it first");
  return std::move(runs.front());
}

store::Lease begin(db::Connection& connection, RunContext const& context, std::string_view stage, RunId& own_run) {
  db::WriteTx tx(connection);
  own_run = store::begin_run(tx, {"undo", context.arguments_json, {}, {}, std::string(version())});
  auto lease = store::take_lease(tx, std::string(stage), {}, own_run,
                                 std::chrono::seconds(context.settings.integer("lease_seconds")));
  tx.commit();
  return lease;
}

/// One transaction. Should its commit be in doubt, the command fails and may be run again: a page that was done is not
/// found any more.
Counts undo_page(db::Connection& connection, store::Lease const& lease, Undoable const& stage, RunId run) {
  db::WriteTx tx(connection);
  store::fence(tx, lease);
  auto const counts = stage.undo_page(tx, run);
  tx.commit();
  return counts;
}

void finish(db::Connection& connection, store::Lease const& lease, std::string_view stage, RunId undone, RunId own_run,
            bool stopped, std::string const& summary) {
  db::WriteTx tx(connection);
  if (!stopped) tx.exec(db::sql::engine_ledger_forget, db::Params().add(stage).add(undone.value));
  store::end_lease(tx, lease);
  store::finish_run(tx, own_run, stopped ? "stopped" : "done", stopped ? exit_code(Kind::stopped) : 0, summary);
  tx.commit();
}

std::string as_json(std::int64_t run, Counts const& counts, bool dry_run) {
  json::Writer out;
  out.begin_object().member("command", "undo").member("run", run).member("dry_run", dry_run);
  out.member("looked_at", counts.looked_at).member("restored", counts.restored);
  out.member("untouched", counts.untouched).member("changed_since", counts.changed_since()).end_object();
  return std::move(out).take();
}

std::string as_text(std::int64_t run, Counts const& counts, bool finished) {
  return fmt::format("run {}: {} profiles restored, {} changed since and left alone{}\n", run, counts.restored,
                     counts.changed_since(), finished ? "" : "; stopped early, the same command goes on");
}

int dry_run(RunContext& context, db::Connection& connection, Undoable const& stage, RunId run) {
  db::ReadTx tx(connection);
  auto const counts = stage.count(tx, run);
  if (context.format() == OutputFormat::json)
    context.print(as_json(run.value, counts, true) + "\n");
  else
    context.print(fmt::format("Would take back run {}: {} profiles; {} changed since would be left alone.\n", run.value,
                              counts.restored, counts.changed_since()));
  return 0;
}

/// Page by page until there is nothing left, or a stop is asked for. True if nothing is left.
bool undo_pages(RunContext const& context, db::Connection& connection, store::Lease const& lease, Undoable const& stage,
                RunId run, Counts& total) {
  while (!context.stop.requested()) {
    auto const page = undo_page(connection, lease, stage, run);
    if (page.looked_at == 0) return true;
    total.add(page);
  }
  return false;
}

}  // namespace

int undo(RunContext& context, UndoOptions const& options) {
  db::Connection connection(context.database("undo"));
  auto const run = find_run(connection, RunId{options.run});
  auto const& stage = *find_undoable(run.stage);
  if (options.dry_run) return dry_run(context, connection, stage, run.id);
  RunId own_run;
  auto const lease = begin(connection, context, stage.stage, own_run);
  context.log.set_run(own_run);
  Counts total;
  bool const finished = undo_pages(context, connection, lease, stage, run.id, total);
  auto const summary = as_json(run.id.value, total, false);
  finish(connection, lease, stage.stage, run.id, own_run, !finished, summary);
  if (context.format() == OutputFormat::json)
    context.print(summary + "\n");
  else if (!context.quiet)
    context.print(as_text(run.id.value, total, finished));
  return finished ? 0 : exit_code(Kind::stopped);
}

}  // namespace jvmm::commands
