#include "commands/cluster_personas/cluster_personas.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>

#include "base/error.hpp"
#include "commands/cluster_personas/parts.hpp"
#include "commands/cluster_personas/preview.hpp"
#include "commands/cluster_personas/report.hpp"
#include "inference/backend_spec.hpp"
#include "inference/open_route.hpp"
#include "store/leases.hpp"
#include "store/migrations.hpp"
#include "store/usage.hpp"

namespace jvmm::commands {
namespace {

constexpr std::chrono::seconds k_discovery_lease{3600};  ///< finding personas takes as long as it takes

/// What all parts of one call may use together.
RunContext shared_context(RunContext const& context, ClusterOptions const& options, Spending& spending) {
  RunContext out = context;
  auto const& batch = options.batch;
  bool const limited = batch.max_requests || batch.max_cost_usd;
  bool const asks = inference::is_remote(configured_route(context.settings, "embed")) || options.polish;
  if (limited && !asks && !context.spending)
    throw Error(Kind::usage, "--max-requests and --max-cost have no meaning with a model in this process");
  if (!out.spending) out.spending = &spending;
  if (batch.max_minutes) {
    auto const end = context.clock.steady_now() + std::chrono::minutes(*batch.max_minutes);
    out.deadline = out.deadline ? std::min(*out.deadline, end) : end;
  }
  return out;
}

/// The run of a discovery: its row in jvmm.run, and the lease of the stage that it will change.
class DiscoveryRun {
 public:
  DiscoveryRun(RunContext& context, db::Connection& connection) : m_connection(connection) {
    auto const time = std::max(k_discovery_lease, std::chrono::seconds(context.settings.integer("lease_seconds")));
    db::WriteTx tx(connection);
    m_run = store::begin_run(tx, {"cluster-personas", context.arguments_json, {}, {}, std::string(version())});
    m_lease = store::take_lease(tx, std::string(store::k_persona_stage), {}, m_run, time);
    tx.commit();
    context.log.set_run(m_run);
  }

  RunId id() const { return m_run; }
  void fence(db::WriteTx& tx) const { store::fence(tx, m_lease); }

  /// In the transaction of the end.
  void finish(db::WriteTx& tx, std::string_view outcome, int code, std::string_view summary_json) {
    store::end_lease(tx, m_lease);
    store::finish_run(tx, m_run, outcome, code, summary_json);
  }

  /// As far as the database can be reached.
  void fail(std::string_view outcome, int code, log::Logger& log) {
    try {
      db::WriteTx tx(m_connection);
      finish(tx, outcome, code, "{}");
      tx.commit();
    } catch (std::exception const& error) {
      log.warn("the end of the run could not be recorded: {}", error.what());
    }
  }

 private:
  db::Connection& m_connection;
  RunId m_run;
  store::Lease m_lease;
};

/// One call of the command.
class Job {
 public:
  Job(RunContext& context, ClusterOptions const& options)
      : m_context(shared_context(context, options, m_spending)),
        m_options(options),
        m_engine(engine_options(options.batch, m_context)),
        m_database(context.database("personas")),
        m_connection(stage::with_purpose(m_database, "check")) {
    db::ReadTx tx(m_connection);
    store::require_migrated(tx);
    store::require_persona_columns(tx, !options.batch.dry_run && !options.batch.preview);
    m_ideals.emplace(tx);
    if (m_ideals->refused())
      m_context.log.warn(
          "matching_memberreport may not be read: what clients say of their ideal customers is left out");
  }

  int run() {
    if (m_options.batch.dry_run || m_options.batch.preview) return look();
    if (m_options.assign_only && !retries() && !has_personas()) return report();
    if (wants_audience() && !embed_audience()) return report();
    if (m_options.only_failed == store::k_audience_stage) return report();
    if (!m_options.assign_only && !discover()) return report();
    assign();
    return report();
  }

 private:
  static Error no_personas() {
    return Error(Kind::configuration, "there are no personas to assign profiles to")
        .hint("run 'jvmm cluster-personas' without --assign-only to find them");
  }

  bool has_personas() {
    db::ReadTx tx(m_connection);
    if (auto const state = store::current_personas(tx)) {
      m_embedding = state->embedding;
      return true;
    }
    if (m_options.require_personas) throw no_personas();
    m_outcome.hint = "There are no personas yet: 'jvmm cluster-personas' finds them.";
    return false;
  }

  bool wants_audience() const { return !m_options.only_failed || m_options.only_failed == store::k_audience_stage; }
  bool retries() const { return m_options.only_failed.has_value(); }

  ServiceLimits limits() const { return service_limits(m_options.batch, m_engine, m_context.clock); }

  std::unique_ptr<inference::Embedder> open(Services& services, bool ask_nobody = false) {
    auto embedder = services.open_caching_embedder(ask_nobody);
    m_outcome.model = embedder->info().model;
    m_outcome.fingerprint = embedder->info().fingerprint();
    return embedder;
  }

  /// A copy, as each stage's engine waits for services or not.
  stage::EngineOptions engine_for(inference::Embedder const& embedder) const {
    auto engine = m_engine;
    if (embedder.waits_for_services()) wait_for_services(engine, m_context);
    if (m_context.deadline) {
      auto const left = std::chrono::ceil<std::chrono::seconds>(*m_context.deadline - m_context.clock.steady_now());
      engine.max_time = std::max(left, std::chrono::seconds(0));
    }
    return engine;
  }

  int look() {
    Services services(m_context, limits());
    auto const embedder = open(services, m_options.batch.dry_run);
    auto context = engine_context(m_context, m_database, m_options.command());
    LookParts const parts{m_context, m_options, m_connection, *embedder, *m_ideals, m_engine, context};
    return m_options.batch.dry_run ? plan_clusters(parts) : preview_clusters(parts);
  }

  /// False where the rest has to wait.
  bool embed_audience() {
    Services services(m_context, limits());
    auto const embedder = open(services);
    if (m_embedding) require_same_embedding(*m_embedding, embedder->info());  // before anything is paid for
    AudienceStage stage(*embedder, selection_of<store::AudienceSelection>(m_context, m_options.batch, retries()),
                        *m_ideals);
    auto context = engine_context(m_context, m_database, m_options.command());
    m_outcome.audience = run_stage(stage, services, engine_for(*embedder), context);
    m_outcome.audience_counts = stage.counts();
    add_usage(services);
    return m_outcome.audience->stopped == StopReason::none && m_outcome.audience->postponed == 0;
  }

  bool discover() {
    Services services(m_context, limits());
    auto const embedder = open(services);
    DiscoveryRun run(m_context, m_connection);
    try {
      db::Connection reading(stage::with_purpose(m_database, "discover"));
      Discoverer discoverer(m_context, m_options, reading, *embedder);
      auto found = discoverer.discover(*m_ideals, nullptr);
      if (found && m_options.polish)
        m_outcome.polished =
            polish_names(m_context, services, found->fit.model, found->identity.born, discoverer.population().rows);
      if (m_context.stop.requested()) {
        run.fail("stopped", exit_code(Kind::stopped), m_context.log);
        return false;
      }
      end(run, discoverer, services, found);
      m_outcome.unchanged = !found;
      m_outcome.discovery = std::move(found);
    } catch (Error const& error) {
      run.fail("failed", exit_code(error.kind()), m_context.log);
      throw;
    }
    add_usage(services);
    return true;
  }

  /// One transaction: the personas, their run, its usage.
  void end(DiscoveryRun& run, Discoverer const& discoverer, Services& services, std::optional<Discovery> const& found) {
    db::WriteTx tx(m_connection, {.statement_timeout = std::chrono::hours(1)});
    run.fence(tx);
    if (found) discoverer.publish(tx, *found, run.id());
    store::record_usage(tx, run.id(), services.usage());
    run.finish(tx, "done", 0, found ? discovery_json(*found) : R"({"unchanged":true})");
    tx.commit();
    services.finish();
    m_outcome.discovery_run = run.id();
  }

  void assign() {
    auto const current = load_current_personas(m_connection);
    if (!current) throw no_personas();
    Services services(m_context, limits());
    auto const embedder = open(services);
    require_same_embedding(current->model.embedding, embedder->info());
    auto selection = selection_of<store::PersonaSelection>(m_context, m_options.batch, retries());
    // What discovery has just found is given to everybody anyway, as the personas are new.
    if (!m_options.assign_only) selection.scope = store::EmbeddingScope::stale;
    PersonaStage stage(current->model, current->state, *embedder, std::move(selection), *m_ideals);
    auto context = engine_context(m_context, m_database, m_options.command());
    m_outcome.assignment = run_stage(stage, services, engine_for(*embedder), context, [&](db::WriteTx& tx, RunId run) {
      store::mark_assigned(tx, current->state.generation, run);
    });
    m_outcome.counts = stage.counts();
    m_outcome.drift = stage.drift();
    m_outcome.state = current->state;
    m_outcome.hint = drift_hint(current->model, stage.drift());
    add_usage(services);
    db::ReadTx tx(m_connection);
    m_outcome.personas = store::list_personas(tx, false);
  }

  void add_usage(Services& services) {
    for (auto& row : services.usage())
      m_outcome.usage.push_back(std::move(row));
  }

  int report() {
    int code = m_outcome.exit_code();
    if (code == 0 && m_context.stop.requested()) code = exit_code(Kind::stopped);
    if (m_options.silent) return code;
    if (m_context.format() == OutputFormat::json)
      m_context.print(cluster_json(m_outcome, m_options.command()));
    else if (!m_context.quiet)
      m_context.print(cluster_text(m_outcome));
    return code;
  }

  Spending m_spending;
  RunContext m_context;
  ClusterOptions const& m_options;
  stage::EngineOptions m_engine;
  db::ConnectionOptions m_database;
  db::Connection m_connection;
  std::optional<store::IdealCustomers> m_ideals;
  std::optional<std::string> m_embedding;  ///< fingerprint of the personas to assign by
  ClusterOutcome m_outcome;
};

}  // namespace

int cluster_personas(RunContext& context, ClusterOptions const& options) {
  options.validate();
  return Job(context, options).run();
}

}  // namespace jvmm::commands
