#include "commands/rescore/rescore.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "commands/rescore/clients.hpp"
#include "commands/rescore/repair.hpp"
#include "commands/rescore/report.hpp"
#include "commands/rescore/stored_stage.hpp"
#include "db/capabilities.hpp"
#include "stage/engine.hpp"
#include "store/migrations.hpp"

namespace jvmm::commands {
namespace {

constexpr std::size_t k_page_rows = 2'000;  // matches whose profiles are held at a time
constexpr std::size_t k_batch_size = 500;   // scoring is quick, so larger batches only save round trips

/// `inserts`: pairs are put in, which the pair's unique index keeps from being doubled.
void check_database(db::Connection& connection, bool inserts) {
  db::ReadTx tx(connection);
  store::require_migrated(tx);
  auto const found = db::inspect(tx);
  auto const* const matches = found.table("match_suggestions");
  if (!matches)
    throw Error(Kind::configuration, "this database has no table match_suggestions")
        .hint("check DATABASE_URL; 'jvmm doctor' shows what is there");
  for (auto const column : {"id", "profile_id", "suggested_profile_id", "match_score", "score_ab", "score_ba",
                            "harmonic_mean", "match_reason", "match_context"})
    if (!matches->column(column))
      throw Error(Kind::configuration, fmt::format("match_suggestions has no column {}", column))
          .hint("'jvmm doctor' shows what is there");
  if (auto const& type = matches->column("match_context")->type; type != "jsonb")
    throw Error(Kind::configuration, fmt::format("match_suggestions.match_context is {}, expected jsonb", type));
  if (inserts && !matches->is_unique({"profile_id", "suggested_profile_id"}))
    throw Error(Kind::configuration, "match_suggestions has no unique index on (profile_id, suggested_profile_id)")
        .hint("create unique index match_suggestions_pair_key on match_suggestions (profile_id, suggested_profile_id)");
}

store::MatchSelection selection(RunContext const& context, RescoreOptions const& options,
                                std::vector<ProfileId> const& profiles) {
  store::MatchSelection selection;
  if (options.batch.since) selection.updated_since = parse_since(*options.batch.since, context.clock.now());
  selection.profiles = profiles;
  return selection;
}

/// The time of an all-pairs run without --now, so that a run that is started again, and the other shards, go on.
std::string day_begin(SystemTime now) {
  return iso8601(std::chrono::floor<std::chrono::days>(now));
}

int print_alone(RunContext& context, AllPairsOutcome const& outcome, bool dry_run) {
  if (context.format() == OutputFormat::json && !dry_run)
    context.print(fmt::format("{{\"command\":\"rescore\",\"all_pairs\":{},\"exit_code\":{}}}\n", outcome.report,
                              outcome.exit_code));
  else if (!context.quiet || dry_run)
    context.print(outcome.report);
  return outcome.exit_code;
}

/// Candidates scored in read-only transactions: what a dry run or a preview shows.
RescorePlan plan(StoredMatchStage& stage, stage::EngineOptions const& options, stage::EngineContext const& context,
                 std::optional<std::uint64_t> preview) {
  RescorePlan plan;
  stage::visit_candidates(stage, options, context, [&](std::span<MatchCandidate const> rows) {
    plan.matches += rows.size();
    if (!preview) return true;
    auto const count = std::min<std::size_t>(rows.size(), *preview - plan.shown.size());
    auto const outcomes = stage.compute(rows.first(count));
    for (std::size_t i = 0; i < count; ++i)
      if (auto const* const value = std::get_if<StoredMatchStage::Value>(&outcomes[i]))
        plan.shown.push_back({rows[i].match, value->write});
    return plan.shown.size() < *preview;
  });
  return plan;
}

}  // namespace

void RescoreOptions::validate() const {
  batch.validate();
  scope.validate();
  if (all_pairs && !clients.empty()) throw Error(Kind::usage, "--all-pairs and --clients are two scopes; give one");
  if (shadow && (all_pairs || !clients.empty()))
    throw Error(Kind::usage, "--shadow compares stored matches; it goes without --all-pairs and --clients");
  if (update_pressure && !clients.empty())
    throw Error(Kind::usage, "--update-pressure goes without --clients; run it before");
  AllPairsScope const none;
  if (!all_pairs && (scope.top != none.top || scope.all_above || scope.max_rows != none.max_rows || scope.checkpoint))
    throw Error(Kind::usage, "--top, --all-above, --max-rows and --checkpoint go with --all-pairs");
  if (!all_pairs && clients.empty() && (scope.min_score != none.min_score || scope.suggest_duplicates))
    throw Error(Kind::usage, "--min-score and --suggest-duplicates go with --all-pairs or --clients");
  if (batch.preview && !clients.empty())
    throw Error(Kind::usage, "--preview shows stored matches; it goes without --clients");
  if (all_pairs && (batch.preview || batch.limit))
    throw Error(Kind::usage, "--all-pairs publishes all or nothing; it goes without --preview and --limit");
  if (all_pairs && (batch.since || !batch.profile_ids.empty()) && parse_shard(batch.shard).count > 1)
    throw Error(Kind::usage,
                "--all-pairs with --since or --profile-ids is one process's work; it goes without --shard");
  if (prescreen && clients.empty()) throw Error(Kind::usage, "--prescreen goes with --clients");
  if (batch.stale_days)
    throw Error(Kind::usage, "rescore has no --stale-days: what is out of date is scored again, --force all of it");
  if (pressure_days < 1 || pressure_days > 36'500) throw Error(Kind::usage, "--pressure-days takes 1 to 36500");
  if (pressure_days != k_pressure_days && !(update_pressure && batch.dry_run))
    throw Error(Kind::usage,
                "the column is recommendation_pressure_30d, so other days than 30 are only reported: --pressure-days "
                "goes with --update-pressure --dry-run");
  if (repair_context &&
      (update_pressure || shadow || all_pairs || !clients.empty() || batch.preview || batch.force || batch.since ||
       batch.limit || batch.max_failures || batch.max_minutes || !batch.profile_ids.empty()))
    throw Error(Kind::usage,
                "--repair-context mends all contexts and scores nothing; it goes with --dry-run and --shard only");
}

int rescore(RunContext& context, RescoreOptions const& given) {
  given.validate();
  auto options = given;
  if (options.all_pairs && !options.scoring.now) options.scoring.now = day_begin(context.clock.now());
  auto const database = context.database("rescore");
  db::Connection connection(stage::with_purpose(database, "check"));
  check_database(connection, options.all_pairs || !options.clients.empty());
  if (options.repair_context) return repair_contexts(context, connection, options.batch);
  bool const writes = !options.batch.dry_run && !options.batch.preview;
  std::optional<PressureReport> pressure;
  if (options.update_pressure)
    pressure = update_pressure(connection, context.log, scoring_time(options.scoring, context.clock),
                               options.pressure_days, writes);
  auto setup = open_scoring(context, connection, options.scoring, writes);
  if (writes) record_scoring(connection, setup.scorer.profile());
  if (!options.clients.empty())
    return rescore_clients(context, connection, options.clients,
                           {options.scope.min_score, options.scope.suggest_duplicates, options.prescreen}, setup,
                           options.batch);
  AllPairsOutcome all_pairs;
  if (options.all_pairs) {
    all_pairs = rescore_all_pairs(context, connection, options.scope, setup, options.batch);
    if (all_pairs.exit_code != 0 || options.batch.dry_run)
      return print_alone(context, all_pairs, options.batch.dry_run);
  }

  auto engine = engine_options(options.batch, context);
  auto const profiles = std::exchange(engine.only, {});
  engine.page_rows = k_page_rows;
  if (context.settings.value("batch_size").is_default) engine.batch_size = k_batch_size;
  std::optional<ScoringSetup> shadow;
  if (options.shadow) shadow.emplace(open_scoring(context, connection, {*options.shadow, options.scoring.now}, false));
  auto selected = selection(context, options, profiles);
  selected.written_generation = all_pairs.published;
  // What everybody's scores say of everybody is published; --force is about that, not about the other stored matches.
  bool const force = options.batch.force && !options.all_pairs;
  StoredMatchStage stage(setup, shadow ? &*shadow : nullptr, selected, force);
  stage::EngineContext engine_context{.database = database,
                                      .log = context.log,
                                      .clock = context.clock,
                                      .stop = context.stop,
                                      .start = {"rescore", context.arguments_json, {}, {}, std::string(version())},
                                      .progress = context.progress()};
  if (!writes) {
    auto const found = plan(stage, engine, engine_context, options.batch.preview);
    context.print(plan_report(found, setup, pressure, context.format()));
    return 0;
  }
  auto const summary = stage::Engine<StoredMatchStage>(stage, engine, engine_context).run();
  RescoreReport const report{
      summary, setup, stage.impact(), shadow ? &*shadow : nullptr, stage.shadow_impact(), pressure, all_pairs.report};
  // A connection of its own: the first one may have been dropped while it had nothing to do.
  db::Connection reporting(stage::with_purpose(database, "report"));
  store_impact(reporting, report);
  if (context.format() == OutputFormat::json)
    context.print(report_json(report));
  else if (!context.quiet)
    context.print(report_text(report));
  return summary.exit_code();
}

}  // namespace jvmm::commands
