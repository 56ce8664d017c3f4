#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "checks/finding.hpp"

namespace jvmm::checks {

/// Points of a quote below which it proves nothing, and of a fragment of a value.
inline constexpr std::size_t k_least_quote = 20, k_least_fragment = 8;

/// From this similarity on a quote counts as found. docs/cli/check-profiles.md has how it was chosen.
inline constexpr double k_quote_similarity = 0.75;

/// A page's text, folded (without case, accents, invisible characters; blanks made one) and decoded once.
class Page {
 public:
  explicit Page(std::string_view text);
  bool empty() const { return m_text.empty(); }
  std::u32string const& text() const { return m_text; }

 private:
  std::u32string m_text;
};

/// 1 - d / n, where n is the quote's length and d the least edit distance (insertions, deletions, replacements of one
/// character) between the quote and any part of the page; 0 at least. 1: it stands there. Both folded as above.
/// **Cost** length of the page × length of the quote / 64 (Myers, J. ACM 46 (1999) 395; Hyyrö 2003 for long patterns).
double quote_similarity(std::string_view quote, Page const& page);

/// Layer 2: whether a value can be told from its page. Grounded if one of its own quotes, of at least 20 characters, is
/// found; else if at least half of its first five fragments (between commas, semicolons, full stops and newlines, at
/// least 8 characters) stand in the page; a value without such a fragment has to stand there whole, between word
/// boundaries. Code: ungrounded (warning); page_empty (note). No proposal.
/// **Cost** as quote_similarity, for each quote.
ColumnCheck check_grounding(std::string_view value, std::vector<std::string> const& quotes, Page const& page);

}  // namespace jvmm::checks
