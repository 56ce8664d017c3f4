#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace jvmm::text {

/// A letter, a number (general category L*, N*) or the underscore. Combining marks are none.
bool is_word(char32_t c);

/// What stands between code points that separate, without empty parts. The parts refer to the text.
std::vector<std::string_view> split_at(std::string_view text, bool (*separates)(char32_t));

/// Split at the blanks of text/canonical.hpp.
std::vector<std::string_view> split_whitespace(std::string_view text);

using StopWords = std::set<std::string, std::less<>>;

/// The set of lower-cased runs of word characters that have at least `min_length` code points and are no stop words,
/// in code-point order. Texts are not normalised, so a decomposed accent splits its word. Thread-safe.
std::vector<std::string> overlap_tokens(std::string_view text, std::size_t min_length, StopWords const& stop_words);

}  // namespace jvmm::text
