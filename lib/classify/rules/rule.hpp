#pragma once

// How each task reads a profile and turns what words and vectors say into scores. docs/algorithms/classification.md has
// the formulas and where their constants come from.

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "classify/classifier.hpp"
#include "classify/lexicon.hpp"
#include "classify/prototypes.hpp"

namespace jvmm::classify {

inline constexpr std::size_t k_no_text = static_cast<std::size_t>(-1);

/// A piece of a profile that speaks for labels by itself: a field, a phrase, a sentence.
struct Piece {
  std::size_t text = k_no_text;  ///< index in Reading::wanted
  std::size_t head = k_no_text;  ///< of a phrase: its head's index
  double weight = 1;             ///< of a field
  std::vector<double> words;     ///< what the lexicon says, a number per label; empty: nothing of its own
};

/// A profile, read for one task.
struct Reading {
  std::vector<Wanted> wanted;
  std::vector<Piece> pieces;
  std::vector<double> words;  ///< what the lexicon says of all of it, where the task asks that
  bool empty = true;
  bool one_word = false;  ///< there is one word or none, and no lexicon knows it: no vector makes that a label
};

/// What the vectors say: per text of Reading::wanted a number per label, NaN where there is no vector.
class Meanings {
 public:
  Meanings(std::span<double const> numbers, std::size_t labels) : m_numbers(numbers), m_labels(labels) {}

  /// Empty where there is no vector.
  std::span<double const> of(std::size_t text) const;
  bool none() const;

 private:
  std::span<double const> m_numbers;
  std::size_t m_labels;
};

/// A label's score and confidence, and whether it may be given.
struct Finding {
  double score = 0;
  double confidence = 0;
};

/// Whether a text of which a lexicon found `words` is too little for a label.
bool is_one_word(std::string_view text, std::span<double const> words);

/// Adds a text to those that are wanted, once. `field`: what it would be the whole of.
std::size_t want(Reading& reading, std::string text, std::optional<EmbeddingField> field = std::nullopt,
                 std::optional<std::string> const& stored = std::nullopt);

Reading read_niche(Input const& input, Lexicon const& lexicon);
Reading read_offers(Input const& input, Lexicon const& lexicon);
Reading read_style(Input const& input, Lexicon const& lexicon);

/// Scores per label. With no vector at all they are those of the words alone, on another scale.
std::vector<double> niche_scores(Reading const& reading, Meanings const& meanings, std::size_t labels);
std::vector<double> style_scores(Reading const& reading, Meanings const& meanings, std::size_t labels);

/// The label that one phrase gives.
struct PhraseLabel {
  std::size_t label = 0;
  double score = 0;
  double margin = 0;      ///< to the next best label of the phrase
  bool by_words = false;  ///< a lexicon entry decided
};

/// What the phrases of an offering give, and in `scores` the best of each label over the phrases.
std::vector<PhraseLabel> offer_labels(Reading const& reading, Meanings const& meanings, std::vector<double>& scores);

}  // namespace jvmm::classify
