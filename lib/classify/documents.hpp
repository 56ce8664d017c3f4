#pragma once

#include <string_view>
#include <vector>

namespace jvmm::classify {

/// A file that is compiled in.
struct ShippedDocument {
  std::string_view name;
  std::string_view text;
};

/// lib/classify/taxonomies/*.json: of each task the default first.
std::vector<ShippedDocument> const& shipped_documents();

/// docs/schemas/taxonomy.json.
std::string_view taxonomy_schema();

/// lib/classify/keywords/keyword-11.json.
std::string_view keyword_mapping_json();

}  // namespace jvmm::classify
