// A pair with every factor and its remark.

#include <fmt/format.h>

#include "scoring/one_sided.hpp"
#include "scoring/profile_fields.hpp"
#include "scoring/scorer_tables.hpp"

namespace jvmm::scoring {
namespace {

constexpr std::size_t k_most_in_a_dimension = 12;  // factors

struct Side {
  Profile const& profile;
  Prepared const& prepared;
};

std::string synergy_detail(FactorId id, Scorer::Tables const& t, Side source, Side target, double score,
                           Similarity const* similarity) {
  using enum FactorId;
  auto const text = [](std::optional<std::string> const& value) { return value.value_or("?"); };
  switch (id) {
    case offering_seeking:
    case audience_alignment:
      return similarity->cosine ? fmt::format("Cosine similarity: {:.3f} \u2192 {:.1f}/10", *similarity->cosine, score)
                                : fmt::format("Word overlap: {:.1f}/10", score);
    case role_compatibility:
      return fmt::format("{} \u2194 {}", t.synergy.role_name(source.prepared.role),
                         t.synergy.role_name(target.prepared.role));
    case revenue_tier:
      return fmt::format("{} \u2194 {}", text(source.profile.revenue_tier), text(target.profile.revenue_tier));
    case platform_overlap: {
      auto const shared = static_cast<std::uint16_t>(source.prepared.platforms & target.prepared.platforms);
      return shared ? "Shared: " + platform_names(t.profile, shared) : "None shared";
    }
    case network_influence:
      return "Both well-connected (composite network avg)";
    case business_scale:
      return fmt::format("{} \u2194 {}", text(source.profile.business_size), text(target.profile.business_size));
    case persona_complementarity:
      return fmt::format("{} \u2194 {}", text(source.profile.audience_persona), text(target.profile.audience_persona));
    case offer_type_compatibility:
      return fmt::format("{} \u2194 {} offer types", source.profile.offer_types.size(),
                         target.profile.offer_types.size());
    default:
      return "";
  }
}

DimensionLine one_sided_line(Dimension dimension, Scorer::Tables const& t, Profile const& target) {
  DimensionLine line;
  line.factors.reserve(k_most_in_a_dimension);
  for (auto const& factor : factors()) {
    if (factor.dimension != dimension || !t.profile[factor.id].enabled) continue;
    line.possible_weight += t.profile[factor.id].weight;
    FactorLine found{factor.id, 0, t.profile[factor.id].weight, {}, factor.method, {}};
    auto const score = one_sided_score(factor.id, target, t.profile, t.context, &found.detail);
    if (!score) continue;
    found.score = *score;
    line.fired_weight += found.weight;
    line.factors.push_back(std::move(found));
  }
  return line;
}

DimensionLine synergy_line(Scorer const& scorer, Side source, Side target) {
  auto const& t = scorer.tables();
  DimensionLine line;
  line.factors.reserve(k_most_in_a_dimension);
  for (auto const& factor : factors())
    if (factor.dimension == Dimension::synergy && t.profile[factor.id].enabled)
      line.possible_weight += t.profile[factor.id].weight;
  scorer.visit_synergy(
      source.prepared, target.prepared, [&](FactorId id, double score, double weight, Similarity const* similarity) {
        bool const words = similarity && !similarity->cosine;
        line.factors.push_back({id, score, weight, synergy_detail(id, t, source, target, score, similarity),
                                words ? std::string_view("word_overlap") : info(id).method,
                                similarity ? similarity->cosine : std::nullopt});
        line.fired_weight += weight;
      });
  return line;
}

void add_style(DimensionLine& line, Scorer::Tables const& t, Side source, Side target) {
  auto const style = t.synergy.style(source.prepared.style, target.prepared.style);
  if (!style) return;
  auto const weight = t.profile[FactorId::content_style].weight;
  line.factors.push_back(
      {FactorId::content_style,
       *style,
       weight,
       fmt::format("{} \u2194 {}", source.profile.content_style->label, target.profile.content_style->label),
       info(FactorId::content_style).method,
       {}});
  line.fired_weight += weight;
}

DirectionBreakdown direction(Scorer const& scorer, Side source, Side target, DirectedScore const& scores) {
  auto const& t = scorer.tables();
  DirectionBreakdown result;
  auto const line = [&](Dimension dimension) -> DimensionLine& { return result.dimensions[index(dimension)]; };
  for (auto const dimension : {Dimension::intent, Dimension::momentum, Dimension::context})
    line(dimension) = one_sided_line(dimension, t, target.profile);
  line(Dimension::synergy) = synergy_line(scorer, source, target);
  add_style(line(Dimension::context), t, source, target);
  line(Dimension::intent).score = scores.intent;
  line(Dimension::synergy).score = scores.synergy;
  line(Dimension::momentum).score = scores.momentum;
  line(Dimension::context).score = scores.context;
  result.mean = scores.mean;
  result.score = scores.score;
  return result;
}

}  // namespace

PairBreakdown Scorer::breakdown(Profile const& a, Prepared const& prepared_a, Profile const& b,
                                Prepared const& prepared_b) const {
  auto const scores = score(prepared_a, prepared_b);
  PairBreakdown result;
  result.eligible = scores.eligible;
  if (!scores.eligible) {
    result.ineligible_reason =
        fmt::format("Insufficient data: {} has {} fields, {} has {} fields (need {} each)", a.name.value_or("?"),
                    prepared_a.gate_fields, b.name.value_or("?"), prepared_b.gate_fields, profile().gate.min_fields);
    return result;
  }
  result.ab = direction(*this, {a, prepared_a}, {b, prepared_b}, scores.ab);
  result.ba = direction(*this, {b, prepared_b}, {a, prepared_a}, scores.ba);
  result.harmonic_mean = scores.harmonic_mean;
  return result;
}

}  // namespace jvmm::scoring
