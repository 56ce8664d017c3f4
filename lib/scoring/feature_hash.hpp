#pragma once

#include <string>

#include "domain/profile.hpp"
#include "scoring/prepared.hpp"
#include "scoring/scoring_profile.hpp"

namespace jvmm::scoring {

/// Names all that a profile brings to a score, in 16 hexadecimal digits: its texts, lists and vectors, and its
/// one-sided scores instead of times and centralities, so that it changes with the day only when a score does.
/// **Cost** some ten microseconds.
std::string feature_hash(Profile const& profile, Prepared const& prepared, ScoringProfile const& rules);

}  // namespace jvmm::scoring
