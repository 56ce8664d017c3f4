#include "commands/backfill_embeddings/backfill_embeddings.hpp"

#include <unistd.h>

#include <fmt/format.h>

#include "commands/backfill_embeddings/plan.hpp"
#include "commands/backfill_embeddings/preview.hpp"
#include "commands/backfill_embeddings/report.hpp"
#include "commands/backfill_embeddings/stage.hpp"
#include "commands/services.hpp"
#include "stage/engine.hpp"
#include "store/embedding_columns.hpp"
#include "store/migrations.hpp"

namespace jvmm::commands {
namespace {

store::EmbeddingSelection selection(RunContext const& context, EmbedOptions const& options) {
  store::EmbeddingSelection selection;
  if (options.batch.force) selection.scope = store::EmbeddingScope::force;
  if (options.only_failed) selection.scope = store::EmbeddingScope::failed;
  auto const now = context.clock.now();
  if (options.batch.stale_days)
    selection.stale_before = now - std::chrono::hours(24) * static_cast<int>(*options.batch.stale_days);
  if (options.batch.since) selection.updated_since = parse_since(*options.batch.since, now);
  return selection;
}

void check_database(db::ConnectionOptions const& options, inference::EmbedderInfo const& model, bool writes) {
  db::Connection connection(stage::with_purpose(options, "check"));
  db::ReadTx tx(connection);
  store::require_migrated(tx);
  if (model.dims == 0) return;  // a plan, of a model that only its service knows
  if (writes)
    store::require_writable_embeddings(tx, model.dims, model.model);
  else
    store::require_embedding_columns(tx, model.dims, model.model);
}

std::string plan_report(EmbedPlan const& plan, std::string_view command, OutputFormat format,
                        inference::EmbedderInfo const& model) {
  if (format == OutputFormat::json)
    return fmt::format(R"({{"command":"{}","dry_run":true,"plan":{}}})", command, plan.json()) + "\n";
  return plan.text(model.model);
}

int run(RunContext& context, EmbedStage& stage, inference::EmbedderInfo const& model, Services& services,
        stage::EngineOptions const& options, stage::EngineContext& engine_context) {
  services.attach(engine_context);
  // Counting costs a pass over the table: worth it for a person who waits, not for cron.
  if (context.progress() == log::ProgressMode::always || isatty(fileno(context.log.stream())) == 1)
    engine_context.total = plan_embeddings(stage, options, engine_context).profiles;
  auto const summary = stage::Engine<EmbedStage>(stage, options, engine_context).run();
  services.finish();
  auto const usage = services.usage();
  if (context.format() == OutputFormat::json)
    context.print(embed_report_json(engine_context.start.command, summary, stage.counts(), model, usage));
  else if (!context.quiet)
    context.print(embed_report_text(summary, stage.counts()) + usage_text(usage));
  return summary.exit_code();
}

}  // namespace

int backfill_embeddings(RunContext& context, EmbedOptions const& options) {
  auto engine = engine_options(options.batch, context);
  auto const selected = selection(context, options);
  auto const database = context.database("embed");
  Services services(context, service_limits(options.batch, engine, context.clock));
  auto const embedder = services.open_embedder(options.batch.dry_run);
  if (embedder->waits_for_services()) wait_for_services(engine, context);
  check_database(database, embedder->info(), !options.batch.dry_run && !options.batch.preview);
  EmbedStage stage(*embedder, selected);
  stage::EngineContext engine_context{
      .database = database,
      .log = context.log,
      .clock = context.clock,
      .stop = context.stop,
      .start = {std::string(options.command()), context.arguments_json, {}, {}, std::string(version())},
      .progress = context.progress()};
  if (options.batch.dry_run) {
    context.print(plan_report(plan_embeddings(stage, engine, engine_context), options.command(), context.format(),
                              embedder->info()));
    return 0;
  }
  if (options.batch.preview) {
    context.print(preview_embeddings(stage, *options.batch.preview, context.format(), engine, engine_context));
    return 0;
  }
  return run(context, stage, embedder->info(), services, engine, engine_context);
}

}  // namespace jvmm::commands
