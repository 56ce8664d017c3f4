#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "scoring/similarity_map.hpp"

namespace jvmm::scoring {

struct Interval {
  double low = 0, high = 0;
};

/// A map at a cosine known up to an error, up to double rounding: a grid leads to the knots, so that it hardly
/// branches.
class MapRange {
 public:
  /// REQUIRES: !map.problem().
  MapRange(SimilarityMap const& map, double cosine_error);

  Interval operator()(double cosine) const {
    auto const low = cosine - m_error, high = cosine + m_error;
    auto const first = segment(m_start[cell(low)], low), last = segment(first, high);
    return {m_segments[first].at(low), m_segments[last].at(high)};
  }

 private:
  static constexpr std::size_t k_cells = 512;

  /// From `from` on, score + slope × (cosine - from).
  struct Segment {
    double from = 0, score = 0, slope = 0;
    double at(double cosine) const { return score + slope * (cosine - from); }
  };

  static std::size_t cell(double cosine) {
    auto const place = (cosine + 1) * (k_cells / 2);
    return place <= 0 ? 0 : place >= k_cells - 1 ? k_cells - 1 : static_cast<std::size_t>(place);
  }
  std::size_t segment(std::size_t at_least, double cosine) const {
    while (at_least + 1 < m_segments.size() && m_segments[at_least + 1].from <= cosine)
      ++at_least;
    return at_least;
  }

  double m_error;
  std::vector<Segment> m_segments;     ///< the first is of all before the first knot
  std::vector<std::uint32_t> m_start;  ///< by cell, a segment not after any of its cosines'
};

}  // namespace jvmm::scoring
