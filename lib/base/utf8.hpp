#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace jvmm::utf8 {

inline constexpr char32_t k_replacement = U'\uFFFD';

/// One step through a text. An ill-formed sequence is one step of value U+FFFD per maximal subpart, as Unicode
/// recommends and Python's `errors="replace"` does; `valid` tells it from a U+FFFD that stands in the text.
struct CodePoint {
  char32_t value = 0;
  std::size_t length = 0;  ///< bytes, at least 1
  bool valid = true;
};

/// The code point that begins at byte `at`. Surrogates and overlong forms are ill-formed.
/// REQUIRES: at < text.size().
CodePoint decode(std::string_view text, std::size_t at);

/// Appends the code point. REQUIRES: a Unicode scalar value.
void append(std::string& out, char32_t value);

/// Byte offset of the first ill-formed sequence, or npos.
std::size_t first_invalid(std::string_view text);

/// The text with every ill-formed sequence replaced by U+FFFD; unchanged where there is none.
std::string repaired(std::string_view text);

}  // namespace jvmm::utf8
