#pragma once

#include <cstddef>
#include <string_view>

namespace jvmm::json {

/// Where a text stops being JSON.
struct Flaw {
  std::size_t offset;        ///< bytes
  std::string_view problem;  ///< "expected ',' or ']'"
};

/// The first flaw of a text that the parser refused (the parser itself says what, not where). Offset 0 and an empty
/// problem if the grammar is sound, as with a number that is out of range.
Flaw locate_flaw(std::string_view text, std::size_t max_depth);

}  // namespace jvmm::json
