#include <algorithm>
#include <cmath>

#include "classify/preprocess.hpp"
#include "classify/rules/rule.hpp"

namespace jvmm::classify {
namespace {

constexpr std::size_t k_max_sentences = 40;
constexpr double k_sharpness = 20;
constexpr double k_word_weight = .05;
constexpr double k_most_words = 4;

}  // namespace

Reading read_style(Input const& input, Lexicon const& lexicon) {
  Reading reading;
  std::string whole;
  for (auto const& stored : {input.what_you_do, input.bio, input.page_text}) {
    auto const text = clean(stored, Lines::kept);
    if (text.empty()) continue;
    reading.empty = false;
    if (!whole.empty()) whole += ". ";
    whole += text;
    for (auto& sentence : sentences(text)) {
      if (reading.pieces.size() == k_max_sentences) break;
      Piece piece;
      // what_you_do of one sentence may have a vector already.
      piece.text = want(reading, std::move(sentence), EmbeddingField::what_you_do, input.what_you_do);
      reading.pieces.push_back(std::move(piece));
    }
  }
  reading.words.resize(lexicon.labels());
  lexicon.sums(whole, reading.words);
  reading.one_word = is_one_word(whole, reading.words);
  return reading;
}

std::vector<double> style_scores(Reading const& reading, Meanings const& meanings, std::size_t labels) {
  std::vector<double> scores(labels);
  if (meanings.none()) {
    std::ranges::copy(reading.words, scores.begin());
    return scores;
  }
  // A soft maximum over the sentences, from the largest so that no power overflows.
  for (std::size_t i = 0; i < labels; ++i) {
    double best = -1e9, sum = 0;
    for (auto const& piece : reading.pieces)
      if (auto const numbers = meanings.of(piece.text); !numbers.empty()) best = std::max(best, numbers[i]);
    for (auto const& piece : reading.pieces)
      if (auto const numbers = meanings.of(piece.text); !numbers.empty())
        sum += std::exp(k_sharpness * (numbers[i] - best));
    scores[i] = best + std::log(sum) / k_sharpness + k_word_weight * std::min(reading.words[i], k_most_words);
  }
  return scores;
}

}  // namespace jvmm::classify
