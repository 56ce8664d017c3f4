#include "commands/rescore/all_pairs.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

#include "base/error.hpp"
#include "commands/rescore/all_pairs_publish.hpp"
#include "commands/rescore/all_pairs_update.hpp"
#include "commands/rescore/population.hpp"
#include "json/writer.hpp"
#include "log/progress.hpp"
#include "scoring/all_pairs/all_pairs.hpp"
#include "stage/engine_types.hpp"
#include "stage/id_pages.hpp"
#include "store/generations.hpp"
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
  out.member("suggest_duplicates", scope.suggest_duplicates);
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

/// One all-pairs run, step by step.
class AllPairsRun {
 public:
  AllPairsRun(RunContext& context, db::Connection& connection, AllPairsScope const& scope, ScoringSetup& setup,
              BatchOptions const& batch)
      : m_context(context),
        m_connection(connection),
        m_scope(scope),
        m_batch(batch),
        m_shard(parse_shard(batch.shard)),
        m_deadline(batch.max_minutes ? context.clock.steady_now() + std::chrono::minutes(*batch.max_minutes)
                                     : SteadyTime::max()),
        m_setup(setup),
        m_report(m_setup) {}

  AllPairsOutcome operator()() {
    load();
    auto const key = generation_key(m_population, m_setup, m_scope, m_shard);
    refuse_too_many_rows(m_model, *m_scorer, m_scope);
    if (m_batch.dry_run) return {0, m_report.plan(m_context.format())};
    LeasedRun run(m_context, m_connection, m_setup, m_shard);
    if (open_generation(run, key) && !m_batch.force) {
      run.finish("done", 0, m_report.json());
      return outcome("nothing has changed since this generation was published", 0);
    }
    scoring::Checkpoint const checkpoint{checkpoint_file(m_scope, key, m_shard), key.fingerprint};
    m_options.checkpoint = &checkpoint;
    if (!compute(run, key)) {
      run.finish("stopped", exit_code(Kind::stopped), m_report.json());
      return outcome("stopped; the same command goes on, today or with the same --now", exit_code(Kind::stopped));
    }
    {
      stage::PhaseTimer const timer(m_context.clock, m_report.write_seconds);
      publish(m_connection, run, {m_population, m_setup, m_result, m_report.generation, m_shard, m_lists}, m_report);
    }
    std::error_code ignored;
    fs::remove(checkpoint.path, ignored);
    run.finish("done", 0, m_report.json());
    warn_of_waiting();
    auto done = outcome("", 0);
    if (m_report.published) done.published = m_report.generation;
    return done;
  }

 private:
  void load() {
    stage::PhaseTimer const timer(m_context.clock, m_report.load_seconds);
    m_population = load_population(m_connection, m_setup.scorer, m_context.log);
    m_model = m_setup.scorer.pair_model(m_population.prepared);
    if (!m_scope.suggest_duplicates) m_model.excluded = m_population.duplicates();
    m_scorer.emplace(m_population, m_setup.scorer);
    m_rows = shard_rows(m_population, m_shard);
    m_report.shards = m_shard.count;
    m_options.top = m_scope.top;
    m_options.min_score = m_scope.min_score;
    m_options.all_above = m_scope.all_above;
    m_options.threads = static_cast<std::size_t>(m_context.settings.integer("threads"));
    if (m_shard.count > 1) m_options.rows = m_rows;
    m_report.population(m_population, m_rows.size(), m_model.excluded.size(),
                        scoring::all_pairs_bytes(m_model.profiles, m_model.dims, m_options));
    m_context.log.info("{}", m_report.plan_line());
  }

  /// Whether it is published already.
  bool open_generation(LeasedRun const& run, store::GenerationKey const& key) {
    db::WriteTx tx(m_connection);
    auto const generation = store::open_generation(tx, key, run.id());
    tx.commit();
    m_report.generation = generation.id;
    return generation.published;
  }

  bool compute(LeasedRun& run, store::GenerationKey const& key) {
    log::Progress progress(m_context.log, m_context.clock, m_context.progress(), "all pairs", std::nullopt);
    m_options.progress = [&](std::uint64_t done, std::uint64_t) {
      progress.update({done, 0, 0});
      run.renew();
      if (m_context.clock.steady_now() >= m_deadline) m_context.stop.request(StopReason::time_limit);
    };
    bool const incremental = m_batch.since || !m_batch.profile_ids.empty();
    auto const update =
        incremental ? read_list_update(m_context, m_connection, m_population, m_setup.basis, key.options_json, m_batch)
                    : std::nullopt;
    if (update) {
      auto updated = scoring::update_lists(m_model, *m_scorer, m_options, update->published, update->lost, update->scan,
                                           m_context.stop);
      m_result = std::move(updated.result);
      m_report.lists = updated.scanned;
      m_lists = update->gone;
      for (auto const i : updated.changed)
        m_lists->push_back(m_population.profiles[i].profile.id);
    } else {
      m_result = scoring::all_pairs(m_model, *m_scorer, m_options, m_context.stop);
    }
    m_report.measures = m_result.measures;
    return m_result.complete;
  }

  /// Shards that saw other data made another generation, which would wait forever.
  void warn_of_waiting() {
    if (m_report.published) return;
    db::ReadTx tx(m_connection);
    for (auto const& waiting : store::waiting_generations(tx, m_report.generation))
      m_context.log.warn(
          "generation {} waits for other shards than generation {}: profiles, options or --now differ; run those "
          "shards again",
          waiting, m_report.generation);
  }

  AllPairsOutcome outcome(std::string_view remark, int code) const {
    return {code, m_context.format() == OutputFormat::json ? m_report.json(remark) : m_report.text(remark)};
  }

  RunContext& m_context;
  db::Connection& m_connection;
  AllPairsScope const& m_scope;
  BatchOptions const& m_batch;
  store::Shard m_shard;
  SteadyTime m_deadline;
  ScoringSetup& m_setup;
  AllPairsReport m_report;
  Population m_population;
  scoring::PairModel m_model;
  std::optional<PopulationScorer> m_scorer;
  std::vector<std::uint32_t> m_rows;
  AllPairsOptions m_options;
  AllPairsResult m_result;
  std::optional<std::vector<ProfileId>> m_lists;  ///< whose lists are new; absent: all
};

}  // namespace

void AllPairsScope::validate() const {
  if (top < 1) throw Error(Kind::usage, "--top: expected at least 1");
  if (!(min_score >= 0 && min_score <= 100)) throw Error(Kind::usage, "--min-score: expected 0 to 100");
  if (all_above && !(*all_above >= 0 && *all_above <= 100)) throw Error(Kind::usage, "--all-above: expected 0 to 100");
}

AllPairsOutcome rescore_all_pairs(RunContext& context, db::Connection& connection, AllPairsScope const& scope,
                                  ScoringSetup& setup, BatchOptions const& batch) {
  return AllPairsRun(context, connection, scope, setup, batch)();
}

}  // namespace jvmm::commands
