#include <algorithm>
#include <cmath>

#include "classify/preprocess.hpp"
#include "classify/rules/rule.hpp"
#include "text/canonical.hpp"

namespace jvmm::classify {
namespace {

constexpr double k_words_decide = .5;  // a phrase with such an entry needs no vector
constexpr double k_both_sides = .8;    // each side of an "and" that parts two offers has such an entry
constexpr double k_meaning_decides = .4;
constexpr double k_word_weight = .3;  // of a lexicon point against cosines
constexpr double k_same = 1e-12;

std::size_t best_of(std::span<double const> numbers) {
  return static_cast<std::size_t>(std::ranges::max_element(numbers) - numbers.begin());
}

/// From the best to the second best.
double margin_of(std::span<double const> numbers, std::size_t best) {
  double second = 0;
  for (std::size_t i = 0; i < numbers.size(); ++i)
    if (i != best) second = std::max(second, numbers[i]);
  return numbers[best] - second;
}

std::vector<double> words_of(std::string_view phrase, Lexicon const& lexicon) {
  std::vector<double> words(lexicon.labels());
  lexicon.best_in_phrase(phrase, head_length(phrase), words);
  return words;
}

/// Parts a phrase at each " and " on both sides of which different offers are named.
std::vector<std::string> parted(std::string phrase, Lexicon const& lexicon) {
  constexpr std::string_view k_and = " and ";
  constexpr int k_most_looks = 8;  // keeps a phrase of nothing but "and" linear
  std::vector<std::string> out;
  auto at = phrase.find(k_and);
  for (int look = 0; at != std::string::npos && look < k_most_looks; ++look) {
    auto const left = words_of(std::string_view(phrase).substr(0, at), lexicon);
    auto const right = words_of(std::string_view(phrase).substr(at + k_and.size()), lexicon);
    auto const a = best_of(left), b = best_of(right);
    if (left[a] >= k_both_sides && right[b] >= k_both_sides && a != b) {
      out.push_back(phrase.substr(0, at));
      phrase.erase(0, at + k_and.size());
      at = phrase.find(k_and);
    } else {
      at = phrase.find(k_and, at + 1);
    }
  }
  out.push_back(std::move(phrase));
  return out;
}

/// Labels that have the best of the words, but for rounding.
std::vector<std::size_t> tied(std::span<double const> words) {
  auto const most = *std::ranges::max_element(words);
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < words.size(); ++i)
    if (words[i] >= most - k_same) out.push_back(i);
  return out;
}

void read_phrase(std::string phrase, Lexicon const& lexicon, Reading& reading) {
  Piece piece;
  piece.words = words_of(phrase, lexicon);
  auto const best = best_of(piece.words);
  bool const decided = piece.words[best] >= k_words_decide && tied(piece.words).size() == 1;
  if (!decided && !is_one_word(phrase, piece.words)) {
    auto head = std::string(text::strip(std::string_view(phrase).substr(0, head_length(phrase))));
    piece.text = want(reading, std::move(phrase));
    piece.head = want(reading, std::move(head));
  }
  reading.pieces.push_back(std::move(piece));
}

/// Half of what the phrase means, half of its head.
std::vector<double> meaning_of(Piece const& piece, Meanings const& meanings) {
  auto const whole = meanings.of(piece.text), head = meanings.of(piece.head);
  auto const& first = whole.empty() ? head : whole;
  auto const& second = head.empty() ? whole : head;
  std::vector<double> out(first.begin(), first.end());
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = .5 * out[i] + .5 * second[i];
  return out;
}

PhraseLabel by_words(Piece const& piece, std::span<double const> meaning) {
  auto const candidates = tied(piece.words);
  auto best = candidates.front();
  if (!meaning.empty())
    for (auto const label : candidates)
      if (meaning[label] > meaning[best]) best = label;
  return {best, piece.words[best], margin_of(piece.words, best), true};
}

}  // namespace

Reading read_offers(Input const& input, Lexicon const& lexicon) {
  Reading reading;
  auto const text = clean(input.offering, Lines::kept);
  if (text.empty()) return reading;
  reading.empty = false;
  // For trained heads; the rule itself has no use for it.
  want(reading, clean(input.offering), EmbeddingField::offering, input.offering);
  for (auto& phrase : phrases(text))
    for (auto& part : parted(std::move(phrase), lexicon))
      read_phrase(std::move(part), lexicon, reading);
  return reading;
}

std::vector<PhraseLabel> offer_labels(Reading const& reading, Meanings const& meanings, std::vector<double>& scores) {
  std::vector<PhraseLabel> out;
  for (auto const& piece : reading.pieces) {
    auto const meaning = meaning_of(piece, meanings);
    for (std::size_t i = 0; i < scores.size(); ++i)
      scores[i] = std::max(scores[i], (meaning.empty() ? 0 : meaning[i]) + k_word_weight * piece.words[i]);
    if (*std::ranges::max_element(piece.words) >= k_words_decide) {
      out.push_back(by_words(piece, meaning));
      continue;
    }
    if (meaning.empty() || *std::ranges::max_element(meaning) < k_meaning_decides) continue;
    auto sum = meaning;
    for (std::size_t i = 0; i < sum.size(); ++i)
      sum[i] += k_word_weight * piece.words[i];
    auto const best = best_of(sum);
    out.push_back({best, sum[best], margin_of(sum, best), false});
  }
  return out;
}

}  // namespace jvmm::classify
