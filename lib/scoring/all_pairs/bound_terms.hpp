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

/// A map as `base + Σ clamp((cosine - start) × slope, 0, height)`, which is nowhere below the map at cosine + error.
struct Ramps {
  float base = 0;
  std::vector<float> start, slope, height;
};

Ramps upper_ramps(SimilarityMap const& map, double cosine_error);

struct SimilarityTerms {
  Ramps ramps;
  float overlap_slack = 0;
  float weight = 0, overlap_weight = 0;
  bool symmetric = false;
};

struct CodeTerms {
  std::vector<std::int32_t> code;  ///< by position
  std::size_t codes = 0;
  bool symmetric = false;
  std::vector<float> weighted, weights;  ///< row = source
  std::vector<float> weighted_by_target, weights_by_target;
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
  float epsilon = 0;
  float synergy_scale = 1;  ///< applied to Σ weighted / Σ weights, in steps of the rounding where there is one
  float synergy_half = 0;   ///< added before the step below
  bool synergy_floor = false;
  float synergy_unit = 1;     ///< applied after
  double relative_error = 0;  ///< of the inverse

  /// The largest inverse of a pair that may reach `score`; infinite for scores not above 0.
  float inverse_limit(double score) const;
};

/// cosine_error: how far an entry of a tile can be from the exact cosine.
BoundTerms make_bound_terms(PairModel const& model, Order const& order, double cosine_error);

}  // namespace jvmm::scoring
