#include "scoring/factor.hpp"

#include <algorithm>

namespace jvmm::scoring {
namespace {

using enum FactorId;
using enum Dimension;

constexpr std::array<FactorInfo, k_factors> k_table{{
    {jv_history, "jv_history", "JV History", intent, "threshold_count", false},
    {seeking_stated, "seeking_stated", "Seeking Stated", intent, "binary_text", false},
    {booking_link, "booking_link", "Booking Link", intent, "binary_present", false},
    {profile_investment, "profile_investment", "Profile Investment", intent, "ratio_populated", true},
    {website, "website", "Website", intent, "binary_present", false},
    {membership_status, "membership_status", "Membership Status", intent, "lookup_table", false},
    {profile_maintenance, "profile_maintenance", "Profile Maintenance", intent, "threshold_days", false},
    {outcome_track_record, "outcome_track_record", "Outcome Track Record", intent, "ratio_positive", true},
    {promotion_willingness, "promotion_willingness", "Promotion Willingness", intent, "threshold_score", true},
    {apollo_intent_signal, "apollo_intent_signal", "Apollo Intent Signal", intent, "apollo_boolean", false},
    {engagement_likelihood, "engagement_likelihood", "Engagement Likelihood", intent, "apollo_boolean", false},
    {decision_authority, "decision_authority", "Decision Authority", intent, "lookup_table", false},
    {offering_seeking, "offering_seeking", "Offering\u2194Seeking", synergy, "semantic", false},
    {audience_alignment, "audience_alignment", "Audience Alignment", synergy, "semantic", false},
    {role_compatibility, "role_compatibility", "Role Compatibility", synergy, "lookup_table", false},
    {revenue_tier, "revenue_tier", "Revenue Tier", synergy, "lookup_table", false},
    {platform_overlap, "platform_overlap", "Platform Overlap", synergy, "count_shared", false},
    {network_influence, "network_influence", "Network Influence", synergy, "composite_network", true},
    {business_scale, "business_scale", "Business Scale", synergy, "lookup_table", false},
    {offer_type_compatibility, "offer_type_compatibility", "Offer-type Compatibility", synergy, "lookup_table", false},
    {persona_complementarity, "persona_complementarity", "Persona Complementarity", synergy, "lookup_table", false},
    {audience_engagement, "audience_engagement", "Audience Engagement", momentum, "threshold_score", true},
    {social_reach, "social_reach", "Social Reach", momentum, "threshold_tiers", false},
    {active_projects, "active_projects", "Active Projects", momentum, "binary_text", false},
    {list_size, "list_size", "List Size", momentum, "threshold_tiers", false},
    {activity_recency, "activity_recency", "Activity Recency", momentum, "threshold_days", false},
    {email_list_activity, "email_list_activity", "Email List Activity", momentum, "threshold_score", true},
    {profile_completeness, "profile_completeness", "Profile Completeness", context, "ratio_filled", true},
    {revenue_known, "revenue_known", "Revenue Known", context, "binary_known", false},
    {enrichment_quality, "enrichment_quality", "Enrichment Quality", context, "ratio_enriched", true},
    {contact_available, "contact_available", "Contact Available", context, "tiered_contact", false},
    {enrichment_confidence, "enrichment_confidence", "Enrichment Confidence", context, "threshold_confidence", true},
    {recommendation_freshness, "recommendation_freshness", "Recommendation Freshness", context, "threshold_inverse",
     false},
    {credibility, "credibility", "Credibility", context, "threshold_score", true},
    {content_style, "content_style", "Content Style", context, "lookup_table", false},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < k_table.size(); ++i)
    if (index(k_table[i].id) != i) return false;
  return true;
}
static_assert(in_order());

}  // namespace

std::string_view name(Dimension dimension) {
  constexpr std::array<std::string_view, k_dimensions> names{"intent", "synergy", "momentum", "context"};
  return names[index(dimension)];
}

std::span<FactorInfo const> factors() {
  return k_table;
}

FactorInfo const& info(FactorId id) {
  return k_table[index(id)];
}

std::optional<FactorId> parse_factor(std::string_view key) {
  auto const found = std::find_if(k_table.begin(), k_table.end(), [&](FactorInfo const& f) { return f.key == key; });
  return found == k_table.end() ? std::nullopt : std::optional(found->id);
}

}  // namespace jvmm::scoring
