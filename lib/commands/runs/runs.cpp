#include "commands/runs/runs.hpp"

#include <fmt/format.h>

#include "db/transaction.hpp"
#include "json/writer.hpp"
#include "log/progress.hpp"
#include "log/text_table.hpp"
#include "store/migrations.hpp"
#include "store/runs.hpp"

namespace jvmm::commands {
namespace {

std::string as_text(std::vector<store::Run> const& runs) {
  log::TextTable table({{"run", log::Align::right},
                        {"command"},
                        {"state"},
                        {"exit", log::Align::right},
                        {"started"},
                        {"took", log::Align::right},
                        {"done", log::Align::right},
                        {"failed", log::Align::right},
                        {"by"}});
  for (auto const& run : runs)
    table.add({std::to_string(run.id.value), run.command, run.state(),
               run.exit_code ? std::to_string(*run.exit_code) : "", run.started_at, log::short_duration(run.seconds),
               std::to_string(run.done), std::to_string(run.failed), run.holder.text()});
  auto text = table.text();
  for (auto const& run : runs)
    if (run.held_up) text += fmt::format("run {} left rows for the next: {}\n", run.id.value, *run.held_up);
  return text + "done and failed count the profiles whose last outcome is of that run\n";
}

void write_run(json::Writer& out, store::Run const& run) {
  out.begin_object().member("run", run.id.value).member("command", run.command).member("stage", run.stage);
  out.member("fingerprint", run.fingerprint).member("version", run.version).member("state", run.state());
  out.member("started_at", run.started_at).member("seconds", run.seconds).member("done", run.done);
  out.member("failed", run.failed).key("exit_code");
  run.exit_code ? out.value(*run.exit_code) : out.null();
  out.key("arguments").raw(run.arguments_json).key("summary");
  run.summary_json ? out.raw(*run.summary_json) : out.null();
  out.end_object();
}

std::string as_json(std::vector<store::Run> const& runs) {
  json::Writer out;
  out.begin_object().member("command", "runs").key("runs").begin_array();
  for (auto const& run : runs)
    write_run(out, run);
  out.end_array().end_object();
  return std::move(out).take() + "\n";
}

}  // namespace

int runs(RunContext& context, RunsOptions const& options) {
  db::Connection connection(context.database("runs"));
  db::ReadTx tx(connection);
  store::require_migrated(tx);
  auto const found = store::list_runs(tx, options.top);
  context.print(context.format() == OutputFormat::json ? as_json(found) : as_text(found));
  return 0;
}

}  // namespace jvmm::commands
