// What a profile brings to all its pairs.

#include <algorithm>
#include <cmath>

#include "math/vector.hpp"
#include "scoring/one_sided.hpp"
#include "scoring/profile_fields.hpp"
#include "scoring/scorer_tables.hpp"

namespace jvmm::scoring {
namespace {

WeightedSum one_sided_sum(Dimension dimension, Profile const& target, ScoringProfile const& rules,
                          ScoringContext const& context) {
  WeightedSum sum;
  for (auto const& factor : factors())
    if (factor.dimension == dimension && rules[factor.id].enabled)
      if (auto const score = one_sided_score(factor.id, target, rules, context))
        sum.add(*score, rules[factor.id].weight);
  return sum;
}

// The text that stands for what somebody offers.
std::optional<std::string> const& offered(Profile const& profile, ScoringProfile const& rules) {
  bool const own = rules.blank_offering_counts ? truthy(profile, "offering") : non_blank(profile.offering);
  return own ? profile.offering : profile.what_you_do;
}

// 0..10: how many of the fields of a ratio factor are filled.
double filled(Profile const& profile, FactorSettings const& settings) {
  auto const count = std::count_if(settings.fields.begin(), settings.fields.end(),
                                   [&](std::string const& field) { return populated(profile, field); });
  return settings.fields.empty() ? 0 : static_cast<double>(count) / static_cast<double>(settings.fields.size()) * 10;
}

}  // namespace

Prepared Scorer::prepare(Profile const& profile) {
  using enum FactorId;
  auto& t = *m_tables;
  auto const& rules = t.profile;
  Prepared result;
  result.id = profile.id;
  result.named = non_blank(profile.name);

  result.intent = t.rounded_mean(one_sided_sum(Dimension::intent, profile, rules, t.context));
  result.momentum = t.rounded_mean(one_sided_sum(Dimension::momentum, profile, rules, t.context));
  result.context_sum = one_sided_sum(Dimension::context, profile, rules, t.context);
  result.context = t.rounded_mean(result.context_sum);
  result.log_intent = log_of(result.intent, rules.epsilon);
  result.log_momentum = log_of(result.momentum, rules.epsilon);
  result.log_context = log_of(result.context, rules.epsilon);

  auto const tokens = [&](std::optional<std::string> const& text) {
    return text ? t.tokens.ids(text::overlap_tokens(*text, rules.min_token_length, rules.stop_words))
                : std::vector<std::uint32_t>{};
  };
  result.seeking_tokens = tokens(profile.seeking);
  result.offering_tokens = tokens(offered(profile, rules));
  result.audience_tokens = tokens(profile.who_you_serve);

  auto const vectors = rules[offering_seeking].vectors;
  bool const own_model = !rules.require_same_model || t.context.model.empty() || !profile.embeddings_model ||
                         *profile.embeddings_model == t.context.model;
  auto const direction = [&](EmbeddingField field, FactorId factor) {
    auto const& vector = profile.embeddings[index(field)];
    bool const fits = !rules.require_same_model || t.context.dims == 0 || vector.size() == t.context.dims;
    Direction found;
    if (own_model && fits && rules[factor].vectors != FactorSettings::Vectors::none && math::all_finite(vector)) {
      found.data = vector;
      found.norm = std::sqrt(math::dot_double(vector, vector));
    }
    return found;
  };
  result.seeking = direction(EmbeddingField::seeking, offering_seeking);
  result.offering = direction(EmbeddingField::offering, offering_seeking);
  if (!result.offering && vectors == FactorSettings::Vectors::offering_or_what_you_do)
    result.offering = direction(EmbeddingField::what_you_do, offering_seeking);
  result.audience = direction(EmbeddingField::who_you_serve, audience_alignment);

  t.synergy.encode(profile, result);
  if (rules[network_influence].enabled)
    result.network = network_composite(profile, rules[network_influence], t.context.network);
  for (auto const& field : rules.gate.fields)
    if (auto const* const text = text_field(profile, field); text && truthy(profile, field))
      result.gate_fields += stripped_length(*text) >= rules.gate.min_length;

  auto const booking =
      rules[booking_link].enabled ? one_sided_score(booking_link, profile, rules, t.context).value_or(0) : 0;
  auto const& invested = rules[profile_investment];
  auto const weights = rules[booking_link].weight + invested.weight;
  if (weights > 0)
    result.lightweight_intent =
        (booking * rules[booking_link].weight + filled(profile, invested) * invested.weight) / (weights * 10) * 10;
  result.lightweight_context = filled(profile, rules[profile_completeness]);
  return result;
}

}  // namespace jvmm::scoring
