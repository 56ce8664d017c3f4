#include "commands/scoring/rule_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace jvmm::commands {
namespace {

using scoring::FactorSettings;
using scoring::ScoringProfile;
using scoring::Steps;
using Parts = std::vector<std::string>;

void add_steps(Parts& parts, Steps const& steps, std::string_view unit = "") {
  auto const* const sign = steps.reached == Steps::Reached::at_least ? ">=" : "<=";
  for (auto const& [threshold, score] : steps.steps)
    parts.push_back(fmt::format("{} {}{}: {}", sign, threshold, unit, score));
  if (steps.otherwise) parts.push_back(fmt::format("else {}", *steps.otherwise));
}

void add_similarity(Parts& parts, ScoringProfile const& profile, FactorSettings const& settings) {
  if (settings.vectors == FactorSettings::Vectors::none)
    parts.emplace_back("word overlap only");
  else if (profile.similarity == scoring::SimilarityKind::calibrated)
    parts.emplace_back("cosine by the model's calibration, else word overlap");
  else if (profile.similarity == scoring::SimilarityKind::linear)
    parts.push_back(fmt::format("{} x cosine, else word overlap", profile.similarity_map.knots.back().score));
  else
    parts.emplace_back("steps of the cosine, else word overlap");
  if (settings.weight_fallback != settings.weight)
    parts.push_back(fmt::format("weight of word overlap: {}", settings.weight_fallback));
}

void add_linear(Parts& parts, scoring::FactorId id, FactorSettings const& settings) {
  if (id != scoring::FactorId::outcome_track_record) {
    parts.push_back(fmt::format("min({}, {} x)", settings.cap, settings.scale));
    return;
  }
  parts.push_back(fmt::format("min({}, {} x share of {}) from {} signals", settings.cap, settings.scale,
                              fmt::join(settings.positive, "|"), settings.min_signals));
  if (settings.counted) parts.push_back(fmt::format("counted: {}", fmt::join(*settings.counted, "|")));
}

void add_offers(Parts& parts, ScoringProfile const& profile, FactorSettings const& settings) {
  parts.push_back(fmt::format("best of the table, same {}, other {}, none sure {}", profile.offer_same,
                              profile.offer_default, profile.offer_empty));
  parts.push_back(fmt::format("confidence >= {}", settings.min_confidence));
  if (auto const& owner = settings.list_owner)
    parts.push_back(fmt::format("list owner (>= {} people or {}) with {}: {}", owner->min_list_size,
                                fmt::join(owner->offers, "|"), fmt::join(owner->with, "|"), owner->score));
}

void add_network(Parts& parts, FactorSettings const& settings) {
  if (settings.by_percentile) {
    parts.emplace_back("mean of the percentiles' scores");
    add_steps(parts, settings.percentile_steps, " %");
  } else {
    parts.push_back(fmt::format("mean of {} x degree, {} x betweenness, PageRank", settings.degree_scale,
                                settings.betweenness_scale));
    add_steps(parts, settings.steps);
  }
  parts.push_back(fmt::format("PageRank counts {} times", settings.pagerank_times));
}

void add_rule(Parts& parts, scoring::FactorId id, ScoringProfile const& profile) {
  using enum scoring::FactorId;
  auto const& settings = profile[id];
  switch (id) {
    case offering_seeking:
    case audience_alignment:
      return add_similarity(parts, profile, settings);
    case role_compatibility:
      return parts.push_back("table of roles");
    case persona_complementarity:
      return parts.push_back(fmt::format("table of personas, same {}", settings.same));
    case content_style:
      return parts.push_back(
          fmt::format("table of styles, same {}; confidence >= {}", settings.same, settings.min_confidence));
    case offer_type_compatibility:
      return add_offers(parts, profile, settings);
    case network_influence:
      return add_network(parts, settings);
    case profile_maintenance:
    case activity_recency:
      return add_steps(parts, settings.steps, " days");
    case outcome_track_record:
    case promotion_willingness:
    case audience_engagement:
    case email_list_activity:
    case enrichment_confidence:
    case credibility:
      return add_linear(parts, id, settings);
    default:
      break;
  }
  if (!settings.rank_scores.empty()) {
    parts.push_back(fmt::format("by difference of ranks: {}", fmt::join(settings.rank_scores, ", ")));
    if (settings.unranked) parts.push_back(fmt::format("unranked: {}", *settings.unranked));
    return;
  }
  if (settings.zero) parts.push_back(fmt::format("0: {}", *settings.zero));
  if (settings.present) parts.push_back(fmt::format("there: {}", *settings.present));
  if (settings.present && settings.absent) parts.push_back(fmt::format("not there: {}", *settings.absent));
  if (settings.min_length > 1) parts.push_back(fmt::format("from {} characters", settings.min_length));
  for (auto const& [label, score] : settings.table)
    parts.push_back(fmt::format("{}: {}", label, score));
  if (!settings.fields.empty()) parts.push_back(fmt::format("share of {} fields filled", settings.fields.size()));
  add_steps(parts, settings.steps);
}

}  // namespace

std::string rule_text(scoring::FactorId id, ScoringProfile const& profile) {
  Parts parts;
  add_rule(parts, id, profile);
  auto const& settings = profile[id];
  if (settings.zero_is_null) parts.emplace_back("0 is absent");
  if (settings.neutral) parts.push_back(fmt::format("absent: {}", *settings.neutral));
  return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace jvmm::commands
