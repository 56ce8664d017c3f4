#include "scoring/similarity_map.hpp"

#include <algorithm>
#include <cmath>

namespace jvmm::scoring {

double SimilarityMap::operator()(double cosine) const {
  auto const above =
      std::upper_bound(knots.begin(), knots.end(), cosine, [](double x, Knot const& knot) { return x < knot.cosine; });
  if (above == knots.begin()) return above->score;
  auto const& low = *std::prev(above);
  if (above == knots.end() || above->score == low.score) return low.score;
  return low.score + (above->score - low.score) * (cosine - low.cosine) / (above->cosine - low.cosine);
}

std::optional<std::string> SimilarityMap::problem() const {
  if (knots.empty()) return "there is no knot";
  for (std::size_t i = 0; i < knots.size(); ++i) {
    auto const& knot = knots[i];
    if (!std::isfinite(knot.cosine) || !std::isfinite(knot.score)) return "a knot is not a finite number";
    if (knot.score < 0 || knot.score > 10) return "a score is outside 0..10";
    if (i == 0) continue;
    if (knot.cosine < knots[i - 1].cosine) return "the cosines are out of order";
    if (knot.score < knots[i - 1].score) return "the scores descend";
  }
  return std::nullopt;
}

}  // namespace jvmm::scoring
