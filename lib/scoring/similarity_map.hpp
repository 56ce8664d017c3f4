#pragma once

#include <optional>
#include <string>
#include <vector>

namespace jvmm::scoring {

/// A point of a map: at this cosine, this score (0..10).
struct Knot {
  double cosine = 0;
  double score = 0;
  friend bool operator==(Knot const&, Knot const&) = default;
};

/// A monotone map from cosine similarity to a factor's score, piecewise linear. Two knots of the same cosine make a
/// step, which is reached at the cosine itself; before the first knot its score holds, after the last the last one's.
/// Steps, a line and a fitted calibration are all of this form.
struct SimilarityMap {
  std::vector<Knot> knots;  ///< at least one; neither cosines nor scores descend

  /// REQUIRES: cosine is no NaN. Thread-safe. **Cost** O(knots).
  double operator()(double cosine) const;

  /// What is wrong with the knots, or absent.
  std::optional<std::string> problem() const;

  friend bool operator==(SimilarityMap const&, SimilarityMap const&) = default;
};

}  // namespace jvmm::scoring
