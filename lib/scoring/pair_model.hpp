#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "scoring/similarity_map.hpp"

namespace jvmm::scoring {

enum class DimensionMean { geometric, harmonic, arithmetic };
enum class PairMean { harmonic, geometric, minimum };

/// Sets of tokens, ascending, one per profile.
using TokenSets = std::vector<std::vector<std::uint32_t>>;

/// Word overlap: the share of the smaller set that is common, through steps.
struct OverlapSteps {
  struct Step {
    double at_least = 0;  ///< ratio
    double score = 0;
  };
  std::vector<Step> steps;  ///< descending
  double otherwise = 3;     ///< below the last step
  double blank = 3;         ///< no token on either side
};

/// One of the two similarities of synergy, target against source: score[s][t] = map(cosine(source_s, target_t)) where
/// both have a vector, else word overlap of their tokens.
struct SimilarityFactor {
  std::vector<float> source, target;  ///< profiles × dims, row-major, unit rows; zeros where absent
  std::vector<std::uint8_t> has_source, has_target;
  TokenSets source_tokens, target_tokens;
  SimilarityMap map;
  double weight = 0;          ///< where cosine is used
  double overlap_weight = 0;  ///< where word overlap is used
  bool symmetric = false;     ///< source and target are the same; `target…` is then empty
};

/// A factor, or several together, that depend on a small code of each profile: what is added to the weighted sum of
/// synergy and to the sum of its weights, for each (source code, target code).
struct CodeFactor {
  std::vector<std::uint32_t> code;  ///< per profile, < codes
  std::size_t codes = 0;
  std::vector<float> weighted, weights;  ///< codes × codes, row = source; weights 0 where it does not fire
};

/// All that decides the score of every pair of a set of profiles, as plain arrays: what the all-pairs engine computes
/// with. Made by Scorer::pair_model. Scores are 0..10 per factor and dimension, 0..100 per pair.
///
/// directional(s → t) = 10 × mean over dimensions of (rest, synergy):
///   geometric   10 × exp((rest[c][t] + w ln max(synergy, epsilon)) / total_weight[t]), rest = Σ w_d ln max(score_d,
///   epsilon) harmonic    10 × total_weight[t] / (rest[c][t] + w / max(synergy, epsilon)),       rest = Σ w_d /
///   max(score_d, epsilon) arithmetic  10 × (rest[c][t] + w × synergy) / total_weight[t],                     rest = Σ
///   w_d × score_d
/// where c = source_class[s], w = synergy_weight, and synergy = 10 × Σ weighted / (10 × Σ weights), rounded to
/// `dimension_decimals` if that is not negative. Both directions at or below 1e-10: the pair's score is 0.
struct PairModel {
  std::size_t profiles = 0, dims = 0;
  SimilarityFactor offering_seeking;  ///< source: seeking; target: offering, else what_you_do
  SimilarityFactor audience;          ///< symmetric
  OverlapSteps overlap;
  std::vector<CodeFactor> code_factors;
  std::vector<float> network;  ///< composite 0..10, NaN where there is none; fires where both have one, as their mean
  double network_weight = 0;

  DimensionMean dimension_mean = DimensionMean::geometric;
  PairMean pair_mean = PairMean::harmonic;
  double epsilon = 1e-10;
  int dimension_decimals = 2;  ///< -1: not rounded
  double synergy_weight = 0;
  std::size_t source_classes = 1;  ///< what of the source shapes the other dimensions (content style)
  std::vector<std::uint8_t> source_class;
  std::vector<double> rest;          ///< source_classes × profiles
  std::vector<double> total_weight;  ///< per profile

  std::vector<std::uint8_t> insufficient;  ///< profiles of which no two make a pair (both below the gate), if gate_both
  bool gate_both = true;                   ///< false: one insufficient side is enough to make a pair ineligible
  std::vector<std::pair<std::uint32_t, std::uint32_t>> excluded;  ///< unordered pairs that are not to be suggested
};

/// The exact score of one pair, by the function that also serves `explain`.
class PairScorer {
 public:
  virtual ~PairScorer() = default;
  /// Harmonic mean (or what the profile's pair mean is), 0..100, not rounded. Thread-safe.
  virtual double score(std::size_t a, std::size_t b) const = 0;
};

}  // namespace jvmm::scoring
