#pragma once

#include <string>

#include "classify/taxonomy.hpp"
#include "json/ref.hpp"

namespace jvmm::classify {

/// Makes a taxonomy of a document that fits the schema: `like` and `parent` merged in, defaults filled in, checked,
/// hashed. `base`: what the document names as its base, or null; `confidence`: for one that has no base and no maps.
/// **Throws** bad_input with the source and the label at fault.
Taxonomy resolve_taxonomy(json::Ref const& document, Taxonomy const* base, std::vector<ConfidenceMap> confidence,
                          std::string const& source);

}  // namespace jvmm::classify
