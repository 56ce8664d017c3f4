#include "scoring/one_sided.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "scoring/profile_fields.hpp"
#include "text/canonical.hpp"
#include "text/casing.hpp"

namespace jvmm::scoring {
namespace {

using Detail = std::string*;
using Score = std::optional<double>;

// Python's min(cap, x): a NaN gives the cap.
double capped(double cap, double x) {
  return std::min(cap, x);
}

// 25401 -> "25,401"
std::string with_commas(double x) {
  auto digits = fmt::format("{:.0f}", std::abs(x));
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return (x < 0 ? "-" : "") + digits;
}

std::int64_t days_between(SystemTime from, SystemTime to) {
  return std::chrono::floor<std::chrono::days>(to - from).count();
}

Score presence(FactorSettings const& settings, bool there, Detail detail, char const* yes, char const* no) {
  auto const score = there ? settings.present : settings.absent;
  if (score && detail) *detail = there ? yes : no;
  return score;
}

// The number as it counts: zero may be absent.
std::optional<double> counting(std::optional<double> x, FactorSettings const& settings) {
  return x && settings.zero_is_null && *x <= 0 ? std::nullopt : x;
}

Score linear(std::optional<double> x, FactorSettings const& settings, Detail detail, fmt::string_view format) {
  x = counting(x, settings);
  if (!x) return settings.neutral;
  if (detail) *detail = fmt::vformat(format, fmt::make_format_args(*x));
  return capped(settings.cap, settings.scale * *x);
}

Score tiers(std::optional<double> x, FactorSettings const& settings, Detail detail, char const* unit) {
  x = counting(x, settings);
  if (!x) return settings.neutral;
  if (detail) *detail = with_commas(*x) + unit;
  return settings.steps(*x);
}

Score days(std::optional<SystemTime> then, FactorSettings const& settings, SystemTime now, Detail detail,
           fmt::string_view format) {
  if (!then) return settings.neutral;
  auto const elapsed = days_between(*then, now);
  if (detail) *detail = fmt::vformat(format, fmt::make_format_args(elapsed));
  return settings.steps(static_cast<double>(elapsed));
}

Score table(std::optional<std::string> const& text, FactorSettings const& settings, Detail detail, char const* what) {
  if (!text) return settings.neutral;
  auto const key = as_key(*text, settings.match);
  auto const found =
      std::find_if(settings.table.begin(), settings.table.end(), [&](auto const& entry) { return entry.first == key; });
  auto const score = found == settings.table.end() ? settings.steps.otherwise : std::optional(found->second);
  if (score && detail) *detail = fmt::format("{}: {}", what, key);
  return score;
}

template <class Counts>
Score ratio(FactorSettings const& settings, Counts counts, Detail detail, char const* what) {
  auto const count = std::count_if(settings.fields.begin(), settings.fields.end(), counts);
  auto const all = settings.fields.size();
  if (detail) *detail = fmt::format("{}/{} {}", count, all, what);
  return static_cast<double>(count) / static_cast<double>(all) * 10;
}

Score jv_history(Profile const& target, ScoringProfile const& rules, Detail detail) {
  auto const* list = target.jv_history.get_if<json::Array>();
  auto const history = list ? json::Value() : decoded(target.jv_history, rules.decode_json_strings);
  if (!list) list = history.get_if<json::Array>();
  auto const count = list ? list->size() : 0;
  if (detail) *detail = fmt::format("{} past partnerships", count);
  return rules[FactorId::jv_history].steps(static_cast<double>(count));
}

Score outcomes(Profile const& target, FactorSettings const& settings, ScoringContext const& context, Detail detail) {
  auto const found = context.outcomes.find(target.id);
  if (found == context.outcomes.end()) return settings.neutral;
  auto const is_in = [](std::vector<std::string> const& names, std::string const& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  double total = 0, positive = 0;
  for (auto const& [outcome, count] : found->second) {
    if (!settings.counted || is_in(*settings.counted, outcome)) total += count;
    if (is_in(settings.positive, outcome)) positive += count;
  }
  if (total < static_cast<double>(settings.min_signals)) return settings.neutral;
  auto const share = positive / total;
  if (detail) *detail = fmt::format("{:.0f}/{:.0f} positive ({:.0f}%)", positive, total, share * 100);
  return capped(settings.cap, share * settings.scale);
}

Score contact(Profile const& target, FactorSettings const& settings, Detail detail) {
  for (auto const& [field, score] : settings.table)
    if (populated(target, field)) {
      if (detail) *detail = field == "email" ? "Email" : field == "linkedin" ? "LinkedIn" : "Limited";
      return score;
    }
  if (detail) *detail = "Limited";
  return settings.steps.otherwise;
}

Score revenue_known(Profile const& target, ScoringProfile const& rules, Detail detail) {
  // Blanks count as known here, though not as a tier.
  bool const known = truthy(target, "revenue_tier") &&
                     (rules.unknown_any_case ? text::lower(*target.revenue_tier) : *target.revenue_tier) != "unknown";
  if (detail) *detail = truthy(target, "revenue_tier") ? *target.revenue_tier : "Unknown";
  return presence(rules[FactorId::revenue_known], known, nullptr, "", "");
}

Score credibility(Profile const& target, FactorSettings const& settings, Detail detail) {
  if (!target.has_credentials) return std::nullopt;
  return linear(target.credibility_score, settings, detail, "Credibility: {:.2f}");
}

Score pressure(Profile const& target, FactorSettings const& settings, Detail detail) {
  auto const times = counting(target.recommendation_pressure_30d, settings);
  if (!times) return settings.neutral;
  if (detail) *detail = fmt::format("Recommended {:.0f}x in 30d", *times);
  return *times == 0 && settings.zero ? settings.zero : settings.steps(*times);
}

Score of_text(FactorSettings const& settings, std::optional<std::string> const& text, Detail detail, char const* yes,
              char const* no) {
  return presence(settings, stripped_length(text) >= std::max<std::size_t>(settings.min_length, 1), detail, yes, no);
}

Score flag(FactorSettings const& settings, std::optional<bool> value, Detail detail, char const* yes, char const* no) {
  return value ? presence(settings, *value, detail, yes, no) : settings.neutral;
}

Score threshold(double x, Steps const& by_value, Steps const& by_percentile, bool percentile,
                std::vector<double> const& cuts) {
  if (!percentile) return by_value(x);
  for (std::size_t i = 0; i < std::min(cuts.size(), by_percentile.steps.size()); ++i)
    if (x >= cuts[i]) return by_percentile.steps[i].second;
  return by_percentile.otherwise;
}

}  // namespace

std::optional<double> one_sided_score(FactorId factor, Profile const& target, ScoringProfile const& rules,
                                      ScoringContext const& context, std::string* detail) {
  auto const& settings = rules[factor];
  using enum FactorId;
  switch (factor) {
    case jv_history:
      return scoring::jv_history(target, rules, detail);
    case seeking_stated:
      return of_text(settings, target.seeking, detail, "Seeking stated", "Seeking not stated");
    case booking_link:
      return of_text(settings, target.booking_link, detail, "Ready for meetings", "No booking link");
    case profile_investment:
      return ratio(settings, [&](auto const& field) { return populated(target, field); }, detail, "fields populated");
    case website:
      return of_text(settings, target.website, detail, "Website available", "No website");
    case membership_status:
      return table(target.status, settings, detail, "Status");
    case profile_maintenance:
      return days(target.profile_updated_at, settings, context.now, detail, "Profile updated {}d ago");
    case outcome_track_record:
      return outcomes(target, settings, context, detail);
    case promotion_willingness:
      return linear(target.promotion_willingness_score, settings, detail, "Promotes partners: {:.2f}");
    case apollo_intent_signal:
      return flag(settings, target.intent_signal, detail, "Active intent signal", "No intent signal");
    case engagement_likelihood:
      return flag(settings, target.engagement_likelihood, detail, "Likely to engage", "Lower engagement likelihood");
    case decision_authority:
      return table(target.seniority, settings, detail, "Seniority");
    case audience_engagement:
      return linear(target.audience_engagement_score, settings, detail, "Engagement: {:.2f}");
    case social_reach:
      return tiers(target.social_reach, settings, detail, " followers");
    case active_projects:
      return of_text(settings, target.current_projects, detail, "Active projects noted", "No active projects");
    case list_size:
      return tiers(target.list_size, settings, detail, "");
    case activity_recency:
      return days(target.last_active_at, settings, context.now, detail, "Last active {}d ago");
    case email_list_activity:
      return linear(target.email_list_activity_score, settings, detail, "Mailing activity: {:.2f}");
    case profile_completeness:
      return ratio(settings, [&](auto const& field) { return populated(target, field); }, detail, "key fields");
    case revenue_known:
      return scoring::revenue_known(target, rules, detail);
    case enrichment_quality:
      return ratio(settings, [&](auto const& field) { return truthy(target, field); }, detail, "enrichment fields");
    case contact_available:
      return contact(target, settings, detail);
    case enrichment_confidence:
      return linear(target.profile_confidence, settings, detail, "AI confidence: {:.2f}");
    case recommendation_freshness:
      return pressure(target, settings, detail);
    case credibility:
      return scoring::credibility(target, settings, detail);
    default:
      return std::nullopt;
  }
}

std::optional<double> network_composite(Profile const& profile, FactorSettings const& settings,
                                        NetworkCuts const& cuts) {
  double sum = 0;
  int values = 0;
  bool const percentile = settings.by_percentile;
  auto const add = [&](std::optional<double> score, int times) {
    for (int i = 0; score && i < times; ++i, ++values)
      sum += *score;
  };
  auto const scaled = [&](double x, double scale, std::vector<double> const& metric_cuts) {
    return percentile ? threshold(x, {}, settings.percentile_steps, true, metric_cuts)
                      : capped(settings.cap, scale * x);
  };
  if (profile.pagerank_score && *profile.pagerank_score > 0)
    add(threshold(*profile.pagerank_score, settings.steps, settings.percentile_steps, percentile, cuts.pagerank),
        settings.pagerank_times);
  if (profile.degree_centrality && *profile.degree_centrality > 0)
    add(scaled(*profile.degree_centrality, settings.degree_scale, cuts.degree), 1);
  if (profile.betweenness_centrality && *profile.betweenness_centrality > 0)
    add(scaled(*profile.betweenness_centrality, settings.betweenness_scale, cuts.betweenness), 1);
  return values ? std::optional(sum / values) : std::nullopt;
}

std::optional<std::string> known_tier(Profile const& profile, bool unknown_any_case) {
  if (!non_blank(profile.revenue_tier)) return std::nullopt;
  if ((unknown_any_case ? as_key(*profile.revenue_tier, TextMatch::stripped_lower) : *profile.revenue_tier) ==
      "unknown")
    return std::nullopt;
  return profile.revenue_tier;
}

std::string as_key(std::string_view text, TextMatch match) {
  auto const inner = match == TextMatch::stripped || match == TextMatch::stripped_lower ? text::strip(text) : text;
  return match == TextMatch::lower || match == TextMatch::stripped_lower ? text::lower(inner) : std::string(inner);
}

NetworkCuts network_cuts(std::vector<Profile> const& profiles, std::vector<double> const& percentiles) {
  auto const cuts = [&](std::optional<double> Profile::* metric) {
    std::vector<double> values, result;
    for (auto const& profile : profiles)
      if (profile.*metric && *(profile.*metric) > 0) values.push_back(*(profile.*metric));
    std::sort(values.begin(), values.end());
    for (double const percentile : percentiles) {
      auto const rank = std::ceil(percentile / 100 * static_cast<double>(values.size()));  // as percentile_disc
      if (!values.empty()) result.push_back(values[static_cast<std::size_t>(std::max(rank, 1.0)) - 1]);
    }
    return result;
  };
  return {cuts(&Profile::pagerank_score), cuts(&Profile::degree_centrality), cuts(&Profile::betweenness_centrality)};
}

}  // namespace jvmm::scoring
