#pragma once

#include <string_view>

#include "classify/taxonomy.hpp"

namespace jvmm::classify {

/// The map for scores of a model ("rules" for the words alone): the taxonomy's own; else, for a model, that of the
/// first model it has; else one that is coded in.
ConfidenceMap const& confidence_map(Taxonomy const& taxonomy, std::string_view model);

/// Whether the taxonomy has a map of that very model.
bool is_calibrated(Taxonomy const& taxonomy, std::string_view model);

/// 0..1.
double confidence(LogisticMap const& map, double margin, double score, double offset);

/// The offset of a label in a map; 0 where there is none.
double offset(ConfidenceMap const& map, std::string_view key);

}  // namespace jvmm::classify
