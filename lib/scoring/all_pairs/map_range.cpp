#include "scoring/all_pairs/map_range.hpp"

#include <limits>

namespace jvmm::scoring {

MapRange::MapRange(SimilarityMap const& map, double cosine_error) : m_error(cosine_error) {
  auto const& knots = map.knots;
  m_segments.push_back({0, knots.front().score, 0});
  for (std::size_t k = 0; k < knots.size(); ++k) {
    auto const last = k + 1 == knots.size();
    auto const height = last ? 0 : knots[k + 1].score - knots[k].score;
    auto const width = last ? 0 : knots[k + 1].cosine - knots[k].cosine;
    m_segments.push_back({knots[k].cosine, knots[k].score, height > 0 && width > 0 ? height / width : 0});
  }
  m_segments[0].from = -std::numeric_limits<double>::max();
  m_start.resize(k_cells);
  for (std::size_t c = 1; c < k_cells; ++c) {
    auto const begin = static_cast<double>(c) / (k_cells / 2) - 1;
    m_start[c] = static_cast<std::uint32_t>(segment(0, begin - 1e-9));
  }
}

}  // namespace jvmm::scoring
