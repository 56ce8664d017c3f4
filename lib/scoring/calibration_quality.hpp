#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "scoring/similarity_map.hpp"

namespace jvmm::scoring {

/// Two texts whose likeness somebody has judged.
struct LabelledPair {
  double cosine = 0;
  double label = 0;  ///< 0 no match … 1 match; in between it counts as that much of a match and the rest of none
};

/// All measures below: **Throws** bad_input for a cosine or label that is not finite or out of range (label 0..1), and
/// where no pair is a match or none is not. Thread-safe. **Cost** O(n log n).

/// The chance that a match has the greater cosine than a pair that is none; equal cosines count half.
double auc_roc(std::span<LabelledPair const> pairs);

/// Average precision: the sum over falling cosines of precision × gain in recall (equal cosines at once), which is the
/// area under the precision-recall curve without interpolation.
double auc_pr(std::span<LabelledPair const> pairs);

struct BestF1 {
  double f1 = 0;
  double cosine = 0;  ///< at or above it is taken for a match; the highest such cosine if several are as good
};
BestF1 best_f1(std::span<LabelledPair const> pairs);

struct ReliabilityBin {
  double from = 0, to = 0;  ///< of score; `to` belongs to the last bin only
  std::size_t pairs = 0;
  double mean_score = 0;  ///< 0..10
  double matches = 0;     ///< share of matches, 0..1, as if matches and others were equally many
};

struct Reliability {
  std::vector<ReliabilityBin> bins;  ///< those with pairs
  double error =
      0;  ///< expected calibration error: mean of |matches − mean_score / 10|, matches and others equally many
};

/// How far score / 10 is a probability of a match where matches and others are equally many. REQUIRES: bins > 0.
Reliability reliability(std::span<LabelledPair const> pairs, SimilarityMap const& map, std::size_t bins = 10);

struct Measure {
  double value = 0;
  double low = 0, high = 0;  ///< 95 % bootstrap interval over pairs; too narrow where pairs share profiles
};

struct Quality {
  std::size_t matches = 0, others = 0;  ///< pairs with label at least ½, and below
  Measure auc_roc, auc_pr;
  BestF1 best_f1;
  double mean_match = 0, mean_other = 0;  ///< mean score of either, 0..10
  Reliability reliability;
};

/// All of it. The same seed gives the same intervals. **Cost** O(n (log n + resamples)).
Quality measure(std::span<LabelledPair const> pairs, SimilarityMap const& map, std::uint64_t seed = 1,
                std::size_t resamples = 200);

}  // namespace jvmm::scoring
