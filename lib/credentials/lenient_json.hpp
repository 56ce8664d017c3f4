#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "json/value.hpp"

namespace jvmm::credentials {

struct LenientJson {
  json::Value value;
  std::size_t end = 0;     ///< of what was read
  bool truncated = false;  ///< the text broke off; the last, incomplete part is left out
};

/// Reads the object or array that begins at `at` as models write them: trailing or missing commas, comments, single
/// quotes, words without quotes, Python's None and True, line breaks in strings, an end that is missing. None where the
/// text is no such thing, or more than 32 deep. **Cost**: linear.
std::optional<LenientJson> read_lenient_json(std::string_view text, std::size_t at);

}  // namespace jvmm::credentials
