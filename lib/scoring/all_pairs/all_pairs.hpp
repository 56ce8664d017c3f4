#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/stop_token.hpp"
#include "scoring/pair_model.hpp"

namespace jvmm::scoring {

/// Where a run keeps what it has done, so that the same run can go on after a stop or a crash. Written as a whole:
/// to a file beside it, synced and renamed.
struct Checkpoint {
  std::filesystem::path path;
  /// Names the data (model, profiles, time). A file of another fingerprint, of other options, or damaged counts as
  /// none.
  std::string fingerprint;
  std::chrono::seconds every{60};  ///< also written when the run is stopped, and when all tiles are done
};

struct AllPairsOptions {
  std::size_t top = 50;                        ///< partners kept per profile
  double min_score = 0;                        ///< of a partner among the best, 0..100, compared with the rounded score
  std::optional<double> all_above = {};        ///< and every partner whose rounded score reaches this
  std::optional<std::uint64_t> max_rows = {};  ///< pairs that may reach all_above; more end the run
  std::size_t tile = 0;                        ///< profiles along each side of a tile; 0: chosen by the engine
  std::size_t threads = 0;                     ///< 0: all processors
  /// The profiles to make lists for, ascending, each once; absent: all. Their partners are always all profiles.
  std::optional<std::span<std::uint32_t const>> rows = {};
  /// For profiles outside `rows` (one number per profile, those of `rows` are not read): their list is every profile
  /// of `rows` whose rounded score with them reaches it. NaN: none. A multiple of 0.01 up to float rounding.
  std::span<float const> floor = {};
  Checkpoint const* checkpoint = nullptr;
  std::function<void(std::uint64_t done, std::uint64_t total)> progress = {};  ///< in tiles, from one thread at a time

  /// What is wrong, or absent. `profiles`: of the model.
  std::optional<std::string> problem(std::size_t profiles) const;
};

struct Match {
  std::uint32_t index = 0;
  double score = 0;  ///< PairScorer's, not rounded
  friend bool operator==(Match const&, Match const&) = default;
};

/// Seconds of products and bounds are summed over threads; the others are of the clock on the wall.
struct AllPairsMeasures {
  std::uint64_t tiles = 0, resumed_tiles = 0;
  std::uint64_t pairs = 0;        ///< whose own bound was computed, in this run
  std::uint64_t skipped = 0;      ///< ruled out together with others, by what their profiles have apart from synergy
  std::uint64_t candidates = 0;   ///< that the bound did not rule out
  std::uint64_t evaluations = 0;  ///< calls of PairScorer
  double gemm_seconds = 0, bound_seconds = 0;
  double exact_seconds = 0;  ///< of the last step: exact scores and order of what is left
  double wall_seconds = 0;
};

struct AllPairsResult {
  bool complete = false;             ///< false: stopped between tiles; there are no lists
  std::vector<std::uint64_t> begin;  ///< profiles + 1 places in `matches`
  std::vector<Match> matches;
  AllPairsMeasures measures;

  /// Best first: higher score rounded to 2 decimals, then smaller index.
  std::span<Match const> list(std::size_t profile) const {
    return std::span(matches).subspan(begin[profile], begin[profile + 1] - begin[profile]);
  }
};

/// The best partners of each profile among all others. A partner is eligible (PairModel::insufficient) and not
/// excluded. What is kept, and its order, is decided by PairScorer::score(smaller index, larger index) rounded to 2
/// decimals (half to even, of the exact binary value); the model only rules out what provably cannot be kept
/// (docs/algorithms/all_pairs.md). So the lists are the same for any tile, number of threads, checkpoint, processor.
/// REQUIRES: the scorer agrees with the formulas of PairModel up to double rounding; vectors are of norm 1 up to 1e-3,
/// or zero.
/// **Throws** usage for options that contradict one another or exceed max_rows, internal for a model that is not as
/// described, local_io for the checkpoint. **Threads**: starts `threads`; any thread may call it.
/// **Cost** n²/2 × (6 × dims flops + about 15 ns); memory: all_pairs_bytes.
AllPairsResult all_pairs(PairModel const& model, PairScorer const& scorer, AllPairsOptions const& options,
                         StopToken const& stop);

/// Upper bound of the memory that all_pairs takes beside the model and the scorer, with the options' rows, top, tile
/// and threads; pairs at or above all_above as many as max_rows says. Not counted: 8 bytes for each token of the model
/// where vectors are absent.
std::uint64_t all_pairs_bytes(std::size_t profiles, std::size_t dims, AllPairsOptions const& options);

/// Part `shard` of 0..shards-1: a contiguous share of the profiles, for AllPairsOptions::rows.
std::vector<std::uint32_t> shard_rows(std::size_t profiles, std::size_t shard, std::size_t shards);

struct RowsAbove {
  double expected = 0;  ///< pairs whose rounded score reaches the threshold
  double at_most = 0;   ///< upper end of the 99.9 % interval (Wilson, one-sided)
};

/// Estimates how many eligible pairs reach `threshold`, excluded ones included, from `sample` random pairs of this
/// seed; counts all where there are no more pairs than that. **Cost** `sample` calls of the scorer.
RowsAbove estimate_rows_above(PairModel const& model, PairScorer const& scorer, double threshold,
                              std::size_t sample = 20'000, std::uint64_t seed = 1);

}  // namespace jvmm::scoring
