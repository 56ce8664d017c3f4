// The arrays that the all-pairs engine computes with.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>

#include "base/error.hpp"
#include "scoring/scorer_tables.hpp"

namespace jvmm::scoring {
namespace {

using Profiles = std::span<Prepared const>;

/// Codes for what differs among profiles, with one example of each.
struct Classes {
  std::vector<std::uint32_t> code;
  std::vector<Prepared const*> examples;
};

template <class Key>
Classes classes(Profiles profiles, Key key) {
  Classes result;
  std::map<decltype(key(profiles[0])), std::uint32_t> codes;
  for (auto const& profile : profiles) {
    auto const [found, added] = codes.try_emplace(key(profile), static_cast<std::uint32_t>(codes.size()));
    if (added) result.examples.push_back(&profile);
    result.code.push_back(found->second);
  }
  return result;
}

/// A factor by code: `add(sum, source, target)` adds what fires.
template <class Add>
CodeFactor code_factor(Classes const& from, Add add) {
  CodeFactor factor{from.code, from.examples.size(), {}, {}};
  factor.weighted.reserve(factor.codes * factor.codes);
  factor.weights.reserve(factor.codes * factor.codes);
  for (auto const* source : from.examples)
    for (auto const* target : from.examples) {
      WeightedSum sum;
      add(sum, *source, *target);
      factor.weighted.push_back(static_cast<float>(sum.total));
      factor.weights.push_back(static_cast<float>(sum.possible / 10));
    }
  return factor;
}

void add_code_factors(PairModel& model, Scorer::Tables const& t, Profiles profiles) {
  using enum FactorId;
  auto const& p = t.profile;
  auto const add = [&](WeightedSum& sum, FactorId id, std::optional<double> score) {
    if (score && p[id].enabled) sum.add(*score, p[id].weight);
  };
  model.code_factors.push_back(
      code_factor(classes(profiles, [](Prepared const& x) { return std::tuple(x.role, x.tier, x.size); }),
                  [&](WeightedSum& sum, Prepared const& a, Prepared const& b) {
                    add(sum, role_compatibility, t.synergy.role(a.role, b.role));
                    add(sum, revenue_tier, t.synergy.tier(a.tier, b.tier));
                    add(sum, business_scale, t.synergy.size(a.size, b.size));
                  }));
  if (p[platform_overlap].enabled)
    model.code_factors.push_back(code_factor(classes(profiles, [](Prepared const& x) { return x.platforms; }),
                                             [&](WeightedSum& sum, Prepared const& a, Prepared const& b) {
                                               add(sum, platform_overlap,
                                                   t.synergy.platforms(a.platforms, b.platforms));
                                             }));
  if (p[offer_type_compatibility].enabled)
    model.code_factors.push_back(code_factor(classes(profiles,
                                                     [](Prepared const& x) {
                                                       return std::tuple(x.offer_types, x.other_offers, x.lists_offers,
                                                                         x.list_owner);
                                                     }),
                                             [&](WeightedSum& sum, Prepared const& a, Prepared const& b) {
                                               add(sum, offer_type_compatibility, t.synergy.offers(a, b));
                                             }));
  if (p[persona_complementarity].enabled)
    model.code_factors.push_back(code_factor(classes(profiles, [](Prepared const& x) { return x.persona; }),
                                             [&](WeightedSum& sum, Prepared const& a, Prepared const& b) {
                                               add(sum, persona_complementarity,
                                                   t.synergy.persona(a.persona, b.persona));
                                             }));
  // One that never fires costs two gathers a pair.
  std::erase_if(model.code_factors, [](CodeFactor const& factor) {
    return std::all_of(factor.weights.begin(), factor.weights.end(), [](float w) { return w == 0; });
  });
}

void append(std::vector<float>& matrix, Direction const& direction, std::size_t dims) {
  if (!direction || direction.norm == 0) {
    matrix.resize(matrix.size() + dims);
    return;
  }
  for (float const x : direction.data)
    matrix.push_back(static_cast<float>(x / direction.norm));
}

std::size_t common_width(Profiles profiles) {
  std::size_t width = 0;
  for (auto const& profile : profiles)
    for (auto const* const direction : {&profile.seeking, &profile.offering, &profile.audience}) {
      if (!*direction) continue;
      if (width == 0) width = direction->data.size();
      if (direction->data.size() != width)
        throw Error(Kind::bad_answer,
                    fmt::format("profile {} has a vector of {} dimensions, others have {}; vectors of "
                                "different models cannot be compared",
                                profile.id.text(), direction->data.size(), width))
            .hint("run 'jvmm backfill-embeddings', or 'jvmm doctor' to see which models there are");
    }
  return width;
}

// The exact scorer takes a negative cosine for 0.
SimilarityMap from_zero(SimilarityMap const& map) {
  SimilarityMap result{{{0, map(0)}}};
  for (auto const& knot : map.knots)
    if (knot.cosine > 0) result.knots.push_back(knot);
  return result;
}

void add_similarities(PairModel& model, Scorer::Tables const& t, Profiles profiles) {
  auto const weigh = [&](SimilarityFactor& factor, FactorId id, SimilarityMap const& map) {
    auto const& settings = t.profile[id];
    factor.map = from_zero(map);
    factor.weight = settings.enabled ? settings.weight : 0;
    factor.overlap_weight = settings.enabled ? settings.weight_fallback : 0;
  };
  weigh(model.offering_seeking, FactorId::offering_seeking, t.offering_map);
  weigh(model.audience, FactorId::audience_alignment, t.audience_map);
  model.audience.symmetric = true;
  for (auto const& profile : profiles) {
    append(model.offering_seeking.source, profile.seeking, model.dims);
    append(model.offering_seeking.target, profile.offering, model.dims);
    append(model.audience.source, profile.audience, model.dims);
    model.offering_seeking.has_source.push_back(bool(profile.seeking));
    model.offering_seeking.has_target.push_back(bool(profile.offering));
    model.audience.has_source.push_back(bool(profile.audience));
    model.offering_seeking.source_tokens.push_back(profile.seeking_tokens);
    model.offering_seeking.target_tokens.push_back(profile.offering_tokens);
    model.audience.source_tokens.push_back(profile.audience_tokens);
  }
}

// The part of a directional score that does not depend on synergy, by the formulas of PairModel.
void add_rest(PairModel& model, Scorer::Tables const& t, Profiles profiles) {
  auto const& p = t.profile;
  auto const term = [&](double score, double weight) {
    auto const floor = std::max(score, p.epsilon);
    switch (p.dimension_mean) {
      case DimensionMean::geometric:
        return weight * std::log(floor);
      case DimensionMean::harmonic:
        return weight / floor;
      case DimensionMean::arithmetic:
        return weight * score;
    }
    return 0.0;
  };
  auto const styles = classes(profiles, [](Prepared const& x) { return x.style; });
  if (styles.examples.size() > 255) throw Error(Kind::bad_input, "more than 255 content styles");
  model.source_classes = styles.examples.size();
  for (auto const code : styles.code)
    model.source_class.push_back(static_cast<std::uint8_t>(code));
  for (auto const* const source : styles.examples)
    for (auto const& target : profiles) {
      double rest = 0;
      auto const add = [&](std::optional<double> score, Dimension dimension) {
        if (score) rest += term(*score, p.weight(dimension));
      };
      add(target.intent, Dimension::intent);
      add(target.momentum, Dimension::momentum);
      add(t.context_of(*source, target), Dimension::context);
      model.rest.push_back(rest);
    }
  for (auto const& target : profiles) {
    double weight = p.weight(Dimension::synergy);
    if (target.intent) weight += p.weight(Dimension::intent);
    if (target.momentum) weight += p.weight(Dimension::momentum);
    if (target.context) weight += p.weight(Dimension::context);
    model.total_weight.push_back(weight);
  }
}

}  // namespace

PairModel Scorer::pair_model(Profiles profiles) const {
  auto const& t = *m_tables;
  PairModel model;
  model.profiles = profiles.size();
  model.dims = common_width(profiles);
  model.overlap = t.profile.overlap;
  model.dimension_mean = t.profile.dimension_mean;
  model.pair_mean = t.profile.pair_mean;
  model.epsilon = t.profile.epsilon;
  model.dimension_decimals = t.profile.dimension_decimals;
  model.synergy_weight = t.profile.weight(Dimension::synergy);
  add_similarities(model, t, profiles);
  if (profiles.empty()) return model;
  add_code_factors(model, t, profiles);
  model.network_weight =
      t.profile[FactorId::network_influence].enabled ? t.profile[FactorId::network_influence].weight : 0;
  for (auto const& profile : profiles)
    model.network.push_back(static_cast<float>(profile.network.value_or(std::numeric_limits<double>::quiet_NaN())));
  add_rest(model, t, profiles);
  auto const& gate = t.profile.gate;
  model.gate_both = !gate.any_below;
  for (auto const& profile : profiles)
    model.insufficient.push_back(gate.enabled && profile.gate_fields < gate.min_fields);
  return model;
}

}  // namespace jvmm::scoring
