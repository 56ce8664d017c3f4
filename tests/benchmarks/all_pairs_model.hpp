#pragma once

#include <cstddef>

#include "scoring/pair_model.hpp"

namespace jvmm::bench {

/// A model of realistic shape: vectors in 25 clusters, a calibrated map of 8 knots, 12 roles × 6 tiers × 4 sizes in one
/// table, platforms in another, network, a little missing. The same for the same numbers.
scoring::PairModel clustered_model(std::size_t profiles, std::size_t dims);

/// One symmetric similarity and nothing else: a pair's score is 50 × (1 + cosine).
scoring::PairModel cosine_model(std::size_t profiles, std::size_t dims);

/// The formulas of such a model in double: geometric mean, harmonic pair mean. Not what `explain` runs, but its cost.
class ClusteredScorer : public scoring::PairScorer {
 public:
  explicit ClusteredScorer(scoring::PairModel const& model) : m_model(model) {}
  double score(std::size_t a, std::size_t b) const override;

 private:
  double directional(std::size_t source, std::size_t target, double audience) const;
  double similarity(scoring::SimilarityFactor const& factor, std::size_t source, std::size_t target) const;

  scoring::PairModel const& m_model;
};

class CosineScorer : public scoring::PairScorer {
 public:
  explicit CosineScorer(scoring::PairModel const& model) : m_model(model) {}
  double score(std::size_t a, std::size_t b) const override;

 private:
  scoring::PairModel const& m_model;
};

}  // namespace jvmm::bench
