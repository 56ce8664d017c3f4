#include "scoring/all_pairs/bound_terms.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace jvmm::scoring {
namespace {

constexpr double k_unit = 0x1p-24;  // relative error of one float32 operation

float up(double value) {
  auto const rounded = static_cast<float>(value);
  return rounded < value ? std::nextafter(rounded, std::numeric_limits<float>::infinity()) : rounded;
}

template <class T, class Of>
std::vector<T> by_position(Order const& order, Of const& of) {
  std::vector<T> out(order.index.size() + k_padding);
  for (std::size_t i = 0; i < order.index.size(); ++i)
    out[i] = static_cast<T>(of(order.index[i]));
  return out;
}

/// The power of two that brings the largest number of a table below 2^16.
float fixed_point_unit(std::vector<float> const& table) {
  float most = 0x1p-60F;
  for (auto const x : table)
    most = std::max(most, x);
  return std::exp2(std::ceil(std::log2(most)) - 15);
}

std::int32_t packed(double low, double high) {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(low) | static_cast<std::uint32_t>(high) << 16);
}

SimilarityTerms similarity_terms(SimilarityFactor const& factor, double cosine_error) {
  return {.map = upper_map(factor.map, cosine_error),
          .overlap_slack = static_cast<float>(32 * k_unit - k_overlap_mark),
          .weight = static_cast<float>(factor.weight),
          .overlap_weight = static_cast<float>(factor.overlap_weight),
          .symmetric = factor.symmetric};
}

CodeTerms code_terms(CodeFactor const& factor, Order const& order) {
  CodeTerms out;
  out.code = by_position<std::int32_t>(order, [&](auto i) { return factor.code[i]; });
  out.codes = factor.codes;
  out.weighted_unit = fixed_point_unit(factor.weighted);
  out.weights_unit = fixed_point_unit(factor.weights);
  auto const n = factor.codes;
  out.symmetric = true;
  for (std::size_t at = 0; at < n * n && out.symmetric; ++at) {
    auto const mirrored = at % n * n + at / n;
    out.symmetric = factor.weighted[at] == factor.weighted[mirrored] && factor.weights[at] == factor.weights[mirrored];
  }
  for (std::size_t at = 0; at < n * n; ++at) {
    auto const mirrored = at % n * n + at / n;
    auto const weighted = [&](std::size_t i) { return std::ceil(factor.weighted[i] / out.weighted_unit); };
    auto const weights = [&](std::size_t i) { return std::floor(factor.weights[i] / out.weights_unit); };
    out.first.push_back(packed(weighted(at), out.symmetric ? weights(at) : weighted(mirrored)));
    if (!out.symmetric) out.second.push_back(packed(weights(at), weights(mirrored)));
  }
  return out;
}

void add_network(BoundTerms& terms, PairModel const& model, Order const& order) {
  terms.has_network = model.network_weight > 0 && !model.network.empty();
  if (!terms.has_network) return;
  auto const known = [&](auto i) { return !std::isnan(model.network[i]); };
  auto const weight = model.network_weight;
  terms.network_weighted =
      by_position<float>(order, [&](auto i) { return known(i) ? weight * model.network[i] / 2 : 0.0; });
  terms.network_weight = by_position<float>(order, [&](auto i) { return known(i) ? weight : 0.0; });
  terms.network_half = by_position<float>(order, [&](auto i) { return model.network[i] / 2; });
}

struct Line {
  double offset, slope;
};

/// Offset and slope of one target: see the formulas at PairModel.
Line target_line(PairModel const& model, double rest, double total) {
  auto const w = model.synergy_weight;
  switch (model.dimension_mean) {
    case DimensionMean::geometric:
      return {-rest / total - std::log(10.0), -w / total};
    case DimensionMean::harmonic:
      return {rest / (10 * total), w / (10 * total)};
    case DimensionMean::arithmetic:
      return {10 * rest / total, 10 * w / total};
  }
  return {};
}

/// Fills offset and slope; relative_error grows by what rounding them and evaluating the line costs.
void add_lines(BoundTerms& terms, PairModel const& model, Order const& order) {
  auto const n = order.index.size();
  terms.stride = n + k_padding;
  terms.source_classes = model.source_classes;
  if (model.source_classes > 1)
    terms.source_class = by_position<std::int32_t>(order, [&](auto i) { return model.source_class[i]; });
  terms.offset.assign(terms.stride * model.source_classes, 0);
  terms.slope.assign(terms.stride, 0);
  auto const steepest = std::max(std::log(10.0), -std::log(double{terms.epsilon}));
  double exponent = 0;
  for (std::size_t c = 0; c < model.source_classes; ++c)
    for (std::size_t i = 0; i < n; ++i) {
      auto const target = order.index[i];
      auto const line = target_line(model, model.rest[c * model.profiles + target], model.total_weight[target]);
      terms.offset[c * terms.stride + i] = static_cast<float>(line.offset);
      terms.slope[i] = static_cast<float>(line.slope);
      exponent = std::max(exponent, std::abs(line.offset) + steepest * std::abs(line.slope));
    }
  terms.relative_error = 32 * k_unit;
  if (terms.dimension_mean == DimensionMean::geometric) terms.relative_error += 16 * k_unit * exponent;
}

/// No synergy exceeds the best score of any of its factors.
double greatest_synergy(PairModel const& model) {
  double best = model.overlap.otherwise;
  best = std::max(best, model.overlap.blank);
  for (auto const& step : model.overlap.steps)
    best = std::max(best, step.score);
  for (auto const* factor : {&model.offering_seeking, &model.audience})
    best = std::max(best, factor->map.knots.back().score);
  for (auto const& factor : model.code_factors)
    for (std::size_t at = 0; at < factor.weights.size(); ++at)
      if (factor.weights[at] > 0)
        best = std::max(best, double{factor.weighted[at]} / factor.weights[at]);
      else if (factor.weighted[at] > 0)
        return 1e9;
  for (auto const x : model.network)
    best = std::max(best, std::isnan(x) ? 0.0 : double{x});
  return best;
}

double inverse_directional(PairModel const& model, Line line, double synergy) {
  auto const s = std::max(synergy, model.epsilon);
  switch (model.dimension_mean) {
    case DimensionMean::geometric:
      return std::exp(line.offset + line.slope * std::log(s));
    case DimensionMean::harmonic:
      return line.offset + line.slope / s;
    case DimensionMean::arithmetic:
      return 1 / (line.offset + line.slope * s);
  }
  return 0;
}

/// The inverse of the best directional score that `target` can get at this synergy.
double best_inverse(PairModel const& model, std::size_t target, double synergy) {
  auto out = std::numeric_limits<double>::infinity();
  for (std::size_t c = 0; c < model.source_classes; ++c) {
    auto const line = target_line(model, model.rest[c * model.profiles + target], model.total_weight[target]);
    out = std::min(out, inverse_directional(model, line, synergy));
  }
  return out;
}

void add_least_inverses(BoundTerms& terms, PairModel const& model, Order const& order) {
  auto const step = model.dimension_decimals < 0 ? 0 : std::pow(10.0, -model.dimension_decimals);
  auto const synergy = greatest_synergy(model) * (1 + 1e-6) + step;
  terms.least_inverse =
      by_position<float>(order, [&](auto i) { return best_inverse(model, i, synergy) * (1 - 4 * k_unit); });
}

void add_rounding(BoundTerms& terms, PairModel const& model) {
  auto const operations = static_cast<double>(2 * terms.similarities.size() + terms.codes.size() + 12);
  auto const scale = 1 + 2 * operations * k_unit;
  terms.synergy_scale = up(scale);
  terms.epsilon = up(std::max(model.epsilon, 1e-30));
  if (model.dimension_decimals < 0) return;
  auto const step = std::pow(10.0, -model.dimension_decimals);
  terms.synergy_floor = model.dimension_decimals <= 3;  // beyond, a step is no more than float32's error
  terms.synergy_half = up(terms.synergy_floor ? 0.5 : step / 2);
  if (!terms.synergy_floor) return;
  terms.synergy_scale = up(scale / step);
  terms.synergy_unit = up(step * (1 + 4 * k_unit));
}

}  // namespace

UpperMap upper_map(SimilarityMap const& map, double cosine_error) {
  constexpr double k_steep = 200;  // beyond, the rounding of the products would show
  UpperMap out;
  auto const& knots = map.knots;
  auto const error = cosine_error + 4 * k_unit;
  double base = knots.front().score, before = 0, magnitude = 0;
  for (std::size_t k = 0; k < knots.size(); ++k) {
    auto const at = knots[k].cosine - error;
    double slope = 0;
    if (k + 1 < knots.size()) {
      auto const height = knots[k + 1].score - knots[k].score, width = knots[k + 1].cosine - knots[k].cosine;
      auto const steep = height > 0 && height > k_steep * width;
      if (height > 0 && !steep) slope = height / width;
      if (steep) {
        out.from.push_back(static_cast<float>(at - 2 * k_unit));
        out.height.push_back(up(height));
      }
    }
    if (slope == before) continue;
    out.at.push_back(static_cast<float>(at));
    out.bend.push_back(static_cast<float>(slope - before));
    base -= (slope - before) * at;
    magnitude += std::abs(slope - before) * std::max(1.1, std::abs(at));
    before = slope;
  }
  auto const terms = static_cast<double>(out.at.size() + out.from.size() + 6);
  out.base = up(base + terms * k_unit * (magnitude + std::abs(base) + 10));
  return out;
}

std::vector<double> partner_quality(PairModel const& model) {
  std::vector<double> out(model.profiles);
  for (std::size_t i = 0; i < model.profiles; ++i)
    out[i] = 1 / best_inverse(model, i, 5);
  return out;
}

float BoundTerms::mean_inverse(float ab, float ba) const {
  switch (pair_mean) {
    case PairMean::harmonic:
      return (ab + ba) / 2;
    case PairMean::geometric:
      return std::sqrt(ab * ba);
    case PairMean::minimum:
      return std::max(ab, ba);
  }
  return 0;
}

float BoundTerms::inverse_limit(double score) const {
  if (score <= 0) return std::numeric_limits<float>::infinity();
  return up((1 + relative_error) / score * (1 + 1e-9));
}

BoundTerms make_bound_terms(PairModel const& model, Order const& order, double cosine_error) {
  BoundTerms out;
  out.dimension_mean = model.dimension_mean;
  out.pair_mean = model.pair_mean;
  for (auto const* factor : {&model.offering_seeking, &model.audience})
    if (factor->weight > 0 || factor->overlap_weight > 0)
      out.similarities.push_back(similarity_terms(*factor, cosine_error));
  for (auto const& factor : model.code_factors)
    out.codes.push_back(code_terms(factor, order));
  add_network(out, model, order);
  add_rounding(out, model);
  add_lines(out, model, order);
  add_least_inverses(out, model, order);
  return out;
}

}  // namespace jvmm::scoring
