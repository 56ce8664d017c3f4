#pragma once

#include <array>
#include <cstddef>
#include <utility>
#include <vector>

#include "scoring/all_pairs/hundredths.hpp"
#include "scoring/all_pairs/map_range.hpp"
#include "scoring/all_pairs/order.hpp"
#include "scoring/pair_model.hpp"

namespace jvmm::scoring {

/// Between these lies the rounded score.
struct ScoreRange {
  Hundredths low = 0, high = 0;
};

/// The entries of a tile for one pair of positions (a, b), by similarity: `forward` with a as source, `backward` with
/// b.
struct PairEntries {
  std::array<float, 2> forward = {}, backward = {};
};

/// Bounds of a pair's rounded score in double, without its vectors: mostly one and the same number, as the error of a
/// cosine seldom moves a dimension from one rounded value to the next. Thread-safe. **Cost** about 100 ns.
class ScoreRanges {
 public:
  /// `model` must outlive it. Copies what it reads of each profile in the order of positions, so that it stays in
  /// cache.
  ScoreRanges(PairModel const& model, Order const& order, double cosine_error);

  ScoreRange operator()(std::size_t a, std::size_t b, PairEntries const& entries) const;

 private:
  struct Sums {
    Interval weighted;
    double weights = 0;
    void add(Interval score, double weight) {
      weighted.low += score.low * weight;
      weighted.high += score.high * weight;
      weights += weight;
    }
  };
  struct Similarity {
    SimilarityFactor const* factor;
    MapRange map;
  };
  /// A CodeFactor with both numbers of a cell side by side, and once more with the target's code first: the pairs of
  /// one profile then read one short row of either.
  struct Codes {
    std::size_t codes = 0;
    std::vector<std::uint32_t> code;                            ///< by position
    std::vector<std::pair<float, float>> by_source, by_target;  ///< weighted, weight
  };
  /// A dimension's directional score is f(offset + slope × g(synergy)).
  struct Line {
    double offset = 0, slope = 0;
  };

  void add_similarity(Sums& sums, Similarity const& similarity, float entry) const;
  enum class Direction { forward, backward };
  Interval synergy(Sums sums, std::size_t a, std::size_t b, Direction direction) const;
  double transformed(double synergy) const;
  double inverse(double synergy, std::size_t source, std::size_t target) const;
  double mean(double inverse_ab, double inverse_ba) const;

  PairModel const& m_model;
  double m_step_inverse = 0;  ///< of the dimensions' rounding; 0: none
  double m_table_error = 0;
  bool m_has_network;
  std::vector<Similarity> m_similarities;
  std::vector<Codes> m_codes;
  std::vector<double> m_overlap_scores;
  std::vector<double> m_transformed;  ///< by rounded synergy, where it is rounded to few values
  std::vector<Line> m_lines;          ///< classes × positions
  std::vector<float> m_network;       ///< by position
  std::vector<std::uint8_t> m_source_class;
};

}  // namespace jvmm::scoring
