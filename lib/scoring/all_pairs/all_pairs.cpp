#include "scoring/all_pairs/all_pairs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <thread>

#include "base/error.hpp"
#include "scoring/all_pairs/checkpoint_file.hpp"
#include "scoring/all_pairs/exact_lists.hpp"
#include "scoring/all_pairs/model_check.hpp"
#include "scoring/all_pairs/tile_worker.hpp"
#include "scoring/all_pairs/workers.hpp"

namespace jvmm::scoring {
namespace {

using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

using Excluded = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

/// The least number of hundredths that a rounded score needs to reach `score`. `slack`: of its own rounding.
Hundredths reaching(double score, double slack) {
  if (std::isnan(score) || score > 600) return BestLists::k_never;
  return static_cast<Hundredths>(std::max(0.0, std::ceil(score * 100 - slack)));
}

Hundredths all_above_of(AllPairsOptions const& options) {
  return options.all_above ? reaching(*options.all_above, 1e-7) : BestLists::k_never;
}

std::vector<BestLists::Rule> make_rules(AllPairsOptions const& options, Order const& order) {
  std::vector<BestLists::Rule> out(order.index.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (i < order.listed)
      out[i] = {options.top, reaching(options.min_score, 1e-7), all_above_of(options)};
    else if (!options.floor.empty())
      out[i].keep = reaching(options.floor[order.index[i]], 1e-3);
  }
  return out;
}

Excluded make_excluded(PairModel const& model) {
  auto out = model.excluded;
  for (auto& [a, b] : out)
    if (a > b) std::swap(a, b);
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<Gate> make_gates(PairModel const& model, Order const& order, Excluded const& excluded) {
  std::vector<std::uint8_t> is_excluded(model.profiles);
  for (auto const& [a, b] : excluded)
    is_excluded.at(a) = is_excluded.at(b) = 1;
  std::vector<Gate> out;
  for (auto const index : order.index)
    out.push_back({model.insufficient[index] != 0, is_excluded[index] != 0});
  return out;
}

std::vector<float> rows_by_position(std::vector<float> const& rows, std::size_t dims, Order const& order) {
  std::vector<float> out(rows.size());
  if (rows.empty()) return out;
  for (std::size_t i = 0; i < order.index.size(); ++i)
    std::copy_n(rows.data() + order.index[i] * dims, dims, out.data() + i * dims);
  return out;
}

std::vector<SimilaritySide> make_similarities(PairModel const& model, Order const& order) {
  std::vector<SimilaritySide> out;
  for (auto const* f : {&model.offering_seeking, &model.audience}) {
    if (f->weight <= 0 && f->overlap_weight <= 0) continue;
    out.push_back({f, rows_by_position(f->source, model.dims, order), rows_by_position(f->target, model.dims, order),
                   OverlapIndex(f->source_tokens, f->has_source, model.overlap, order), std::nullopt});
    if (!f->symmetric) out.back().targets.emplace(f->target_tokens, f->has_target, model.overlap, order);
  }
  return out;
}

std::size_t tile_size(AllPairsOptions const& options, std::size_t profiles) {
  if (options.tile > 0) return std::min(options.tile, std::max<std::size_t>(1, profiles));
  return std::clamp<std::size_t>(profiles / 12 / 16 * 16, 32, 512);
}

std::size_t thread_count(AllPairsOptions const& options) {
  return options.threads > 0 ? options.threads : std::max<std::size_t>(1, std::thread::hardware_concurrency());
}

class Run {
 public:
  Run(PairModel const& model, PairScorer const& scorer, AllPairsOptions const& options, StopToken const& stop)
      : m_model(model),
        m_options(options),
        m_stop(stop),
        m_threads(thread_count(options)),
        m_tile(tile_size(options, model.profiles)),
        m_order(make_order(partner_quality(model), options.rows)),
        m_blocks(make_blocks(m_order, m_tile)),
        m_tiles(make_tiles(m_blocks, m_order.listed)),
        m_locks(m_blocks.size()),
        m_cosine_error(cosine_error(model)),
        m_terms(make_bound_terms(model, m_order, m_cosine_error)),
        m_ranges(model, m_order, m_cosine_error),
        m_similarities(make_similarities(model, m_order)),
        m_excluded(make_excluded(model)),
        m_gates(make_gates(model, m_order, m_excluded)),
        m_scorer(scorer),
        m_lists(make_rules(options, m_order), m_terms,
                [this](auto position, auto index) { return m_scorer.rounded(m_order.index[position], index); }) {}

  AllPairsResult operator()() {
    auto const start = Clock::now();
    AllPairsResult out;
    resume();
    out.measures.resumed_tiles = m_done;
    while (m_done < m_tiles.size() && !m_stop.requested())
      run_phase(out.measures);
    if (m_done == m_tiles.size()) {
      auto const last = Clock::now();
      ExactLists(m_lists, m_order, m_scorer, m_threads).fill(out);
      out.measures.exact_seconds = seconds_since(last);
      check_rows(out);
      out.complete = true;
    }
    out.measures.tiles = m_tiles.size();
    out.measures.evaluations = m_scorer.evaluations();
    out.measures.wall_seconds = seconds_since(start);
    return out;
  }

 private:
  /// Works on tiles until all are done, the run is stopped or a checkpoint is due; then all that were begun are done.
  void run_phase(AllPairsMeasures& measures) {
    auto const* checkpoint = m_options.checkpoint;
    auto const due = checkpoint ? Clock::now() + checkpoint->every : Clock::time_point::max();
    TileShared const shared{m_model,    m_order, m_terms, m_ranges, m_similarities,          m_blocks,
                            m_excluded, m_gates, m_lists, m_locks,  all_above_of(m_options), m_above};
    std::atomic<std::uint64_t> next{m_done};
    std::mutex mutex;
    run_workers(std::min<std::size_t>(m_threads, m_tiles.size() - m_done), [&](std::size_t) {
      TileWorker worker(shared, m_tile);
      work(worker, next, due, mutex);
      std::lock_guard const lock(mutex);
      add(measures, worker.measures());
    });
    if (checkpoint) save_checkpoint(checkpoint->path, identity(), m_done, m_lists);
  }

  void work(TileWorker& worker, std::atomic<std::uint64_t>& next, Clock::time_point due, std::mutex& mutex) {
    do {
      auto const tile = next++;
      if (tile >= m_tiles.size()) return;
      worker.run(m_tiles[tile].first, m_tiles[tile].second);
      if (m_options.max_rows && m_above > *m_options.max_rows) throw_too_many();
      std::lock_guard const lock(mutex);
      ++m_done;
      if (m_options.progress) m_options.progress(m_done, m_tiles.size());
    } while (!m_stop.requested() && Clock::now() < due);
  }

  static void add(AllPairsMeasures& sum, TileWorker::Measures const& part) {
    sum.pairs += part.pairs;
    sum.skipped += part.skipped;
    sum.candidates += part.candidates;
    sum.gemm_seconds += part.gemm_seconds;
    sum.bound_seconds += part.bound_seconds;
  }

  void resume() {
    CheckpointState state;
    if (!m_options.checkpoint || !load_checkpoint(m_options.checkpoint->path, identity(), state)) return;
    if (state.lists.size() != m_lists.size() || state.tiles > m_tiles.size()) return;
    m_done = state.tiles;
    for (std::size_t i = 0; i < m_lists.size(); ++i)
      m_lists.restore(i, std::move(state.lists[i]));
  }

  /// All that shapes the state of a run: the caller's fingerprint, and the options.
  std::string identity() const {
    std::uint64_t hash = 0xcbf29ce484222325;
    auto const mix = [&](std::uint64_t value) { hash = (hash ^ value) * 0x100000001b3, hash ^= hash >> 29; };
    for (auto const index : m_order.index)
      mix(index);
    for (std::size_t i = 0; i < m_lists.size(); ++i) {
      mix(static_cast<std::uint64_t>(m_lists.rule(i).at_least));
      mix(static_cast<std::uint64_t>(m_lists.rule(i).keep));
    }
    return fmt::format("{}\nprofiles {} dims {} top {} tile {} listed {} rules {:016x}\n",
                       m_options.checkpoint->fingerprint, m_model.profiles, m_model.dims, m_options.top, m_tile,
                       m_order.listed, hash);
  }

  /// The count on the way leaves out pairs whose bounds lie on both sides of all_above.
  void check_rows(AllPairsResult const& result) const {
    if (!m_options.max_rows || !m_options.all_above) return;
    auto const least = all_above_of(m_options);
    std::uint64_t twice = 0;
    for (std::size_t i = 0; i < m_order.index.size(); ++i)
      for (auto const& match : result.list(m_order.index[i]))
        if (hundredths(match.score) >= least) twice += i < m_order.listed && is_listed(match.index) ? 1 : 2;
    if (twice / 2 > *m_options.max_rows) throw_too_many();
  }

  bool is_listed(std::uint32_t index) const {
    return !m_options.rows || std::binary_search(m_options.rows->begin(), m_options.rows->end(), index);
  }

  [[noreturn]] void throw_too_many() const {
    throw Error(Kind::usage,
                fmt::format("more than {} pairs reach a score of {}", *m_options.max_rows, *m_options.all_above))
        .hint("raise the score, or the number of rows allowed");
  }

  PairModel const& m_model;
  AllPairsOptions const& m_options;
  StopToken const& m_stop;
  std::size_t m_threads, m_tile;
  Order m_order;
  std::vector<Block> m_blocks;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> m_tiles;
  std::vector<std::mutex> m_locks;
  double m_cosine_error;
  BoundTerms m_terms;
  ScoreRanges m_ranges;
  std::vector<SimilaritySide> m_similarities;
  Excluded m_excluded;
  std::vector<Gate> m_gates;
  CountingScorer m_scorer;
  BestLists m_lists;
  std::atomic<std::uint64_t> m_above{0};
  std::uint64_t m_done = 0;
};

}  // namespace

std::optional<std::string> AllPairsOptions::problem(std::size_t profiles) const {
  if (std::isnan(min_score)) return "the minimal score is no number";
  if (all_above && std::isnan(*all_above)) return "the score to keep all above is no number";
  if (top == 0 && !all_above) return "neither a number of partners nor a score to keep all above is given";
  if (!floor.empty() && floor.size() != profiles) return "the floors are not of every profile";
  if (!rows) return std::nullopt;
  for (std::size_t i = 0; i < rows->size(); ++i)
    if ((*rows)[i] >= profiles || (i > 0 && (*rows)[i] <= (*rows)[i - 1]))
      return "the rows are not ascending, or not profiles";
  return std::nullopt;
}

AllPairsResult all_pairs(PairModel const& model, PairScorer const& scorer, AllPairsOptions const& options,
                         StopToken const& stop) {
  if (auto const problem = options.problem(model.profiles)) throw Error(Kind::usage, "all pairs: " + *problem);
  check_model(model);
  return Run(model, scorer, options, stop)();
}

std::uint64_t all_pairs_bytes(std::size_t profiles, std::size_t dims, AllPairsOptions const& options) {
  auto const tile = tile_size(options, profiles), strip = std::min(tile, TileWorker::k_strip);
  auto const listed = options.rows ? options.rows->size() : profiles;
  auto const per_thread = 4 * 4 * strip * (tile + k_padding) + (64ULL << 20);  // with OpenBLAS's own
  auto const vectors = 3 * sizeof(float) * profiles * dims;
  auto const kept = std::min(BestLists::capacity(options.top), profiles + 1);
  auto const per_listed = kept * sizeof(Entry) + kept * sizeof(Match);
  constexpr std::uint64_t k_per_profile = 256, k_fixed = 64ULL << 20;
  auto const above = options.all_above ? options.max_rows.value_or(0) * 2 * (4 * sizeof(Entry) + 2 * sizeof(Match)) : 0;
  auto const blocks = profiles / tile + 2;
  return k_fixed + vectors + thread_count(options) * per_thread + listed * per_listed + profiles * k_per_profile +
         above + 8 * blocks * blocks;
}

std::vector<std::uint32_t> shard_rows(std::size_t profiles, std::size_t shard, std::size_t shards) {
  auto const from = profiles * shard / shards, to = profiles * (shard + 1) / shards;
  std::vector<std::uint32_t> out;
  for (auto i = from; i < to; ++i)
    out.push_back(static_cast<std::uint32_t>(i));
  return out;
}

}  // namespace jvmm::scoring
