#pragma once

#include <string>
#include <vector>

#include "credentials/lexicon.hpp"
#include "credentials/spans.hpp"

namespace jvmm::credentials {

/// The character that stands for each one within quotes.
inline constexpr char k_masked = '\x01';

/// Stretches within quotes: "…", '…', *…*, _…_, with the quotes, at most 120 characters within, on one line.
std::vector<Range> find_quotes(std::string const& shape);

/// The shape with what is within quotes blanked out, so that words in titles neither split nor announce.
std::string masked(std::string const& shape, std::vector<Range> const& quotes);

/// Sentences: ended by a stop, a new line, '|', ';', a spaced dash, a bullet or symbol; none longer than 2,000.
std::vector<Range> split_sentences(std::string const& mask, Lexicon const& lexicon);

/// What stands between commas outside brackets.
std::vector<Range> split_items(std::string const& mask, Range sentence);

}  // namespace jvmm::credentials
