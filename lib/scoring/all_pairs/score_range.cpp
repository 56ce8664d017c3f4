#include "scoring/all_pairs/score_range.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "scoring/all_pairs/bound_terms.hpp"

namespace jvmm::scoring {
namespace {

// How far another order of the same double operations can lead, generously; relative.
constexpr double k_double_error = 1e-11;
constexpr double k_tie = 1e-7;  // in units of the last decimal

/// Whole numbers between which lie the half-to-even roundings of everything in low..high.
std::pair<double, double> rounded(double low, double high) {
  return {std::ceil(low - 0.5 - k_tie), std::floor(high + 0.5 + k_tie)};
}

}  // namespace

void ScoreRanges::Sums::add(Interval score, double weight) {
  weighted.low += score.low * weight;
  weighted.high += score.high * weight;
  weights += weight;
}

ScoreRanges::ScoreRanges(PairModel const& model, double cosine_error) : m_model(model), m_cosine_error(cosine_error) {
  if (model.dimension_decimals >= 0) m_step_inverse = std::pow(10.0, model.dimension_decimals);
  if (!model.code_factors.empty() || model.network_weight > 0) m_table_error = 0x1p-22;  // they are float32
  for (auto const* factor : {&model.offering_seeking, &model.audience})
    if (factor->weight > 0 || factor->overlap_weight > 0) m_similarities.push_back(factor);
  m_overlap_scores = {model.overlap.otherwise, model.overlap.blank};
  for (auto const& step : model.overlap.steps)
    m_overlap_scores.push_back(step.score);
}

void ScoreRanges::add_similarity(Sums& sums, std::size_t which, float entry) const {
  auto const& factor = *m_similarities[which];
  if (entry < k_overlap_mark / 2) {
    sums.add({factor.map(entry - m_cosine_error), factor.map(entry + m_cosine_error)}, factor.weight);
    return;
  }
  for (auto const score : m_overlap_scores)
    if (static_cast<float>(k_overlap_mark + score) == entry) return sums.add({score, score}, factor.overlap_weight);
}

auto ScoreRanges::synergy(Sums sums, std::size_t source, std::size_t target) const -> Interval {
  for (auto const& factor : m_model.code_factors) {
    auto const at = factor.code[source] * factor.codes + factor.code[target];
    sums.weighted.low += factor.weighted[at];
    sums.weighted.high += factor.weighted[at];
    sums.weights += factor.weights[at];
  }
  if (m_model.network_weight > 0 && !m_model.network.empty()) {
    auto const mean = (double{m_model.network[source]} + m_model.network[target]) / 2;
    if (!std::isnan(mean)) sums.add({mean, mean}, m_model.network_weight);
  }
  if (sums.weights <= 0) return {};
  auto const error = k_double_error + m_table_error;
  Interval out{sums.weighted.low / sums.weights * (1 - error), sums.weighted.high / sums.weights * (1 + error)};
  if (m_step_inverse > 0) {
    auto const [low, high] = rounded(out.low * m_step_inverse, out.high * m_step_inverse);
    out = {low / m_step_inverse, high / m_step_inverse};
  }
  return out;
}

double ScoreRanges::directional(double synergy, std::size_t source, std::size_t target) const {
  auto const c = m_model.source_classes > 1 ? m_model.source_class[source] : 0u;
  auto const rest = m_model.rest[c * m_model.profiles + target];
  auto const total = m_model.total_weight[target];
  auto const w = m_model.synergy_weight;
  switch (m_model.dimension_mean) {
    case DimensionMean::geometric:
      return 10 * std::exp((rest + w * std::log(std::max(synergy, m_model.epsilon))) / total);
    case DimensionMean::harmonic:
      return 10 * total / (rest + w / std::max(synergy, m_model.epsilon));
    case DimensionMean::arithmetic:
      return 10 * (rest + w * synergy) / total;
  }
  return 0;
}

double ScoreRanges::mean(double ab, double ba) const {
  if (ab <= 0 || ba <= 0) return 0;
  switch (m_model.pair_mean) {
    case PairMean::harmonic:
      return 2 / (1 / ab + 1 / ba);
    case PairMean::geometric:
      return std::sqrt(ab * ba);
    case PairMean::minimum:
      return std::min(ab, ba);
  }
  return 0;
}

ScoreRange ScoreRanges::operator()(std::size_t a, std::size_t b, PairEntries const& entries) const {
  Sums forward, backward;
  for (std::size_t s = 0; s < m_similarities.size(); ++s) {
    add_similarity(forward, s, entries.forward[s]);
    add_similarity(backward, s, entries.backward[s]);
  }
  auto const ab = synergy(forward, a, b), ba = synergy(backward, b, a);
  auto const low = mean(directional(ab.low, a, b), directional(ba.low, b, a));
  auto const high =
      ab.low == ab.high && ba.low == ba.high ? low : mean(directional(ab.high, a, b), directional(ba.high, b, a));
  auto const [least, most] = rounded(100 * low * (1 - k_double_error), 100 * high * (1 + k_double_error));
  return {static_cast<Hundredths>(std::max(0.0, least)), static_cast<Hundredths>(std::clamp(most, 0.0, 65535.0))};
}

}  // namespace jvmm::scoring
