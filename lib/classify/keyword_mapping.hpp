#pragma once

#include <optional>
#include <string>
#include <vector>

#include "classify/input.hpp"

namespace jvmm::classify {

/// A category of the mapping by keywords that classification replaces.
struct KeywordCategory {
  std::string name;
  std::vector<std::string> keywords;  ///< found anywhere in the text, without regard to case
  std::vector<std::string> labels;    ///< keys of niche-25 that the category stands for
};

/// The baseline: 11 categories, the first whose keyword is in the niche, as such mappings are written by hand.
struct KeywordMapping {
  std::string name;
  std::vector<KeywordCategory> categories;
};

/// lib/classify/keywords/keyword-11.json.
KeywordMapping const& shipped_keyword_mapping();

/// The category of a profile, or absent: "Unknown". Reads niche only.
KeywordCategory const* keyword_category(KeywordMapping const& mapping, Input const& input);

}  // namespace jvmm::classify
