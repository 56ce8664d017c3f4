#pragma once

#include <string_view>
#include <vector>

namespace jvmm::personas {

/// The clauses of a cleaned text: parted by ; | bullets and line ends, by . ! ? before a blank or the end, and by a
/// slash between blanks or words of three letters or more. They refer to the text.
std::vector<std::string_view> clauses_of(std::string_view cleaned);

/// The audiences of one clause, each without its lead-in and tail: "mostly a, some b who want to c" gives "a", "b".
std::vector<std::string_view> audiences_of(std::string_view clause);

/// The parts of a phrase between " and ", " & " and ", ", with where each begins. One part: it has none of these.
std::vector<std::string_view> conjuncts_of(std::string_view phrase);

}  // namespace jvmm::personas
