#include "all_pairs_model.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <random>

#include "scoring/all_pairs/hundredths.hpp"

namespace jvmm::bench {
namespace {

using scoring::CodeFactor;
using scoring::PairModel;
using scoring::SimilarityFactor;

constexpr std::size_t k_clusters = 25, k_roles = 12, k_tiers = 6, k_sizes = 4, k_platforms = 6;

/// Rows of norm 1 around cluster centres: cosines of about 0.6 inside a cluster, 0.1 to 0.2 between two.
std::vector<float> clustered_rows(std::size_t n, std::size_t dims, unsigned seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<float> normal;
  std::vector<float> centres(k_clusters * dims), common(dims), out(n * dims);
  for (auto& x : common)
    x = normal(random);
  for (std::size_t i = 0; i < centres.size(); ++i)
    centres[i] = 0.45F * common[i % dims] + normal(random);
  for (std::size_t i = 0; i < n; ++i) {
    auto const* centre = centres.data() + random() % k_clusters * dims;
    auto* const row = out.data() + i * dims;
    double sum = 0;
    for (std::size_t k = 0; k < dims; ++k) {
      row[k] = centre[k] + 0.85F * normal(random);
      sum += double{row[k]} * row[k];
    }
    for (std::size_t k = 0; k < dims; ++k)
      row[k] = static_cast<float>(row[k] / std::sqrt(sum));
  }
  return out;
}

SimilarityFactor similarity(std::size_t n, std::size_t dims, bool symmetric, double weight, unsigned seed) {
  SimilarityFactor out;
  out.source = clustered_rows(n, dims, seed);
  out.has_source.assign(n, 1);
  out.source_tokens.resize(n);
  if (!symmetric) {
    out.target = clustered_rows(n, dims, seed + 1);
    out.has_target.assign(n, 1);
    out.target_tokens.resize(n);
  }
  out.map = {{{0.02, 0.5}, {0.12, 1}, {0.24, 1.9}, {0.33, 3.6}, {0.42, 5.5}, {0.53, 7.4}, {0.66, 8.8}, {0.85, 10}}};
  out.weight = out.overlap_weight = weight;
  out.symmetric = symmetric;
  return out;
}

/// Role, revenue tier and business size together: roles do not mirror, tiers may be missing.
CodeFactor roles_tiers_sizes(std::size_t n, std::mt19937_64& random) {
  CodeFactor out;
  out.codes = k_roles * k_tiers * k_sizes;
  for (std::size_t i = 0; i < n; ++i)
    out.code.push_back(static_cast<std::uint32_t>(random() % out.codes));
  for (std::size_t s = 0; s < out.codes; ++s)
    for (std::size_t t = 0; t < out.codes; ++t) {
      auto const role = static_cast<float>((s % k_roles * 5 + t % k_roles * 3) % 7 + 3);
      auto const tiers = std::pair(s / k_roles % k_tiers, t / k_roles % k_tiers);
      auto const fires = tiers.first > 0 && tiers.second > 0;
      auto const apart = tiers.first > tiers.second ? tiers.first - tiers.second : tiers.second - tiers.first;
      auto const size = static_cast<float>((s / (k_roles * k_tiers)) == (t / (k_roles * k_tiers)) ? 8 : 5);
      out.weighted.push_back(2.5F * role + (fires ? 2 * (9 - 1.5F * static_cast<float>(apart)) : 0) + size);
      out.weights.push_back(2.5F + (fires ? 2.0F : 0) + 1);
    }
  return out;
}

CodeFactor platforms(std::size_t n, std::mt19937_64& random) {
  CodeFactor out;
  out.codes = 1 << k_platforms;
  for (std::size_t i = 0; i < n; ++i)
    out.code.push_back(static_cast<std::uint32_t>(random() & random() & (out.codes - 1)));
  for (unsigned s = 0; s < out.codes; ++s)
    for (unsigned t = 0; t < out.codes; ++t) {
      auto const shared = std::popcount(s & t);
      out.weighted.push_back(shared == 0 ? 0.0F : 2 * std::min(10.0F, 4 + 2 * static_cast<float>(shared)));
      out.weights.push_back(shared == 0 ? 0.0F : 2.0F);
    }
  return out;
}

double dot(float const* a, float const* b, std::size_t dims) {
  double sums[8] = {};
  for (std::size_t k = 0; k + 7 < dims; k += 8)
    for (std::size_t i = 0; i < 8; ++i)
      sums[i] += double{a[k + i]} * b[k + i];
  return std::accumulate(sums, sums + 8, 0.0);
}

}  // namespace

PairModel clustered_model(std::size_t profiles, std::size_t dims) {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> uniform(0, 1);
  PairModel model;
  model.profiles = profiles;
  model.dims = dims;
  model.offering_seeking = similarity(profiles, dims, false, 3.5, 11);
  model.audience = similarity(profiles, dims, true, 3, 13);
  model.code_factors.push_back(roles_tiers_sizes(profiles, random));
  model.code_factors.push_back(platforms(profiles, random));
  model.network_weight = 1.5;
  model.synergy_weight = 0.35;
  model.source_class.assign(profiles, 0);
  for (std::size_t i = 0; i < profiles; ++i) {
    model.network.push_back(uniform(random) < 0.3 ? std::nanf("") : static_cast<float>(10 * uniform(random)));
    auto const dimension = [&] { return std::log(scoring::hundredths(2 + 7 * uniform(random)) / 100.0); };
    auto const momentum = uniform(random) < 0.8;
    model.rest.push_back(0.3 * dimension() + 0.2 * dimension() + (momentum ? 0.15 * dimension() : 0));
    model.total_weight.push_back(momentum ? 1.0 : 0.85);
    model.insufficient.push_back(uniform(random) < 0.05);
  }
  return model;
}

PairModel cosine_model(std::size_t profiles, std::size_t dims) {
  PairModel model;
  model.profiles = profiles;
  model.dims = dims;
  model.audience = similarity(profiles, dims, true, 1, 13);
  model.audience.map = {{{-1, 0}, {1, 10}}};
  model.offering_seeking.map = model.audience.map;
  model.dimension_mean = scoring::DimensionMean::arithmetic;
  model.dimension_decimals = -1;
  model.synergy_weight = 1;
  model.source_class.assign(profiles, 0);
  model.rest.assign(profiles, 0);
  model.total_weight.assign(profiles, 1);
  model.insufficient.assign(profiles, 0);
  return model;
}

double CosineScorer::score(std::size_t a, std::size_t b) const {
  auto const* rows = m_model.audience.source.data();
  return 50 * (1 + dot(rows + a * m_model.dims, rows + b * m_model.dims, m_model.dims));
}

double ClusteredScorer::similarity(SimilarityFactor const& factor, std::size_t source, std::size_t target) const {
  auto const* a = factor.source.data() + source * m_model.dims;
  auto const* b = (factor.symmetric ? factor.source : factor.target).data() + target * m_model.dims;
  return factor.weight * factor.map(dot(a, b, m_model.dims));
}

double ClusteredScorer::directional(std::size_t source, std::size_t target, double audience) const {
  double weighted = similarity(m_model.offering_seeking, source, target) + audience;
  double weights = m_model.offering_seeking.weight + m_model.audience.weight;
  for (auto const& factor : m_model.code_factors) {
    auto const at = factor.code[source] * factor.codes + factor.code[target];
    weighted += factor.weighted[at];
    weights += factor.weights[at];
  }
  auto const network = (double{m_model.network[source]} + m_model.network[target]) / 2;
  if (!std::isnan(network)) {
    weighted += m_model.network_weight * network;
    weights += m_model.network_weight;
  }
  auto const synergy = scoring::hundredths(weighted / (10 * weights) * 10) / 100.0;
  auto const sum = m_model.rest[target] + m_model.synergy_weight * std::log(std::max(synergy, m_model.epsilon));
  return 10 * std::exp(sum / m_model.total_weight[target]);
}

double ClusteredScorer::score(std::size_t a, std::size_t b) const {
  auto const audience = similarity(m_model.audience, a, b);
  return 2 / (1 / directional(a, b, audience) + 1 / directional(b, a, audience));
}

}  // namespace jvmm::bench
