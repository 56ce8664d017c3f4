#include "scoring/scorer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.hpp"
#include "math/vector.hpp"
#include "scoring/one_sided.hpp"
#include "scoring/profile_fields.hpp"
#include "scoring/scorer_tables.hpp"
#include "text/tokens.hpp"

namespace jvmm::scoring {
namespace {

using Texts = std::optional<std::string>;

/// The mean of the dimensions that have a score, in their order; `logs` of max(score, epsilon).
double mean_of(DirectedScore const& s, std::array<double, k_dimensions> const& logs, ScoringProfile const& p) {
  std::array const scores{s.intent, s.synergy, s.momentum, s.context};
  double sum = 0, weights = 0;
  for (std::size_t d = 0; d < k_dimensions; ++d) {
    if (!scores[d]) continue;
    auto const weight = p.dimension_weights[d];
    weights += weight;
    switch (p.dimension_mean) {
      case DimensionMean::geometric:
        sum += weight * logs[d];
        break;
      case DimensionMean::harmonic:
        sum += weight / std::max(*scores[d], p.epsilon);
        break;
      case DimensionMean::arithmetic:
        sum += weight * *scores[d];
        break;
    }
  }
  if (weights == 0) return 0;
  switch (p.dimension_mean) {
    case DimensionMean::geometric:
      return std::exp(sum / weights);
    case DimensionMean::harmonic:
      return weights / sum;
    case DimensionMean::arithmetic:
      return sum / weights;
  }
  return 0;
}

double pair_mean(double ab, double ba, PairMean mean) {
  switch (mean) {
    case PairMean::harmonic:
      return ab > 1e-10 && ba > 1e-10 ? 2 / (1 / ab + 1 / ba) : 0;
    case PairMean::geometric:
      return std::sqrt(ab * ba);
    case PairMean::minimum:
      return std::min(ab, ba);
  }
  return 0;
}

/// Adds up factors and forgets them.
struct Adder {
  WeightedSum sum;
  void operator()(FactorId, double score, double weight, Similarity const* = nullptr) { sum.add(score, weight); }
};

/// What synergy has besides the two similarities, in the order of the factors: the same in both directions.
struct SharedFactors {
  struct Line {
    FactorId id{};
    double score = 0, weight = 0;
  };
  std::array<Line, 7> lines;
  std::size_t count = 0;
};

SharedFactors shared_factors(Scorer::Tables const& t, Prepared const& a, Prepared const& b) {
  using enum FactorId;
  SharedFactors shared;
  auto const add = [&](FactorId id, std::optional<double> score) {
    if (score && t.profile[id].enabled) shared.lines[shared.count++] = {id, *score, t.profile[id].weight};
  };
  add(role_compatibility, t.synergy.role(a.role, b.role));
  add(revenue_tier, t.synergy.tier(a.tier, b.tier));
  add(platform_overlap, t.synergy.platforms(a.platforms, b.platforms));
  if (a.network && b.network) add(network_influence, (*a.network + *b.network) / 2);
  add(business_scale, t.synergy.size(a.size, b.size));
  if (t.profile[offer_type_compatibility].enabled) add(offer_type_compatibility, t.synergy.offers(a, b));
  add(persona_complementarity, t.synergy.persona(a.persona, b.persona));
  return shared;
}

template <class Sink>
void add_synergy(Sink& sink, ScoringProfile const& p, Similarity const& offering, Similarity const& audience,
                 SharedFactors const& shared) {
  auto const similar = [&](FactorId id, Similarity const& s) {
    if (p[id].enabled) sink(id, s.score, s.cosine ? p[id].weight : p[id].weight_fallback, &s);
  };
  similar(FactorId::offering_seeking, offering);
  similar(FactorId::audience_alignment, audience);
  for (std::size_t i = 0; i < shared.count; ++i)
    sink(shared.lines[i].id, shared.lines[i].score, shared.lines[i].weight);
}

}  // namespace

double log_of(std::optional<double> score, double epsilon) {
  return score ? std::log(std::max(*score, epsilon)) : 0;
}

double cosine(Direction const& a, Direction const& b) {
  if (a.data.size() != b.data.size() || a.norm == 0 || b.norm == 0) return 0;
  return std::clamp(math::dot_double(a.data, b.data) / (a.norm * b.norm), 0.0, 1.0);
}

Similarity Scorer::Tables::similarity(Direction const& a, Direction const& b, std::vector<std::uint32_t> const& words_a,
                                      std::vector<std::uint32_t> const& words_b, SimilarityMap const& map) const {
  if (a && b) {
    auto const value = cosine(a, b);
    return {map(value), value};
  }
  return {word_overlap(words_a, words_b, profile.overlap), std::nullopt};
}

Similarity Scorer::Tables::offering(Prepared const& source, Prepared const& target) const {
  return similarity(source.seeking, target.offering, source.seeking_tokens, target.offering_tokens, offering_map);
}

Similarity Scorer::Tables::audience(Prepared const& a, Prepared const& b) const {
  return similarity(a.audience, b.audience, a.audience_tokens, b.audience_tokens, audience_map);
}

std::optional<double> Scorer::Tables::rounded_mean(WeightedSum const& sum) const {
  auto const mean = sum.mean();
  return mean && profile.dimension_decimals >= 0 ? std::optional(rounded(*mean, profile.dimension_decimals)) : mean;
}

std::optional<double> Scorer::Tables::context_of(Prepared const& source, Prepared const& target) const {
  auto const style = synergy.style(source.style, target.style);
  if (!style) return target.context;
  auto sum = target.context_sum;
  sum.add(*style, profile[FactorId::content_style].weight);
  return rounded_mean(sum);
}

bool Scorer::Tables::eligible(Prepared const& a, Prepared const& b) const {
  if (!profile.gate.enabled) return true;
  bool const low_a = a.gate_fields < profile.gate.min_fields, low_b = b.gate_fields < profile.gate.min_fields;
  return profile.gate.any_below ? !low_a && !low_b : !low_a || !low_b;
}

DirectedScore Scorer::Tables::combine(Prepared const& source, Prepared const& target, WeightedSum const& sum) const {
  DirectedScore result;
  result.intent = target.intent;
  result.synergy = rounded_mean(sum);
  result.momentum = target.momentum;
  result.context = context_of(source, target);
  std::array logs{target.log_intent, 0.0, target.log_momentum, target.log_context};
  if (profile.dimension_mean == DimensionMean::geometric) {
    logs[1] = log_of(result.synergy, profile.epsilon);
    if (result.context != target.context) logs[3] = log_of(result.context, profile.epsilon);
  }
  result.mean = mean_of(result, logs, profile);
  result.score = 10 * result.mean;
  return result;
}

Scorer::Scorer(ScoringProfile profile, ScoringContext context)
    : m_tables(std::make_unique<Tables>(std::move(profile), std::move(context))) {
  auto& t = *m_tables;
  if (t.profile.similarity != SimilarityKind::calibrated) {
    t.offering_map = t.audience_map = t.profile.similarity_map;
    return;
  }
  if (!t.context.offering_seeking || !t.context.audience)
    throw Error(
        Kind::configuration,
        fmt::format("scoring profile '{}' wants similarities calibrated for model '{}', which has no calibration",
                    t.profile.name, t.context.model))
        .hint("run 'jvmm calibrate', or choose another profile with --scoring");
  t.offering_map = *t.context.offering_seeking;
  t.audience_map = *t.context.audience;
}

Scorer::~Scorer() = default;
Scorer::Scorer(Scorer&&) noexcept = default;

ScoringProfile const& Scorer::profile() const {
  return m_tables->profile;
}

ScoringContext const& Scorer::context() const {
  return m_tables->context;
}

Scorer::Tables const& Scorer::tables() const {
  return *m_tables;
}

PairScore Scorer::score(Prepared const& a, Prepared const& b) const {
  auto const& t = *m_tables;
  PairScore result;
  result.eligible = t.eligible(a, b);
  if (!result.eligible) return result;
  auto const audience = t.audience(a, b);
  auto const shared = shared_factors(t, a, b);
  Adder ab, ba;
  add_synergy(ab, t.profile, t.offering(a, b), audience, shared);
  add_synergy(ba, t.profile, t.offering(b, a), audience, shared);
  result.ab = t.combine(a, b, ab.sum);
  result.ba = t.combine(b, a, ba.sum);
  result.harmonic_mean = pair_mean(result.ab.score, result.ba.score, t.profile.pair_mean);
  return result;
}

void Scorer::visit_synergy(Prepared const& source, Prepared const& target, SynergyVisitor const& visitor) const {
  auto const& t = *m_tables;
  auto sink = [&](FactorId id, double score, double weight, Similarity const* similarity = nullptr) {
    visitor(id, score, weight, similarity);
  };
  add_synergy(sink, t.profile, t.offering(source, target), t.audience(source, target),
              shared_factors(t, source, target));
}

LightweightScore Scorer::lightweight(Prepared const& a, Prepared const& b) const {
  auto const& p = m_tables->profile;
  LightweightScore result;
  if (!a.named && !b.named) return result;
  auto const directed = [&](Prepared const& source, Prepared const& target) {
    auto const overlap = word_overlap(source.seeking_tokens, target.offering_tokens, p.overlap);
    auto const log = [&](double x) { return std::log(std::max(x, p.epsilon)); };
    double const sum = p.lightweight_intent * log(target.lightweight_intent) + p.lightweight_synergy * log(overlap) +
                       p.lightweight_context * log(target.lightweight_context);
    return 10 * std::exp(sum / (p.lightweight_intent + p.lightweight_synergy + p.lightweight_context));
  };
  result.score_ab = directed(a, b);
  result.score_ba = directed(b, a);
  result.harmonic_mean = pair_mean(result.score_ab, result.score_ba, PairMean::harmonic);
  return result;
}

ProfileClass Scorer::classify(Profile const& profile) const {
  auto const& filter = m_tables->profile.filter;
  if (!filter.enabled) return ProfileClass::eligible;
  auto const long_enough = [&](std::string const& field) {
    auto const* const text = text_field(profile, field);
    return text && stripped_length(*text) >= filter.min_length;
  };
  if (std::any_of(filter.fields.begin(), filter.fields.end(), long_enough)) return ProfileClass::eligible;
  auto const something = [&](std::string const& field) { return populated(profile, field); };
  return std::any_of(filter.candidate_fields.begin(), filter.candidate_fields.end(), something)
             ? ProfileClass::enrichment_candidate
             : ProfileClass::ineligible;
}

double rounded(double x, int decimals) {
  if (!std::isfinite(x)) return x;
  constexpr std::array powers{1.0, 10.0, 100.0, 1e3, 1e4, 1e5, 1e6};
  double const power = powers[static_cast<std::size_t>(decimals)];
  double const scaled = x * power, nearest = std::nearbyint(scaled);
  // Away from a tie the product decides; near one only the exact binary value does.
  if (std::abs(scaled) < 1e9 && std::abs(std::abs(scaled - nearest) - 0.5) > 1e-6) return nearest / power;
  return std::stod(fmt::format("{:.{}f}", x, decimals));
}

std::string_view tier(double harmonic_mean, ScoringProfile const& profile) {
  return harmonic_mean >= profile.premier ? "premier" : harmonic_mean >= profile.strong ? "strong" : "aligned";
}

}  // namespace jvmm::scoring
