#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "classify/evaluation.hpp"
#include "classify/label_names.hpp"
#include "json/ref.hpp"

namespace jvmm::classify {

/// What to do with a label that is none of the taxonomy.
enum class Foreign {
  refuse,  ///< an error: somebody's mistake in a file of labels
  keep,    ///< as it stands: a classifier's wrong answer
};

/// Labels as a file gives them.
struct GivenLabels {
  bool given = false;             ///< false: nothing was said, as by an empty cell
  std::vector<Predicted> labels;  ///< best first; none although given: "unknown", "none"
};

/// Reads labels from JSON: a label; a list of labels; a list of {"category" | "type" | "label", "confidence"};
/// {"primary", "secondary", "confidence"}; what `profiles` stores, and what prompts ask for. null and {} say nothing,
/// [] says none.
/// **Throws** bad_input with the value's place: another form; a confidence outside 0..1; foreign labels if refused.
GivenLabels labels_of(json::Ref const& value, LabelNames const& names, Foreign foreign);

/// Reads labels from a cell: JSON as above, perhaps in a Markdown fence; or labels parted by semicolons, bars, line
/// ends, or commas. A label may have a comma in it. `place` is for messages: "labels.csv: line 3, column 2 (label)".
/// **Throws** as above.
GivenLabels labels_of(std::string_view cell, LabelNames const& names, Foreign foreign, std::string const& place);

}  // namespace jvmm::classify
