#include "store/runs.hpp"

#include "db/sql.hpp"

namespace jvmm::store {
namespace {

std::optional<std::string_view> if_any(std::string const& text) {
  return text.empty() ? std::nullopt : std::optional<std::string_view>(text);
}

Run read_run(db::Row const& row) {
  Run run;
  run.id = RunId{row.get<std::int64_t>("id")};
  run.command = row.get<std::string>("command");
  run.stage = row.optional<std::string>("stage").value_or("");
  run.fingerprint = row.optional<std::string>("fingerprint").value_or("");
  run.version = row.get<std::string>("version");
  run.arguments_json = row.get<std::string>("arguments");
  run.started_at = row.get<std::string>("started_at");
  run.holder = Holder::from_json(row.get<std::string_view>("holder"));
  run.outcome = row.optional<std::string>("outcome");
  run.exit_code = row.optional<std::int64_t>("exit_code");
  run.summary_json = row.optional<std::string>("summary");
  run.held_up = row.optional<std::string>("held_up");
  run.seconds = row.get<double>("seconds");
  run.done = row.get<std::int64_t>("done");
  run.failed = row.get<std::int64_t>("failed");
  return run;
}

}  // namespace

std::string Run::state() const {
  if (outcome) return *outcome;
  return holder.is_known_dead() ? "killed" : "running";
}

RunId begin_run(db::WriteTx& tx, RunStart const& start) {
  auto const rows = tx.exec(db::sql::engine_run_begin, db::Params()
                                                           .add(start.command)
                                                           .add(start.arguments_json)
                                                           .add(if_any(start.stage))
                                                           .add(if_any(start.fingerprint))
                                                           .add(start.version)
                                                           .add(Holder::self().json()));
  return RunId{rows.one().get<std::int64_t>("id")};
}

void finish_run(db::WriteTx& tx, RunId run, std::string_view outcome, int exit_code, std::string_view summary_json) {
  tx.exec(db::sql::engine_run_finish, db::Params().add(run.value).add(outcome).add(exit_code).add(summary_json));
}

std::vector<Run> list_runs(db::Transaction& tx, std::int64_t count, std::optional<RunId> only) {
  std::vector<Run> runs;
  auto const id = only ? std::optional(only->value) : std::nullopt;
  for (auto const row : tx.exec(db::sql::engine_run_list, db::Params().add(count).add(id)))
    runs.push_back(read_run(row));
  return runs;
}

std::optional<std::string> last_fingerprint(db::Transaction& tx, std::string_view stage) {
  auto const rows = tx.exec(db::sql::engine_run_last_fingerprint, db::Params().add(stage));
  if (rows.empty()) return std::nullopt;
  return rows[0].optional<std::string>("fingerprint");
}

}  // namespace jvmm::store
