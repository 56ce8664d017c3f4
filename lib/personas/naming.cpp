#include "personas/naming.hpp"

#include <algorithm>
#include <cmath>

#include "text/canonical.hpp"
#include "text/folding.hpp"
#include "text/tokens.hpp"

namespace jvmm::personas {
namespace {

constexpr std::size_t k_named = 3;  ///< phrases in a name
constexpr std::size_t k_most_key_length = 48;
constexpr std::size_t k_short_words = 3;  ///< a phrase of so many words costs nothing
constexpr double k_word_cost = 0.12;      ///< of each further word

text::StopWords const& stop_words() {
  static text::StopWords const words{"and", "are", "but",   "for",  "from", "has",   "have", "into", "not",  "one",
                                     "out", "the", "their", "they", "this", "those", "to",   "who",  "with", "you"};
  return words;
}

std::vector<std::string> content_words(std::string_view phrase) {
  return text::overlap_tokens(phrase, 3, stop_words());
}

double weight_of(NamePhrase const& phrase, double rows_of_persona) {
  auto const rows = static_cast<double>(phrase.rows);
  auto const share = rows / rows_of_persona;
  auto const own = rows / (rows + static_cast<double>(phrase.rows_elsewhere));
  auto const words = text::split_whitespace(phrase.text).size();
  auto const beyond = words > k_short_words ? static_cast<double>(words - k_short_words) : 0;
  return std::sqrt(share) * own * std::max(0.0, phrase.similarity) / (1 + k_word_cost * beyond);
}

bool repeats(std::vector<std::string> const& words, std::vector<std::string> const& taken) {
  auto const common =
      std::ranges::count_if(words, [&](std::string const& word) { return std::ranges::binary_search(taken, word); });
  return !words.empty() && 2 * static_cast<std::size_t>(common) >= words.size();
}

}  // namespace

std::vector<Term> name_terms(std::span<NamePhrase const> phrases, std::size_t count) {
  double total = 0;
  for (auto const& phrase : phrases)
    total += static_cast<double>(phrase.rows);
  std::vector<Term> ranked;
  for (auto const& phrase : phrases)
    if (phrase.rows > 0) ranked.push_back({phrase.text, weight_of(phrase, total), phrase.rows});
  std::ranges::sort(ranked, [](Term const& a, Term const& b) {
    return a.weight != b.weight ? a.weight > b.weight : a.text < b.text;
  });
  std::vector<Term> out;
  std::vector<std::vector<std::string>> taken;
  for (auto& term : ranked) {
    if (out.size() == count) break;
    auto words = content_words(term.text);
    if (std::ranges::any_of(taken, [&](auto const& other) { return repeats(words, other); })) continue;
    taken.push_back(std::move(words));
    out.push_back(std::move(term));
  }
  return out;
}

std::string name_of(std::span<Term const> terms) {
  std::string out;
  for (auto const& term : terms.first(std::min(terms.size(), k_named)))
    out += (out.empty() ? "" : " / ") + term.text;
  return out;
}

std::string make_key(std::string_view phrase, std::span<std::string const> taken) {
  std::string stem;
  for (char const c : text::folded(phrase)) {
    bool const letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (letter)
      stem += c;
    else if (!stem.empty() && stem.back() != '-' && c != '\'')
      stem += '-';
  }
  // Room for a number.
  if (stem.size() > k_most_key_length - 6) {
    stem.resize(k_most_key_length - 6);
    if (auto const blank = stem.rfind('-'); blank != std::string::npos && blank > 0) stem.resize(blank);
  }
  while (stem.ends_with('-'))
    stem.pop_back();
  if (stem.empty()) stem = "persona";
  auto key = stem;
  for (std::size_t number = 2; std::ranges::find(taken, key) != taken.end(); ++number)
    key = stem + "-" + std::to_string(number);
  return key;
}

}  // namespace jvmm::personas
