#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "classify/preprocess.hpp"
#include "classify/rules/rule.hpp"

namespace jvmm::classify {
namespace {

struct Field {
  std::optional<std::string> Input::* member;
  double weight;
  std::optional<EmbeddingField> embedded;
};

constexpr std::array<Field, 4> k_fields{{{&Input::niche, 1.5, std::nullopt},
                                         {&Input::tags, 1.2, std::nullopt},
                                         {&Input::what_you_do, 1.0, EmbeddingField::what_you_do},
                                         {&Input::who_you_serve, .5, EmbeddingField::who_you_serve}}};

constexpr double k_word_weight = .04;  // of a lexicon point against cosines
constexpr double k_most_words = 2;     // lexicon points of a field that count beside a vector
constexpr double k_most_words_alone = 3;

}  // namespace

bool is_one_word(std::string_view text, std::span<double const> words) {
  return std::ranges::all_of(words, [](double sum) { return sum <= 0; }) && !has_words(text);
}

std::size_t want(Reading& reading, std::string text, std::optional<EmbeddingField> field,
                 std::optional<std::string> const& stored) {
  auto const whole = field && stored && is_whole_field(text, *stored);
  for (std::size_t i = 0; i < reading.wanted.size(); ++i)
    if (reading.wanted[i].text == text) {
      if (whole && !reading.wanted[i].stored) reading.wanted[i].stored = field;
      return i;
    }
  reading.wanted.push_back({std::move(text), whole ? field : std::nullopt});
  return reading.wanted.size() - 1;
}

std::span<double const> Meanings::of(std::size_t text) const {
  if (text == k_no_text || m_numbers.empty()) return {};
  auto const part = m_numbers.subspan(text * m_labels, m_labels);
  return std::isnan(part.front()) ? std::span<double const>{} : part;
}

bool Meanings::none() const {
  return std::ranges::all_of(m_numbers, [](double number) { return std::isnan(number); });
}

Reading read_niche(Input const& input, Lexicon const& lexicon) {
  Reading reading;
  std::string whole;
  std::vector<double> words(lexicon.labels());
  for (auto const& field : k_fields) {
    auto const& stored = input.*field.member;
    auto text = clean(stored);
    if (text.empty()) continue;
    reading.empty = false;
    Piece piece;
    piece.weight = field.weight;
    piece.words.resize(lexicon.labels());
    lexicon.sums(text, piece.words);
    std::ranges::transform(piece.words, words, words.begin(), std::plus());
    whole += text + ' ';
    piece.text = want(reading, std::move(text), field.embedded, stored);
    reading.pieces.push_back(std::move(piece));
  }
  reading.one_word = is_one_word(whole, words);
  return reading;
}

std::vector<double> niche_scores(Reading const& reading, Meanings const& meanings, std::size_t labels) {
  bool const alone = meanings.none();
  auto const most = alone ? k_most_words_alone : k_most_words;
  double all = 0, embedded = 0;
  std::vector<double> words(labels), meaning(labels);
  for (auto const& piece : reading.pieces) {
    all += piece.weight;
    for (std::size_t i = 0; i < labels; ++i)
      words[i] += piece.weight * std::min(piece.words[i], most);
    auto const numbers = meanings.of(piece.text);
    if (numbers.empty()) continue;
    embedded += piece.weight;
    for (std::size_t i = 0; i < labels; ++i)
      meaning[i] += piece.weight * numbers[i];
  }
  std::vector<double> scores(labels);
  for (std::size_t i = 0; i < labels && all > 0; ++i)
    scores[i] = alone ? words[i] / all : meaning[i] / embedded + k_word_weight * words[i] / all;
  return scores;
}

}  // namespace jvmm::classify
