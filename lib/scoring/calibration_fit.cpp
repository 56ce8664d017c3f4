#include "scoring/calibration_fit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/error.hpp"

namespace jvmm::scoring {
namespace {

constexpr double k_zero_at = 2.0 / 5, k_ten_at = 4.0 / 5;  // probabilities at equally many matches and others
constexpr double k_least_share = 1.0 / 24;                 // of all weight in a bin …
constexpr std::size_t k_least_pairs = 5;                   // … and pairs, so that a few pairs make no step of their own
constexpr double k_bend = 0.25;                            // points of score that a dropped knot may matter
constexpr double k_normal_q90 = 1.2816, k_least_spread = 0.01;

/// Neighbouring pairs that isotonic regression gives the same probability.
struct Block {
  double weight = 0, label = 0, cosine = 0;  // the latter two are weighted sums
  std::size_t pairs = 0;

  double probability() const { return label / weight; }
  void take(Block const& other) {
    weight += other.weight;
    label += other.label;
    cosine += other.cosine;
    pairs += other.pairs;
  }
};

bool is_full(Block const& block) {
  return block.weight >= 2 * k_least_share && block.pairs >= k_least_pairs;
}

std::vector<Block> isotonic(std::vector<Block> const& ascending) {
  std::vector<Block> stack;
  for (auto block : ascending) {
    while (!stack.empty() && stack.back().probability() >= block.probability()) {
      block.take(stack.back());
      stack.pop_back();
    }
    stack.push_back(block);
  }
  return stack;
}

/// Bins by ascending cosine, equal ones in the same, matches and others weighing 1 in all each.
std::vector<Block> bins_of(std::span<LabelledPair const> pairs) {
  std::vector<LabelledPair> ascending(pairs.begin(), pairs.end());
  std::sort(ascending.begin(), ascending.end(), [](auto const& a, auto const& b) { return a.cosine < b.cosine; });
  double matches = 0;
  for (auto const& pair : ascending)
    matches += pair.label;
  double const others = static_cast<double>(pairs.size()) - matches;
  std::vector<Block> blocks;
  double last = 0;
  for (auto const& pair : ascending) {
    double const match = pair.label / matches;
    double const weight = match + (1 - pair.label) / others;
    if (blocks.empty() || (is_full(blocks.back()) && pair.cosine != last)) blocks.emplace_back();
    blocks.back().take({weight, match, weight * pair.cosine, 1});
    last = pair.cosine;
  }
  if (blocks.size() > 1 && !is_full(blocks.back())) {
    blocks[blocks.size() - 2].take(blocks.back());
    blocks.pop_back();
  }
  return blocks;
}

/// Digits that a person can read and a fit can vouch for.
Knot rounded(Knot knot) {
  return {std::round(knot.cosine * 1e6) / 1e6, std::round(knot.score * 1e3) / 1e3};
}

double score_of(double probability) {
  return std::clamp(10 * (probability - k_zero_at) / (k_ten_at - k_zero_at), 0.0, 10.0);
}

/// Adds the point that lies farthest from the line through those kept, until none matters or there are enough
/// (Ramer, Douglas and Peucker, by height and with a budget).
std::vector<Knot> simplified(std::vector<Knot> const& points, std::size_t most) {
  if (points.size() < 2) return points;
  std::vector<Knot> kept{points.front(), points.back()};
  while (kept.size() < most) {
    SimilarityMap const line{kept};
    auto const off = [&](Knot const& point) { return std::abs(line(point.cosine) - point.score); };
    auto const worst =
        std::max_element(points.begin(), points.end(), [&](auto const& a, auto const& b) { return off(a) < off(b); });
    if (off(*worst) < k_bend) break;
    auto const place = std::upper_bound(kept.begin(), kept.end(), *worst,
                                        [](auto const& a, auto const& b) { return a.cosine < b.cosine; });
    kept.insert(place, *worst);
  }
  return kept;
}

void require_enough(std::span<LabelledPair const> pairs) {
  auto const is_match = [](auto const& pair) { return pair.label >= 0.5; };
  auto const matches = static_cast<std::size_t>(std::count_if(pairs.begin(), pairs.end(), is_match));
  auto const others = pairs.size() - matches;
  if (matches < k_least_matches || others < k_least_matches)
    throw Error(Kind::bad_input, fmt::format("{} matches and {} others are labelled, expected at least {} of each",
                                             matches, others, k_least_matches))
        .hint("label more pairs, or calibrate from random pairs (without --pairs)");
  (void)auc_roc(pairs);  // refuses what is not finite
}

}  // namespace

SimilarityMap fit_labelled(std::span<LabelledPair const> pairs) {
  require_enough(pairs);
  std::vector<Knot> points;
  for (auto const& block : isotonic(bins_of(pairs)))
    points.push_back(rounded({block.cosine / block.weight, score_of(block.probability())}));
  // What lies beyond the last 0 and the first 10 says nothing more.
  auto const first_ten = std::find_if(points.begin(), points.end(), [](Knot const& k) { return k.score >= 10; });
  if (first_ten != points.end()) points.erase(first_ten + 1, points.end());
  auto const last_zero = std::find_if(points.rbegin(), points.rend(), [](Knot const& k) { return k.score <= 0; });
  if (last_zero != points.rend()) points.erase(points.begin(), last_zero.base() - 1);
  return {simplified(points, k_most_knots)};
}

Noise noise_of(std::span<double const> cosines) {
  if (cosines.size() < k_least_noise)
    throw Error(Kind::bad_input, fmt::format("{} random pairs are too few to know their noise, expected at least {}",
                                             cosines.size(), k_least_noise))
        .hint("embed more profiles with 'jvmm backfill-embeddings'");
  std::vector<double> sorted(cosines.begin(), cosines.end());
  if (!std::all_of(sorted.begin(), sorted.end(), [](double x) { return std::isfinite(x); }))
    throw Error(Kind::bad_input, "the cosine of a random pair is not a finite number");
  std::sort(sorted.begin(), sorted.end());
  auto const quantile = [&](double share) {  // linear between the two nearest, as numpy's default
    double const place = share * static_cast<double>(sorted.size() - 1);
    auto const low = static_cast<std::size_t>(place);
    auto const high = std::min(low + 1, sorted.size() - 1);
    return sorted[low] + (sorted[high] - sorted[low]) * (place - static_cast<double>(low));
  };
  Noise noise{quantile(0.5), quantile(0.9), quantile(0.99), 0};
  noise.spread = std::max((noise.q90 - noise.median) / k_normal_q90, k_least_spread);
  return noise;
}

SimilarityMap fit_noise_floor(Noise const& noise) {
  SimilarityMap map;
  Knot const rule[]{{-1, 0}, {0, 1}, {k_normal_q90, 3}, {2.25, 7}, {3.5, 10}};
  // Where the noise reaches up to 1 the map is squeezed below it, so that equal texts are always 10.
  double const step = std::max(std::min(noise.spread, (1 - noise.median) / 3.5), 1e-6);
  for (auto const& [spreads, score] : rule)
    map.knots.push_back(rounded({noise.median + spreads * step, score}));
  return map;
}

}  // namespace jvmm::scoring
