#pragma once

#include <string>

#include "json/value.hpp"
#include "scoring/scoring_profile.hpp"

namespace jvmm::scoring {

/// Turns a resolved document that fits the schema into numbers. Checks what a schema cannot say.
/// **Throws** bad_input with source and path: thresholds out of order, a rule of another kind than the factor's, tables
/// that contradict themselves, fields that do not exist, no factor that always fires in a dimension.
ScoringProfile compile_scoring_profile(json::Value const& document, std::string const& source);

}  // namespace jvmm::scoring
