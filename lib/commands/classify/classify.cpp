#include "commands/classify/classify.hpp"

#include <unistd.h>

#include <optional>

#include "base/error.hpp"
#include "commands/classify/open_cascade.hpp"
#include "commands/classify/plan.hpp"
#include "commands/classify/preview.hpp"
#include "commands/classify/report.hpp"
#include "commands/classify/stage.hpp"
#include "commands/services.hpp"
#include "stage/engine.hpp"
#include "store/classification_columns.hpp"
#include "store/migrations.hpp"

namespace jvmm::commands {
namespace {

store::ClassifySelection selection(RunContext const& context, ClassifyOptions const& options) {
  store::ClassifySelection out;
  if (options.batch.force) out.scope = store::EmbeddingScope::force;
  if (options.only_failed) out.scope = store::EmbeddingScope::failed;
  auto const now = context.clock.now();
  if (options.batch.stale_days)
    out.stale_before = now - std::chrono::hours(24) * static_cast<int>(*options.batch.stale_days);
  if (options.batch.since) out.updated_since = parse_since(*options.batch.since, now);
  return out;
}

std::optional<PageFolder> page_folder(RunContext const& context, classify::Task task) {
  auto const& folder = context.settings.text("pages");
  if (task != classify::Task::content_style || folder.empty()) return std::nullopt;
  return PageFolder(folder);
}

/// One classification, with what it needs.
class Job {
 public:
  Job(RunContext& context, ClassifyOptions const& options)
      : m_context(context),
        m_options(options),
        m_engine(engine_options(options.batch, context)),
        m_database(context.database("classify")),
        m_services(context, service_limits(options.batch, m_engine, context.clock)),
        m_pages(page_folder(context, options.task)) {
    {
      db::Connection connection(stage::with_purpose(m_database, "check"));
      check(connection);
      m_cascade = open_cascade(context, m_services, options.task, connection, options.batch.dry_run);
    }
    m_services.require_use_of_limits();
    if (m_cascade->waits_for_services()) wait_for_services(m_engine, context);
    m_stage.emplace(*m_cascade, selection(context, options),
                    *store::parse_write_niche(context.settings.text("write_niche")), m_pages ? &*m_pages : nullptr);
  }

  int run() {
    stage::EngineContext engine_context{
        .database = m_database,
        .log = m_context.log,
        .clock = m_context.clock,
        .stop = m_context.stop,
        .start = {std::string(m_options.command()), m_context.arguments_json, {}, {}, std::string(version())},
        .progress = m_context.progress()};
    if (m_options.batch.dry_run) return plan(engine_context);
    if (m_options.batch.preview) {
      m_context.print(preview_classification(*m_stage, *m_options.batch.preview, m_options.command(),
                                             m_context.format(), m_engine, engine_context));
      return 0;
    }
    return classify(engine_context);
  }

 private:
  void check(db::Connection& connection) {
    db::ReadTx tx(connection);
    store::require_migrated(tx);
    bool const writes = !m_options.batch.dry_run && !m_options.batch.preview;
    store::require_classification_columns(tx, writes ? store::Access::read_and_write : store::Access::read);
  }

  int plan(stage::EngineContext const& engine_context) {
    auto plan = plan_classification(*m_stage, m_engine, engine_context);
    auto const table = inference::open_price_table(m_context.settings.text("prices"));
    auto const asked = plan.profiles - plan.empty;  // what has no text is asked of nobody
    auto const mean = asked == 0 ? 0 : static_cast<double>(plan.text_bytes) / static_cast<double>(asked);
    db::Connection connection(stage::with_purpose(m_database, "plan"));
    db::ReadTx tx(connection);
    plan.services =
        service_stages(m_context.settings, m_options.task, asked, mean, table, last_shares(tx, m_options.task));
    m_context.print(m_context.format() == OutputFormat::json
                        ? classify_plan_json(m_options.command(), plan, *m_stage, *m_cascade)
                        : classify_plan_text(plan, *m_stage, *m_cascade));
    return 0;
  }

  int classify(stage::EngineContext& engine_context) {
    m_services.attach(engine_context);
    engine_context.on_begin = [this, bind = engine_context.on_begin](RunId run) {
      m_stage->set_run(run);
      if (bind) bind(run);
    };
    engine_context.more_json = [this] { return R"({"cascade":)" + stage_counts_json(m_cascade->counts()) + "}"; };
    // Counting costs a pass over the table: worth it for a person who waits, not for cron.
    if (m_context.progress() == log::ProgressMode::always || isatty(fileno(m_context.log.stream())) == 1)
      engine_context.total = plan_classification(*m_stage, m_engine, engine_context).profiles;
    auto const summary = stage::Engine<ClassifyStage>(*m_stage, m_engine, engine_context).run();
    m_services.finish();
    auto const usage = m_services.usage();
    if (m_context.format() == OutputFormat::json)
      m_context.print(classify_report_json(m_options.command(), summary, *m_stage, *m_cascade, usage));
    else if (!m_context.quiet)
      m_context.print(classify_report_text(summary, *m_stage, *m_cascade) + usage_text(usage));
    return summary.exit_code();
  }

  RunContext& m_context;
  ClassifyOptions const& m_options;
  stage::EngineOptions m_engine;
  db::ConnectionOptions m_database;
  Services m_services;
  std::optional<PageFolder> m_pages;
  std::unique_ptr<Cascade> m_cascade;
  std::optional<ClassifyStage> m_stage;
};

}  // namespace

int classify_profiles(RunContext& context, ClassifyOptions const& options) {
  options.validate();
  return Job(context, options).run();
}

}  // namespace jvmm::commands
