#pragma once

#include <string_view>
#include <vector>

namespace jvmm::scoring {

/// A scoring profile that is compiled in.
struct ShippedDocument {
  std::string_view name;
  std::string_view text;
};

/// The default first.
std::vector<ShippedDocument> const& shipped_documents();

/// docs/schemas/scoring-profile.json.
std::string_view scoring_profile_schema();

}  // namespace jvmm::scoring
