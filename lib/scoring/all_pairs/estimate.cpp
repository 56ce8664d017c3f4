#include <algorithm>
#include <cmath>
#include <random>

#include "scoring/all_pairs/all_pairs.hpp"
#include "scoring/all_pairs/hundredths.hpp"

namespace jvmm::scoring {
namespace {

constexpr double k_normal_999 = 3.0902;  // 99.9 % quantile of the standard normal distribution

bool reaches(PairModel const& model, PairScorer const& scorer, std::size_t a, std::size_t b, double threshold) {
  bool const first = model.insufficient[a], second = model.insufficient[b];
  if (model.gate_both ? first && second : first || second) return false;
  return hundredths(scorer.score(std::min(a, b), std::max(a, b))) >= threshold * 100 - 1e-7;
}

RowsAbove count_all(PairModel const& model, PairScorer const& scorer, double threshold) {
  double count = 0;
  for (std::size_t b = 1; b < model.profiles; ++b)
    for (std::size_t a = 0; a < b; ++a)
      count += reaches(model, scorer, a, b, threshold);
  return {count, count};
}

/// Upper end of Wilson's score interval for a share of `hits` in `trials`.
double wilson_upper(double hits, double trials) {
  auto const z2 = k_normal_999 * k_normal_999, share = hits / trials;
  auto const spread = k_normal_999 * std::sqrt(share * (1 - share) / trials + z2 / (4 * trials * trials));
  return std::min(1.0, (share + z2 / (2 * trials) + spread) / (1 + z2 / trials));
}

}  // namespace

RowsAbove estimate_rows_above(PairModel const& model, PairScorer const& scorer, double threshold, std::size_t sample,
                              std::uint64_t seed) {
  auto const n = static_cast<double>(model.profiles);
  auto const pairs = n * (n - 1) / 2;
  if (pairs <= static_cast<double>(sample)) return count_all(model, scorer, threshold);
  std::mt19937_64 random(seed);
  double hits = 0;
  for (std::size_t drawn = 0; drawn < sample;) {
    auto const a = random() % model.profiles, b = random() % model.profiles;
    if (a == b) continue;
    ++drawn;
    hits += reaches(model, scorer, a, b, threshold);
  }
  auto const trials = static_cast<double>(sample);
  return {pairs * hits / trials, pairs * wilson_upper(hits, trials)};
}

}  // namespace jvmm::scoring
