#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "scoring/all_pairs/order.hpp"
#include "scoring/pair_model.hpp"

namespace jvmm::scoring {

/// An entry of a tile that is a word-overlap score and no cosine: k_overlap_mark + score. A cosine is below 2.
inline constexpr float k_overlap_mark = 4;

/// How many numbers may be read past the last position of an array of positions, or past a row of a tile.
inline constexpr std::size_t k_padding = 64;

/// A map from cosine to score, nowhere below SimilarityMap at cosine + error:
/// base + Σ bend × max(cosine, at) + Σ (height where cosine >= from).
struct UpperMap {
  float base = 0;
  std::vector<float> at, bend;      ///< of the piecewise linear part
  std::vector<float> from, height;  ///< of steps, and of what is nearly as steep
};

UpperMap upper_map(SimilarityMap const& map, double cosine_error);

struct SimilarityTerms {
  UpperMap map;
  float overlap_slack = 0;
  float weight = 0, overlap_weight = 0;
  bool symmetric = false;
};

/// A CodeFactor in fixed point, two numbers a word, as a gather costs more than all that is done with its result:
/// weighted sums rounded up, weights down.
struct CodeTerms {
  std::vector<std::int32_t> code;  ///< by position
  std::size_t codes = 0;
  bool symmetric = false;
  float weighted_unit = 1, weights_unit = 1;
  /// Row = code of the tile's row. Symmetric: `first` has weighted (low half) and weights (high half), `second`
  /// nothing. Else `first` has the weighted sums of the forward (low) and backward direction, `second` the weights.
  std::vector<std::int32_t> first, second;
};

/// What the vectorised upper bound reads: PairModel in float32, by position, rounded so that nothing is bounded from
/// below. The bound comes as an *inverse*: mean of the inverses of both directional scores, so that a pair can reach a
/// score only if its inverse is at most inverse_limit(score).
struct BoundTerms {
  std::vector<SimilarityTerms> similarities;  ///< those of PairModel that have a weight
  std::vector<CodeTerms> codes;
  bool has_network = false;
  std::vector<float> network_weighted, network_weight;  ///< by position; half the mean's share; 0 where there is none
  std::vector<float> network_half;                      ///< by position; NaN where there is none

  DimensionMean dimension_mean = DimensionMean::geometric;
  PairMean pair_mean = PairMean::harmonic;
  std::size_t stride = 0;  ///< of `offset`
  std::vector<std::int32_t> source_class;
  std::size_t source_classes = 1;
  std::vector<float> offset;  ///< source_classes × stride: directional = f(offset + slope × g(synergy))
  std::vector<float> slope;   ///< by position of the target
  /// By position of the target: no directional score of any source has an inverse below it.
  std::vector<float> least_inverse;
  float epsilon = 0;
  float synergy_scale = 1;  ///< applied to Σ weighted / Σ weights, in steps of the rounding where there is one
  float synergy_half = 0;   ///< added before the step below
  bool synergy_floor = false;
  float synergy_unit = 1;     ///< applied after
  double relative_error = 0;  ///< of the inverse

  /// Of a pair, from those of its directional scores.
  float mean_inverse(float ab, float ba) const;

  /// The largest inverse of a pair that may reach `score`; infinite for scores not above 0.
  float inverse_limit(double score) const;
};

/// How good a partner each profile is apart from synergy; in no unit.
std::vector<double> partner_quality(PairModel const& model);

/// cosine_error: how far an entry of a tile can be from the exact cosine.
BoundTerms make_bound_terms(PairModel const& model, Order const& order, double cosine_error);

}  // namespace jvmm::scoring
