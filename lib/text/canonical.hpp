#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace jvmm::text {

/// True for the 29 code points that count as blank wherever text is stripped or measured: U+0009-000D, 001C-001F,
/// 0020, 0085, 00A0, 1680, 2000-200A, 2028, 2029, 202F, 205F, 3000. Not among them: U+200B and U+FEFF.
bool is_space(char32_t c);

/// The text without blanks at either end. Ill-formed UTF-8 is no blank.
std::string_view strip(std::string_view text);

/// Code points, an ill-formed sequence counting as one.
std::size_t code_point_count(std::string_view text);

/// The text up to, and without, code point `count`, counted as above; all of it if it has fewer.
std::string_view first_code_points(std::string_view text, std::size_t count);

/// What provenance stores as `input_hash`: MD5, in hexadecimal, of the stripped UTF-8 text.
std::string input_hash(std::string_view text);

}  // namespace jvmm::text
