#pragma once

#include <optional>

#include "classify/evaluation.hpp"
#include "commands/evaluate/answers.hpp"

namespace jvmm::commands {

/// What the keyword rule that classification replaces would have got, on the same cases. Its categories are wider than
/// labels: one counts as right where the right label is among those that it could mean. Absent: another task than
/// niche; labels none of which the categories could mean; no niche is known of any labelled profile.
std::optional<classify::Evaluation> keyword_baseline(EvaluateOptions const& options, classify::LabelFile const& labels,
                                                     Answers const& answers, classify::LabelNames const& names,
                                                     classify::EvaluationOptions const& measure);

}  // namespace jvmm::commands
