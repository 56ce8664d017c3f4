#pragma once

#include <string>

#include "scoring/scoring_profile.hpp"

namespace jvmm::commands {

/// The rule of a factor in one line: ">= 3: 10, >= 1: 7, else 4; absent: 5".
std::string rule_text(scoring::FactorId id, scoring::ScoringProfile const& profile);

}  // namespace jvmm::commands
