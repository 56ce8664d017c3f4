#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace jvmm::scoring {

enum class Dimension : std::size_t { intent, synergy, momentum, context };
inline constexpr std::size_t k_dimensions = 4;
inline constexpr std::array k_all_dimensions{Dimension::intent, Dimension::synergy, Dimension::momentum,
                                             Dimension::context};
std::string_view name(Dimension dimension);

/// The factors there are, in the order in which a dimension adds them up and lists them. A scoring profile switches
/// them on, weighs them and sets their rules; what a factor reads is fixed here.
enum class FactorId : std::size_t {
  jv_history,
  seeking_stated,
  booking_link,
  profile_investment,
  website,
  membership_status,
  profile_maintenance,
  outcome_track_record,
  promotion_willingness,
  apollo_intent_signal,
  engagement_likelihood,
  decision_authority,
  offering_seeking,
  audience_alignment,
  role_compatibility,
  revenue_tier,
  platform_overlap,
  network_influence,
  business_scale,
  offer_type_compatibility,
  persona_complementarity,
  audience_engagement,
  social_reach,
  active_projects,
  list_size,
  activity_recency,
  email_list_activity,
  profile_completeness,
  revenue_known,
  enrichment_quality,
  contact_available,
  enrichment_confidence,
  recommendation_freshness,
  credibility,
  content_style,
};

struct FactorInfo {
  FactorId id;
  std::string_view key;   ///< in a scoring profile: "offering_seeking"
  std::string_view name;  ///< in a breakdown: "Offering↔Seeking"
  Dimension dimension;
  std::string_view method;   ///< in a breakdown; of the similarities, "semantic" or "word_overlap"
  bool rounded_for_display;  ///< a breakdown shows one decimal, the dimension uses all of it
};

/// All factors, in order.
std::span<FactorInfo const> factors();
FactorInfo const& info(FactorId id);
std::optional<FactorId> parse_factor(std::string_view key);

inline constexpr std::size_t k_factors = static_cast<std::size_t>(FactorId::content_style) + 1;
constexpr std::size_t index(FactorId id) {
  return static_cast<std::size_t>(id);
}
constexpr std::size_t index(Dimension dimension) {
  return static_cast<std::size_t>(dimension);
}

}  // namespace jvmm::scoring
