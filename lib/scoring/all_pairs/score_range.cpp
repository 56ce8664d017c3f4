#include "scoring/all_pairs/score_range.hpp"

#include <algorithm>
#include <cmath>

#include "scoring/all_pairs/bound_terms.hpp"

namespace jvmm::scoring {
namespace {

// How far another order of the same double operations can lead, generously; relative.
constexpr double k_double_error = 1e-11;
constexpr double k_tie = 1e-7;  // in units of the last decimal

/// Whole numbers between which lie the half-to-even roundings of everything in `values`. REQUIRES: 0 <= values < 1e15.
Interval rounded(Interval values) {
  auto const low = values.low - 0.5 - k_tie;
  auto const whole = static_cast<double>(static_cast<std::int64_t>(low));
  auto const high = static_cast<double>(static_cast<std::int64_t>(values.high + 0.5 + k_tie));
  return {whole + (low > whole ? 1 : 0), high};
}

template <class T>
std::vector<T> by_position(Order const& order, std::vector<T> const& by_index) {
  std::vector<T> out;
  out.reserve(order.index.size());
  for (auto const index : order.index)
    out.push_back(by_index[index]);
  return out;
}

}  // namespace

ScoreRanges::ScoreRanges(PairModel const& model, Order const& order, double cosine_error)
    : m_model(model), m_has_network(model.network_weight > 0 && !model.network.empty()) {
  if (!model.code_factors.empty() || m_has_network) m_table_error = 0x1p-22;  // they are float32
  for (auto const* factor : {&model.offering_seeking, &model.audience})
    if (factor->weight > 0 || factor->overlap_weight > 0)
      m_similarities.push_back({factor, MapRange(factor->map, cosine_error)});
  for (auto const& factor : model.code_factors) {
    auto& codes = m_codes.emplace_back();
    codes.codes = factor.codes;
    codes.code = by_position(order, factor.code);
    for (std::size_t at = 0; at < factor.weighted.size(); ++at) {
      auto const mirrored = at % factor.codes * factor.codes + at / factor.codes;
      codes.by_source.emplace_back(factor.weighted[at], factor.weights[at]);
      codes.by_target.emplace_back(factor.weighted[mirrored], factor.weights[mirrored]);
    }
  }
  m_overlap_scores = {model.overlap.otherwise, model.overlap.blank};
  for (auto const& step : model.overlap.steps)
    m_overlap_scores.push_back(step.score);
  if (model.dimension_decimals >= 0) m_step_inverse = std::pow(10.0, model.dimension_decimals);
  if (model.dimension_decimals >= 0 && model.dimension_decimals <= 4)
    for (double k = 0; k <= 10 * m_step_inverse; ++k)
      m_transformed.push_back(transformed(k / m_step_inverse));
  if (m_has_network) m_network = by_position(order, model.network);
  if (model.source_classes > 1) m_source_class = by_position(order, model.source_class);
  for (std::size_t c = 0; c < model.source_classes; ++c)
    for (auto const target : order.index) {
      auto const total = model.total_weight[target];
      m_lines.push_back({model.rest[c * model.profiles + target] / total, model.synergy_weight / total});
    }
}

void ScoreRanges::add_similarity(Sums& sums, Similarity const& similarity, float entry) const {
  if (entry < k_overlap_mark / 2) return sums.add(similarity.map(double{entry}), similarity.factor->weight);
  for (auto const score : m_overlap_scores)
    if (static_cast<float>(k_overlap_mark + score) == entry)
      return sums.add({score, score}, similarity.factor->overlap_weight);
}

/// In units of the dimensions' rounding where there is one.
Interval ScoreRanges::synergy(Sums sums, std::size_t a, std::size_t b, Direction direction) const {
  for (auto const& factor : m_codes) {
    auto const& cells = direction == Direction::forward ? factor.by_source : factor.by_target;
    auto const [weighted, weight] = cells[factor.code[a] * factor.codes + factor.code[b]];
    sums.weighted.low += weighted;
    sums.weighted.high += weighted;
    sums.weights += weight;
  }
  if (m_has_network) {
    auto const mean = (double{m_network[a]} + m_network[b]) / 2;
    if (!std::isnan(mean)) sums.add({mean, mean}, m_model.network_weight);
  }
  if (sums.weights <= 0) return {};
  auto const error = k_double_error + m_table_error;
  auto const scale = (m_step_inverse > 0 ? m_step_inverse : 1) / sums.weights;
  Interval const out{sums.weighted.low * scale * (1 - error), sums.weighted.high * scale * (1 + error)};
  return m_step_inverse > 0 ? rounded(out) : out;
}

double ScoreRanges::transformed(double synergy) const {
  switch (m_model.dimension_mean) {
    case DimensionMean::geometric:
      return std::log(std::max(synergy, m_model.epsilon));
    case DimensionMean::harmonic:
      return 1 / std::max(synergy, m_model.epsilon);
    case DimensionMean::arithmetic:
      return synergy;
  }
  return 0;
}

/// Of the directional score with this synergy, in units as `synergy` gives it.
double ScoreRanges::inverse(double synergy, std::size_t source, std::size_t target) const {
  auto const rounded_to_few = synergy < static_cast<double>(m_transformed.size());
  auto const value = rounded_to_few       ? m_transformed[static_cast<std::size_t>(synergy)]
                     : m_step_inverse > 0 ? transformed(synergy / m_step_inverse)
                                          : transformed(synergy);
  auto const c = m_model.source_classes > 1 ? m_source_class[source] : 0u;
  auto const line = m_lines[c * m_model.profiles + target];
  auto const sum = line.offset + line.slope * value;
  switch (m_model.dimension_mean) {
    case DimensionMean::geometric:
      return std::exp(-sum) / 10;
    case DimensionMean::harmonic:
      return sum / 10;
    case DimensionMean::arithmetic:
      return 1 / (10 * sum);
  }
  return 0;
}

double ScoreRanges::mean(double inverse_ab, double inverse_ba) const {
  switch (m_model.pair_mean) {
    case PairMean::harmonic:
      return 2 / (inverse_ab + inverse_ba);
    case PairMean::geometric:
      return 1 / std::sqrt(inverse_ab * inverse_ba);
    case PairMean::minimum:
      return 1 / std::max(inverse_ab, inverse_ba);
  }
  return 0;
}

ScoreRange ScoreRanges::operator()(std::size_t a, std::size_t b, PairEntries const& entries) const {
  Sums forward, backward;
  for (std::size_t s = 0; s < m_similarities.size(); ++s) {
    add_similarity(forward, m_similarities[s], entries.forward[s]);
    add_similarity(backward, m_similarities[s], entries.backward[s]);
  }
  auto const ab = synergy(forward, a, b, Direction::forward), ba = synergy(backward, a, b, Direction::backward);
  auto const low = mean(inverse(ab.low, a, b), inverse(ba.low, b, a));
  auto const same = ab.low == ab.high && ba.low == ba.high;
  auto const high = same ? low : mean(inverse(ab.high, a, b), inverse(ba.high, b, a));
  auto const [least, most] = rounded({100 * low * (1 - k_double_error), 100 * high * (1 + k_double_error)});
  return {static_cast<Hundredths>(std::max(0.0, least)), static_cast<Hundredths>(std::min(most, 65535.0))};
}

}  // namespace jvmm::scoring
