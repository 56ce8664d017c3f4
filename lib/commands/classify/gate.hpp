#pragma once

#include <optional>
#include <string>

#include "commands/classify/judge.hpp"

namespace jvmm::commands {

// Layer 1b of the verification gate: which classifications are not written, but held back for a person.

/// Why a classification is held back.
struct Doubt {
  std::string reason;  ///< "low_confidence", "uniform", "conflict" or "out_of_taxonomy"
  std::string detail;  ///< for people
};

/// Below this the best label is not written. Also in each stage's fingerprint.
inline constexpr double k_least_confidence = 0.3;

/// Three labels or more, none of them sure, that differ by less than .1 say nothing: the model did not tell them apart.
/// Where they are sure (.8 and up) they are plain facts that stand side by side.
inline constexpr double k_uniform_spread = 0.1, k_uniform_below = 0.8;

/// Absent: may be written. An unknown is no doubt, unless labels were named that the taxonomy does not have.
std::optional<Doubt> doubt(classify::Taxonomy const& taxonomy, Ruling const& ruling);

/// The same for a profile whose niche the client gave or confirmed: in conflict where that text alone surely has a
/// label that is not among those given. `question`: with its vectors.
std::optional<Doubt> conflict_with_niche(classify::Classifier const& classifier, Question const& question,
                                         Ruling const& ruling);

/// In conflict with a value that the client confirmed, in the form in which the column holds it: the best label is not
/// among those there.
std::optional<Doubt> conflict_with_value(classify::Taxonomy const& taxonomy, std::string_view confirmed_json,
                                         classify::Verdict const& verdict);

}  // namespace jvmm::commands
