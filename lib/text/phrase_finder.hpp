#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace jvmm::text {

/// Finds many phrases in a text in one pass (Aho and Corasick, 1975).
///
/// A phrase is words and signs. Blanks and hyphens inside it stand for any run of blanks and hyphens. A trailing `*`
/// stands for the rest of the word, a `#` for one digit, at most two in a phrase. Case does not count. Where a phrase
/// begins or ends with a word character (letter, number, underscore; text/tokens.hpp), it matches whole words only: not
/// after, and without `*` not before, another word character.
///
/// **Threads**: safe, all of it const. **Cost**: memory of some 200 bytes per character of the phrases; a search is
/// linear in the text and the matches.
class PhraseFinder {
 public:
  struct Match {
    std::uint32_t phrase = 0;  ///< index in the list that the finder was made from
    std::uint32_t begin = 0;   ///< bytes of the text; with `*` the end is that of the word
    std::uint32_t end = 0;
  };

  /// REQUIRES: no phrase has a problem().
  explicit PhraseFinder(std::vector<std::string> const& phrases);

  /// Matches by their end, longer ones first. REQUIRES: the text is in lower case (text::lower), below 4 GiB.
  void find(std::string_view lowered, std::vector<Match>& out) const;

  /// What is wrong with a phrase, or "": empty, blanks or hyphens at an end, nothing but signs and `*`, more than two
  /// `#`, a `*` that is not at the end.
  static std::string_view problem(std::string_view phrase);

  /// The phrase as it is searched for: lower case, with one blank for blanks and hyphens. Two phrases are the same if
  /// this is.
  static std::string canonical(std::string_view phrase);

 private:
  struct Pattern {
    std::uint32_t phrase;
    std::uint32_t length;  ///< bytes, blanks as one
    bool word_begins, word_ends, open;
  };
  struct Node {
    std::uint32_t first_pattern, patterns;
    std::uint32_t shorter;  ///< the next node on the way of failures that has patterns; 0: none
  };
  using Build = std::vector<std::vector<std::uint32_t>>;

  void insert(std::string const& text, Pattern pattern, Build& children, std::vector<std::vector<Pattern>>& ends);
  void link(Build const& children, std::vector<std::vector<Pattern>> const& ends);

  std::uint8_t m_class[256] = {};  ///< of a byte; 0: in no phrase
  std::size_t m_classes = 1;
  std::vector<std::uint32_t> m_next;  ///< node × class
  std::vector<Node> m_nodes;
  std::vector<Pattern> m_patterns;
};

}  // namespace jvmm::text
