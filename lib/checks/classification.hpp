#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checks/finding.hpp"

namespace jvmm::checks {

struct ClassifiedLabel {
  std::string key;
  double confidence = 0;
};

/// What a client has confirmed about the same thing, such as the text of `niche`, and which labels of the taxonomy that
/// text can stand for. No labels: it stands for none that is known, and nothing can contradict it.
struct ConfirmedLabels {
  std::string text;
  std::string source;  ///< "client_confirmed"
  std::vector<std::string> labels;
};

/// A classification as it would be stored, and what it is to be judged by.
struct Classification {
  std::vector<ClassifiedLabel> labels;            ///< best first; none: unknown, which is fine
  std::span<std::string const> taxonomy = {};     ///< keys of the labels there are; empty: any
  double threshold = 0.3;                         ///< of a confidence
  std::size_t max_labels = 0;                     ///< 0: any number
  std::size_t uniform_labels = 3;                 ///< from this many labels on, confidences this close
  double uniform_spread = 0.1;                    ///< together are suspicious; 0: never
  std::optional<ConfirmedLabels> confirmed = {};  ///< what the client said, if the source is a client's
};

/// Layer 1b of the gate. Codes: out_of_taxonomy (error: a label there is none of, an empty or repeated one, too many),
/// bad_confidence (error: no number of 0..1, or not in descending order), conflict (error: the client's labels are
/// known and the first label is none of them), low_confidence (warning for the first label, note for others), uniform
/// (warning). Confidences are compared as they are stored, with four decimals. Never a proposal.
/// **Threads** safe.
ColumnCheck check_classification(Classification const& classification);

/// The labels in a stored column: niche_categories (member "category"), offer_types ("type"), content_style ("primary",
/// "secondary", one "confidence"). Absent where the JSON has another shape; no labels for null, [] and {}.
std::optional<std::vector<ClassifiedLabel>> read_labels(std::string_view column, std::string_view json);

}  // namespace jvmm::checks
