#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace jvmm::credentials {

/// Positions [start, end) of a normalised text.
struct Range {
  std::size_t start = 0;
  std::size_t end = 0;
  std::size_t size() const { return end - start; }
  bool empty() const { return end <= start; }
  bool overlaps(Range other) const { return start < other.end && other.start < end; }
  bool contains(Range other) const { return start <= other.start && other.end <= end; }
  friend bool operator==(Range, Range) = default;
};

class Lexicon;

bool is_upper(char c);
bool is_lower(char c);
bool is_digit(char c);
bool is_word(char c);  ///< letter, digit, underscore

/// The words at `at` that look like a name: capitalised words and numbers, with up to three small words ("of the")
/// between two of them, or a colon; a leading article belongs to it. Empty if no name begins there. Ends at `limit`.
Range name_at(std::string_view shape, std::size_t at, std::size_t limit, Lexicon const& lexicon);

/// All names within the range, from left to right, as long as can be.
std::vector<Range> names_in(std::string_view shape, Range range, Lexicon const& lexicon);

/// The end of the word at `at`.
std::size_t word_end(std::string_view shape, std::size_t at, std::size_t limit);

/// Without the blanks and stops at its ends.
Range trimmed(std::string_view shape, Range range);

/// Without a year at the end, in brackets or not.
Range without_year(std::string_view shape, Range range);

std::size_t count_words(std::string_view text);

}  // namespace jvmm::credentials
