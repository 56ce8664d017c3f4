#include "commands/check_profiles/check_profiles.hpp"

#include <unistd.h>

#include "commands/check_profiles/report.hpp"
#include "commands/check_profiles/stage.hpp"
#include "stage/engine.hpp"
#include "store/migrations.hpp"

namespace jvmm::commands {
namespace {

// Checking a profile takes microseconds: more rows a transaction than where a model is asked.
constexpr std::size_t k_batch = 500;

store::CheckSelection selection(CheckOptions const& options, SystemTime now) {
  store::CheckSelection selection;
  selection.force = options.batch.force;
  if (options.batch.stale_days)
    selection.stale_before = now - std::chrono::hours(24) * static_cast<int>(*options.batch.stale_days);
  if (options.batch.since) selection.updated_since = parse_since(*options.batch.since, now);
  return selection;
}

PageSource page_source(std::optional<std::string> const& pages) {
  if (!pages) return {};
  if (*pages == "table") return {true, nullptr};
  return {false, std::make_shared<EvidenceFolder const>(*pages)};
}

void require_migrated(db::ConnectionOptions const& options) {
  db::Connection connection(stage::with_purpose(options, "check"));
  db::ReadTx tx(connection);
  store::require_migrated(tx);
}

int dry_run(RunContext& context, CheckStage& stage, stage::EngineOptions const& options,
            stage::EngineContext const& engine_context) {
  std::uint64_t profiles = 0;
  stage::visit_candidates(stage, options, engine_context, [&](std::span<CheckStage::Row const> rows) {
    if (options.limit) rows = rows.first(std::min<std::size_t>(rows.size(), *options.limit - profiles));
    stage.compute(rows);
    profiles += rows.size();
    return !options.limit || profiles < *options.limit;
  });
  context.print(context.format() == OutputFormat::json ? check_plan_json(profiles, stage.counts())
                                                       : check_plan_text(profiles, stage.counts()));
  return 0;
}

int preview(RunContext& context, CheckStage& stage, std::uint64_t count, stage::EngineOptions const& options,
            stage::EngineContext const& engine_context) {
  std::vector<CheckedRow> checked;
  stage::visit_candidates(stage, options, engine_context, [&](std::span<CheckStage::Row const> rows) {
    rows = rows.first(std::min<std::size_t>(rows.size(), count - checked.size()));
    auto outcomes = stage.compute(rows);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      auto* value = std::get_if<CheckedProfile>(&outcomes[i]);
      checked.push_back({rows[i], value ? std::move(*value) : CheckedProfile{}});
    }
    return checked.size() < count;
  });
  context.print(context.format() == OutputFormat::json ? check_preview_json(checked) : check_preview_text(checked));
  return 0;
}

std::uint64_t count_candidates(CheckStage& stage, stage::EngineOptions const& options,
                               stage::EngineContext const& context) {
  std::uint64_t count = 0;
  stage::visit_candidates(stage, options, context, [&](std::span<CheckStage::Row const> rows) {
    count += rows.size();
    return true;
  });
  return count;
}

}  // namespace

int check_profiles(RunContext& context, CheckOptions const& options) {
  options.validate();
  auto engine = engine_options(options.batch, context);
  if (context.settings.value("batch_size").is_default) engine.batch_size = k_batch;
  auto const pages = page_source(options.pages);
  auto const database = context.database("check");
  require_migrated(database);
  CheckStage stage(selection(options, context.clock.now()), pages, options.fix ? Mend::yes : Mend::no);
  stage::EngineContext engine_context{
      .database = database,
      .log = context.log,
      .clock = context.clock,
      .stop = context.stop,
      .start = {"check-profiles", context.arguments_json, {}, {}, std::string(version())},
      .progress = context.progress(),
      .on_begin = [&stage](RunId run) { stage.set_run(run); }};
  if (options.batch.dry_run) return dry_run(context, stage, engine, engine_context);
  if (options.batch.preview) return preview(context, stage, *options.batch.preview, engine, engine_context);
  if (context.progress() == log::ProgressMode::always || isatty(fileno(context.log.stream())) == 1)
    engine_context.total = count_candidates(stage, engine, engine_context);
  auto const summary = stage::Engine<CheckStage>(stage, engine, engine_context).run();
  if (context.format() == OutputFormat::json)
    context.print(check_report_json(summary, stage.counts(), stage.fingerprint()));
  else if (!context.quiet)
    context.print(check_report_text(summary, stage.counts()));
  return summary.exit_code();
}

}  // namespace jvmm::commands
