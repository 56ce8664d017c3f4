#pragma once

#include <string>
#include <string_view>

namespace jvmm::text {

/// True for combining marks (general category M*) and the variation selectors and joiners that belong to the character
/// before them.
bool continues_character(char32_t c);

/// True for characters that are not seen: category Cf (zero-width, direction marks), soft hyphen, other controls than
/// tab and line ends.
bool is_invisible(char32_t c);

/// Compatible and composed (NFKC), a character and its marks together. **Cost**: linear.
std::u32string composed(std::u32string_view character);

/// What a character looks like in ASCII: itself, the base letter of an accented Latin one, 'X' for another letter that
/// is upper case or has no case, 'x' for one in lower case, '0' for another digit, ' ' for a blank, '~' for all else.
char ascii_shape(char32_t c);

/// Simple lower case of one code point.
char32_t lower(char32_t c);

}  // namespace jvmm::text
