#pragma once

#include <string>

namespace jvmm::scoring {

/// A number of people: "950", "12K", "1.2M" (ties to even); "" for 0. REQUIRES: not negative.
std::string reach(double people);

/// Frees a reason of what leaks into it from stored texts, by the functions below in their order. Each changes the text
/// in place, takes matches from left to right, and is thread-safe; blanks are those of text/canonical.hpp.
void sanitise_reason(std::string& text);

void remove_keyword_matches(std::string& text);  ///< "Keyword match: [..] ↔ [..]", also with U+27F7
void remove_warnings(std::string& text);         ///< U+26A0 U+FE0F to the next full stop and the blanks after it
void remove_scores(std::string& text);           ///< "(score: 12.3)"
void remove_assignments(std::string& text);      ///< "synergy_score = 0.85"
void join_full_stops(std::string& text);         ///< two, with blanks between or none, become one; "..." becomes ".."
void join_blanks(std::string& text);             ///< two or more become one U+0020
void strip_ends(std::string& text);              ///< U+0020 and full stops

}  // namespace jvmm::scoring
