#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "scoring/all_pairs/hundredths.hpp"
#include "scoring/pair_model.hpp"

namespace jvmm::scoring {

/// Between these lies the rounded score.
struct ScoreRange {
  Hundredths low = 0, high = 0;
};

/// The entries of a tile for one pair (a, b), by similarity: `forward` with a as source, `backward` with b.
struct PairEntries {
  std::array<float, 2> forward = {}, backward = {};
};

/// Bounds of a pair's rounded score in double, without its vectors: mostly one and the same number, as the error of a
/// cosine seldom moves a dimension from one rounded value to the next. Thread-safe. **Cost** about 100 ns.
class ScoreRanges {
 public:
  /// `model` must outlive it.
  ScoreRanges(PairModel const& model, double cosine_error);

  ScoreRange operator()(std::size_t a, std::size_t b, PairEntries const& entries) const;

 private:
  struct Interval {
    double low = 0, high = 0;
  };
  struct Sums {
    Interval weighted;
    double weights = 0;
    void add(Interval score, double weight);
  };

  void add_similarity(Sums& sums, std::size_t which, float entry) const;
  Interval synergy(Sums sums, std::size_t source, std::size_t target) const;
  double directional(double synergy, std::size_t source, std::size_t target) const;
  double mean(double ab, double ba) const;

  PairModel const& m_model;
  double m_cosine_error;
  double m_step_inverse = 0;  ///< of the dimensions' rounding; 0: none
  double m_table_error = 0;
  std::vector<SimilarityFactor const*> m_similarities;
  std::vector<double> m_overlap_scores;
};

}  // namespace jvmm::scoring
