#include "commands/extract_credentials/extract_credentials.hpp"

#include <unistd.h>

#include <optional>

#include "base/error.hpp"
#include "commands/extract_credentials/open_extractor.hpp"
#include "commands/extract_credentials/plan.hpp"
#include "commands/extract_credentials/preview.hpp"
#include "commands/extract_credentials/report.hpp"
#include "commands/extract_credentials/stage.hpp"
#include "commands/services.hpp"
#include "stage/engine.hpp"
#include "store/classification_columns.hpp"
#include "store/migrations.hpp"

namespace jvmm::commands {
namespace {

store::CredentialSelection selection(RunContext const& context, ExtractOptions const& options) {
  store::CredentialSelection out;
  if (options.batch.force) out.scope = store::EmbeddingScope::force;
  if (options.only_failed) out.scope = store::EmbeddingScope::failed;
  auto const now = context.clock.now();
  if (options.batch.stale_days)
    out.stale_before = now - std::chrono::hours(24) * static_cast<int>(*options.batch.stale_days);
  if (options.batch.since) out.updated_since = parse_since(*options.batch.since, now);
  return out;
}

/// One extraction, with what it needs.
class Job {
 public:
  Job(RunContext& context, ExtractOptions const& options)
      : m_context(context),
        m_options(options),
        m_engine(engine_options(options.batch, context)),
        m_database(context.database("extract")),
        m_services(context, service_limits(options.batch, m_engine, context.clock)) {
    m_extractor = open_extractor(context, m_services, options.batch.dry_run);
    if (options.summarise) open_summarizer();
    m_services.require_use_of_limits();
    check();
    if (m_extractor->waits_for_services()) wait_for_services(m_engine, context);
    m_stage.emplace(*m_extractor, selection(context, options));
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
      m_context.print(preview_extraction(*m_stage, *m_options.batch.preview, m_context.format(), m_summarizer.get(),
                                         m_engine, engine_context));
      return 0;
    }
    return extract(engine_context);
  }

 private:
  void open_summarizer() {
    auto const route = configured_route(m_context.settings, "summarise");
    m_summarizer = inference::open_summarizer(route, {}, m_services.route_context(route));
  }

  void check() {
    db::Connection connection(stage::with_purpose(m_database, "check"));
    db::ReadTx tx(connection);
    store::require_migrated(tx);
    bool const writes = !m_options.batch.dry_run && !m_options.batch.preview;
    store::require_credential_columns(tx, writes ? store::Access::read_and_write : store::Access::read);
  }

  int plan(stage::EngineContext const& engine_context) {
    auto plan = plan_extraction(*m_stage, m_engine, engine_context);
    auto const table = inference::open_price_table(m_context.settings.text("prices"));
    auto const readable = plan.with_text();
    auto const mean = readable == 0 ? 0 : static_cast<double>(plan.text_bytes) / static_cast<double>(readable);
    db::Connection connection(stage::with_purpose(m_database, "plan"));
    db::ReadTx tx(connection);
    plan.services = credential_service_stages(m_context.settings, readable, mean, table, last_credential_shares(tx));
    m_context.print(m_context.format() == OutputFormat::json
                        ? extract_plan_json(m_options.command(), plan, *m_stage, *m_extractor)
                        : extract_plan_text(plan, *m_extractor));
    return 0;
  }

  int extract(stage::EngineContext& engine_context) {
    m_services.attach(engine_context);
    engine_context.more_json = [this] { return R"({"cascade":)" + stage_counts_json(m_extractor->counts()) + "}"; };
    // Counting costs a pass over the table: worth it for a person who waits, not for cron.
    if (m_context.progress() == log::ProgressMode::always || isatty(fileno(m_context.log.stream())) == 1)
      engine_context.total = plan_extraction(*m_stage, m_engine, engine_context).profiles;
    auto const summary = stage::Engine<ExtractStage>(*m_stage, m_engine, engine_context).run();
    m_services.finish();
    auto const usage = m_services.usage();
    if (m_context.format() == OutputFormat::json)
      m_context.print(extract_report_json(m_options.command(), summary, *m_stage, *m_extractor, usage));
    else if (!m_context.quiet)
      m_context.print(extract_report_text(summary, *m_stage, *m_extractor) + usage_text(usage));
    return summary.exit_code();
  }

  RunContext& m_context;
  ExtractOptions const& m_options;
  stage::EngineOptions m_engine;
  db::ConnectionOptions m_database;
  Services m_services;
  std::unique_ptr<Extractor> m_extractor;
  std::unique_ptr<inference::Summarizer> m_summarizer;
  std::optional<ExtractStage> m_stage;
};

}  // namespace

int extract_credentials(RunContext& context, ExtractOptions const& options) {
  options.validate();
  return Job(context, options).run();
}

}  // namespace jvmm::commands
