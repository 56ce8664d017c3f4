#pragma once

#include <optional>
#include <string>

#include "domain/profile.hpp"
#include "scoring/context.hpp"
#include "scoring/scoring_profile.hpp"

namespace jvmm::scoring {

/// The score (0..10) of a factor that looks at the target alone, or absent where it does not fire. `detail`, if not
/// null, gets the remark of a breakdown. Rules: ismc-spec A5, A7, A8.
/// REQUIRES: a factor of intent, momentum or context other than content_style, which is enabled.
std::optional<double> one_sided_score(FactorId factor, Profile const& target, ScoringProfile const& rules,
                                      ScoringContext const& context, std::string* detail = nullptr);

/// What the profile has of the network (0..10), or absent: ismc-spec A6.
std::optional<double> network_composite(Profile const& profile, FactorSettings const& settings,
                                        NetworkCuts const& cuts);

/// revenue_tier as a tier, or absent: blank, or the word "unknown".
std::optional<std::string> known_tier(Profile const& profile, bool unknown_any_case);

/// The text as a table's key.
std::string as_key(std::string_view text, TextMatch match);

}  // namespace jvmm::scoring
