#include "commands/rescore/all_pairs.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

#include "base/error.hpp"
#include "commands/match_context.hpp"
#include "commands/rescore/all_pairs_report.hpp"
#include "commands/rescore/all_pairs_update.hpp"
#include "commands/rescore/population.hpp"
#include "json/writer.hpp"
#include "log/progress.hpp"
#include "scoring/all_pairs/all_pairs.hpp"
#include "stage/engine_types.hpp"
#include "stage/id_pages.hpp"
#include "store/generations.hpp"
#include "store/runs.hpp"
#include "text/digest.hpp"

namespace jvmm::commands {
namespace {

using scoring::AllPairsOptions;
using scoring::AllPairsResult;
namespace fs = std::filesystem;

std::string options_json(AllPairsScope const& scope) {
  json::Writer out;
  out.begin_object().member("top", scope.top).member("min_score", scope.min_score).key("all_above");
  scope.all_above ? out.value(*scope.all_above) : out.null();
  out.end_object();
  return std::move(out).take();
}

store::GenerationKey generation_key(Population const& population, ScoringSetup const& setup, AllPairsScope const& scope,
                                    store::Shard shard) {
  text::Hasher hasher(text::Digest::md5);
  for (auto const& profile : population.profiles)
    hasher.add(profile.profile.id.text() + profile.hash);
  auto const options = options_json(scope);
  auto const fingerprint = fmt::format("{} {} {} {} {}", setup.basis, iso8601(setup.scorer.context().now),
                                       std::move(hasher).hex(), options, shard.count);
  return {fingerprint, setup.basis, options, shard.count, population.profiles.size()};
}

fs::path state_folder() {
  if (char const* state = std::getenv("XDG_STATE_HOME"); state && *state) return fs::path(state) / "jvmm";
  if (char const* home = std::getenv("HOME"); home && *home) return fs::path(home) / ".local/state/jvmm";
  return fs::temp_directory_path() / "jvmm";
}

fs::path checkpoint_file(AllPairsScope const& scope, store::GenerationKey const& key, store::Shard shard) {
  if (scope.checkpoint) return *scope.checkpoint;
  auto const folder = state_folder();
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed)
    throw Error(Kind::local_io, fmt::format("cannot make {}: {}", folder.string(), failed.message()))
        .hint("name a file with --checkpoint");
  return folder / fmt::format("all-pairs-{}-{}.checkpoint", text::md5_hex(key.fingerprint).substr(0, 12), shard.index);
}

/// A run of this stage: its lease, kept while the engine computes.
class LeasedRun {
 public:
  LeasedRun(RunContext& context, db::Connection& connection, ScoringSetup const& setup, store::Shard shard)
      : m_context(context), m_connection(connection) {
    db::WriteTx tx(connection);
    m_run = store::begin_run(tx, {"rescore", context.arguments_json, std::string(store::k_all_pairs_stage), setup.basis,
                                  std::string(version())});
    m_lease = store::take_lease(tx, std::string(store::k_all_pairs_stage), shard, m_run,
                                std::chrono::seconds(context.settings.integer("lease_seconds")));
    tx.commit();
    context.log.set_run(m_run);
    m_renewed = context.clock.steady_now();
  }

  RunId id() const { return m_run; }
  store::Lease const& lease() const { return m_lease; }

  void renew() {
    auto const now = m_context.clock.steady_now();
    if (now - m_renewed < m_lease.time / 3) return;
    db::WriteTx tx(m_connection);
    store::fence(tx, m_lease);
    tx.commit();
    m_renewed = now;
  }

  void finish(std::string_view outcome, int code, std::string const& summary) {
    db::WriteTx tx(m_connection);
    store::end_lease(tx, m_lease);
    store::finish_run(tx, m_run, outcome, code, summary);
    tx.commit();
  }

 private:
  RunContext& m_context;
  db::Connection& m_connection;
  RunId m_run;
  store::Lease m_lease;
  SteadyTime m_renewed;
};

/// The rows of lists, one after the other.
class ListRows {
 public:
  ListRows(Population const& population, ScoringSetup const& setup, AllPairsResult const& result,
           std::int64_t generation, Impact& impact)
      : m_population(population),
        m_setup(setup),
        m_result(result),
        m_generation(generation),
        m_scored_at(iso8601(setup.scorer.context().now)),
        m_impact(impact) {}

  bool operator()(store::StagedMatch& match) {
    while (m_row < m_population.profiles.size() && m_place >= m_result.list(m_row).size()) {
      ++m_row;
      m_place = 0;
    }
    if (m_row == m_population.profiles.size()) return false;
    fill(match, m_row, m_result.list(m_row)[m_place++].index);
    return true;
  }

 private:
  void fill(store::StagedMatch& match, std::size_t index_a, std::size_t index_b) {
    auto const& scorer = m_setup.scorer;
    auto const &a = m_population.profiles[index_a], &b = m_population.profiles[index_b];
    auto const &pa = m_population.prepared[index_a], &pb = m_population.prepared[index_b];
    auto const pair = scorer.score(pa, pb);
    auto const decimals = scorer.profile().output_decimals;
    auto const input = pair_input(a.hash, b.hash);
    match.a = a.profile.id;
    match.b = b.profile.id;
    match.score_ab = scoring::rounded(pair.ab.score, decimals);
    match.score_ba = scoring::rounded(pair.ba.score, decimals);
    match.harmonic_mean = scoring::rounded(pair.harmonic_mean, decimals);
    match.reason = scoring::match_reason(a.reason, b.reason);
    match.context = compact_context(pair, pa, pb, {m_setup.basis, input, m_scored_at}, m_generation);
    ScoredPair scored{a.profile.name.value_or(a.profile.id.text()),
                      b.profile.name.value_or(b.profile.id.text()),
                      {},
                      match.harmonic_mean,
                      false,
                      0,
                      0};
    bool const offering = pa.seeking && pb.offering,
               audience = pa.audience && pb.audience;
    scored.semantic = static_cast<std::uint64_t>(offering + audience);
    scored.word_overlap = 2 - scored.semantic;
    m_impact.add(scored);
  }

  Population const& m_population;
  ScoringSetup const& m_setup;
  AllPairsResult const& m_result;
  std::int64_t m_generation;
  std::string m_scored_at;
  Impact& m_impact;
  std::size_t m_row = 0, m_place = 0;
};

void refuse_too_many_rows(scoring::PairModel const& model, PopulationScorer const& scorer, AllPairsScope const& scope) {
  if (!scope.all_above) return;
  auto const rows = scoring::estimate_rows_above(model, scorer, *scope.all_above);
  if (2 * rows.at_most <= static_cast<double>(scope.max_rows)) return;
  throw Error(Kind::usage,
              fmt::format("--all-above {} would keep about {:.0f} rows (at most {:.0f}, by a sample), more "
                          "than --max-rows {}",
                          *scope.all_above, 2 * rows.expected, 2 * rows.at_most, scope.max_rows))
      .hint("raise --all-above or --max-rows");
}

std::vector<std::uint32_t> shard_rows(Population const& population, store::Shard shard) {
  auto const begin = population.upper_bound(stage::shard_begin(shard));
  auto const end = population.upper_bound(stage::shard_end(shard));
  std::vector<std::uint32_t> rows;
  for (auto i = begin; i < end; ++i)
    rows.push_back(static_cast<std::uint32_t>(i));
  return rows;
}

std::vector<store::RankedProfile> ranked(Population const& population) {
  std::vector<store::RankedProfile> all;
  for (auto const& profile : population.profiles)
    all.push_back({profile.profile.id, profile.hash});
  return all;
}

/// Stages the shard's rows, and publishes when it was the last that was missing.
void publish(db::Connection& connection, LeasedRun& run, Population const& population, store::GenerationKey const& key,
             store::Shard shard, ListRows rows, store::Generation generation, std::span<ProfileId const> lists, AllPairsReport& report) {
  {
    db::WriteTx tx(connection, {.statement_timeout = std::chrono::hours(1)});
    store::fence(tx, run.lease());
    report.rows =
        store::stage_matches(tx, generation.id, stage::shard_begin(shard), stage::shard_end(shard), std::move(rows));
    report.parts = store::record_part(tx, generation.id, shard.index, report.rows);
    tx.commit();
  }
  if (report.parts < key.shards) return;
  db::WriteTx tx(connection, {.statement_timeout = std::chrono::hours(1)});
  store::fence(tx, run.lease());
  if (auto const staged = store::count_staged(tx, generation.id); staged.rows != staged.recorded) {
    store::forget_parts(tx, generation.id);
    tx.commit();
    throw Error(Kind::unavailable, fmt::format("{} of {} staged rows of generation {} are gone (did the server crash?)",
                                               staged.recorded - staged.rows, staged.recorded, generation.id))
        .hint("run every shard again");
  }
  report.published = store::publish(tx, generation.id, lists, ranked(population));
  tx.commit();
}

}  // namespace

void AllPairsScope::validate() const {
  if (top < 1) throw Error(Kind::usage, "--top: expected at least 1");
  if (!(min_score >= 0 && min_score <= 100)) throw Error(Kind::usage, "--min-score: expected 0 to 100");
  if (all_above && !(*all_above >= 0 && *all_above <= 100)) throw Error(Kind::usage, "--all-above: expected 0 to 100");
}

int rescore_all_pairs(RunContext& context, db::Connection& connection, AllPairsScope const& scope,
                      ScoringOptions const& scoring, BatchOptions const& batch) {
  auto const shard = parse_shard(batch.shard);
  bool const incremental = batch.since || !batch.profile_ids.empty();
  if (incremental && shard.count > 1)
    throw Error(Kind::usage, "--all-pairs with --since or --profile-ids is one process's work; it goes without --shard");
  auto setup = open_scoring(context, connection, scoring, !batch.dry_run);
  AllPairsReport report(setup);
  std::optional<stage::PhaseTimer> timer;
  timer.emplace(context.clock, report.load_seconds);
  auto const population = load_population(connection, setup.scorer, context.log);
  auto const model = setup.scorer.pair_model(population.prepared);
  timer.reset();

  PopulationScorer const scorer(population, setup.scorer);
  auto const rows = shard_rows(population, shard);
  AllPairsOptions options;
  options.top = scope.top;
  options.min_score = scope.min_score;
  options.all_above = scope.all_above;
  options.threads = static_cast<std::size_t>(context.settings.integer("threads"));
  if (shard.count > 1) options.rows = rows;
  report.population(population, rows.size(), scoring::all_pairs_bytes(model.profiles, model.dims, options));
  context.log.info("{}", report.plan_line());
  refuse_too_many_rows(model, scorer, scope);
  if (batch.dry_run) {
    context.print(report.plan(context.format()));
    return 0;
  }

  auto const key = generation_key(population, setup, scope, shard);
  scoring::Checkpoint const checkpoint{checkpoint_file(scope, key, shard), key.fingerprint};
  record_scoring(connection, setup.scorer.profile());
  LeasedRun run(context, connection, setup, shard);
  store::Generation generation;
  {
    db::WriteTx tx(connection);
    generation = store::open_generation(tx, key, run.id());
    tx.commit();
  }
  report.generation = generation.id;
  if (generation.published && !batch.force) {
    run.finish("done", 0, report.summary_json());
    context.print(report.text_or_json(context.format(), "nothing has changed since this generation was published"));
    return 0;
  }
  log::Progress progress(context.log, context.clock, context.progress(), "all pairs", std::nullopt);
  options.checkpoint = &checkpoint;
  options.progress = [&](std::uint64_t done, std::uint64_t) {
    progress.update({done, 0, 0});
    run.renew();
  };
  auto const update = incremental ? read_list_update(context, connection, population, setup.basis, key.options_json, batch)
                                  : std::nullopt;
  std::vector<ProfileId> lists;  // empty: all
  AllPairsResult result;
  if (update) {
    auto updated =
        scoring::update_lists(model, scorer, options, update->published, update->lost, update->scan, context.stop);
    result = std::move(updated.result);
    report.lists = updated.scanned;
    lists = update->gone;
    for (auto const i : updated.changed)
      lists.push_back(population.profiles[i].profile.id);
  } else {
    result = scoring::all_pairs(model, scorer, options, context.stop);
  }
  report.measures = result.measures;
  if (!result.complete) {
    run.finish("stopped", exit_code(Kind::stopped), report.summary_json());
    context.print(report.text_or_json(context.format(), "stopped; the same command with the same --now goes on"));
    return exit_code(Kind::stopped);
  }
  timer.emplace(context.clock, report.write_seconds);
  publish(connection, run, population, key, shard, ListRows(population, setup, result, generation.id, report.impact),
          generation, lists, report);
  timer.reset();
  std::error_code ignored;
  fs::remove(checkpoint.path, ignored);
  run.finish("done", 0, report.summary_json());
  context.print(report.text_or_json(context.format(), ""));
  return 0;
}

}  // namespace jvmm::commands
