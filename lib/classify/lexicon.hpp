#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "classify/taxonomy.hpp"
#include "text/phrase_finder.hpp"

namespace jvmm::classify {

/// The lexicons of all labels of a taxonomy, searched in one pass. Entries are phrases of text/phrase_finder.hpp.
/// **Threads**: safe.
class Lexicon {
 public:
  explicit Lexicon(Taxonomy const& taxonomy);

  /// Per label the sum of the weights of the distinct entries that are in the text. REQUIRES: a label each in `out`.
  void sums(std::string_view text, std::span<double> out) const;

  /// Per label the best entry of a phrase: weight × (1 + .25 × min(1, end / head) + .1 × min(3, words - 1)) where it
  /// begins in the head, weight × .5 behind it.
  void best_in_phrase(std::string_view phrase, std::size_t head_length, std::span<double> out) const;

  std::size_t labels() const { return m_labels; }

 private:
  struct Use {
    std::uint32_t label;
    double weight;
  };
  struct Entry {
    std::uint32_t first_use, uses;
    std::uint32_t words;
  };

  static std::vector<std::string> distinct_entries(Taxonomy const& taxonomy);

  std::size_t m_labels;
  std::vector<std::string> m_texts;  ///< canonical, sorted
  text::PhraseFinder m_finder;
  std::vector<Entry> m_entries;
  std::vector<Use> m_uses;
};

}  // namespace jvmm::classify
