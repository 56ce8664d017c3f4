#pragma once

#include <cstddef>
#include <span>

#include "scoring/calibration_quality.hpp"
#include "scoring/similarity_map.hpp"

namespace jvmm::scoring {

/// Fewer cosines than these fit nothing.
inline constexpr std::size_t k_least_matches = 10;  ///< and as many pairs that are none
inline constexpr std::size_t k_least_noise = 100;
inline constexpr std::size_t k_most_knots = 10;

/// A map from judged pairs (docs/algorithms/calibration.md): isotonic regression of the label on the cosine (pool
/// adjacent violators), matches and others weighing the same; the probability p it gives becomes a score that is 0 up
/// to odds of 3 : 4 (p = 3/7), 10 from odds of 3 : 1 (p = 3/4), and linear in p between; the steps become a line
/// through their centres, of which at most 10 points are kept, those that bend it most.
/// **Throws** bad_input for fewer than 10 matches or others, and as the measures do. Thread-safe. **Cost** O(n log n).
SimilarityMap fit_labelled(std::span<LabelledPair const> pairs);

/// What the cosines of pairs drawn at random look like.
struct Noise {
  double median = 0;
  double q90 = 0;  ///< quantiles
  double q99 = 0;
  double spread = 0;  ///< (q90 − median) / 1.2816: a standard deviation, were the upper half normal; at least 0.01
};

/// **Throws** bad_input for fewer than 100 cosines, or one that is not finite.
Noise noise_of(std::span<double const> cosines);

/// A map from noise alone: score 0 one spread below the median of random pairs, 1 at the median, 3 at the 90th
/// percentile, 7 at 2.25 spreads above the median (which one random pair in eighty or so reaches), 10 at 3.5. Where the
/// noise reaches up to 1 the spread is taken smaller, so that equal texts are 10. Thread-safe.
SimilarityMap fit_noise_floor(Noise const& noise);

}  // namespace jvmm::scoring
