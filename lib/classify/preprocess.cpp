#include "classify/preprocess.hpp"

#include <algorithm>
#include <array>

#include "base/utf8.hpp"
#include "text/canonical.hpp"
#include "text/casing.hpp"
#include "text/markup.hpp"
#include "text/tokens.hpp"

namespace jvmm::classify {
namespace {

constexpr std::size_t k_max_raw_bytes = std::size_t{64} << 10;
constexpr std::size_t k_max_code_points = 3000;
constexpr std::size_t k_max_phrases = 60;

std::string_view first_bytes(std::string_view text, std::size_t count) {
  if (text.size() <= count) return text;
  while (count > 0 && (static_cast<unsigned char>(text[count]) & 0xC0) == 0x80)
    --count;
  return text.substr(0, count);
}

bool is_invisible(char32_t c) {
  return c == 0xAD || c == 0x200B || c == 0x2060 || c == 0xFEFF || (c < 0x20 && !text::is_space(c));
}

char32_t straight(char32_t c) {
  if (c >= 0x2018 && c <= 0x201B) return '\'';
  if (c >= 0x201C && c <= 0x201F) return '"';
  if (c >= 0x2010 && c <= 0x2015) return '-';
  return c;
}

/// Straight signs, one blank for many, none at the ends; cut.
std::string squeezed(std::string_view text, Lines lines) {
  std::string out;
  out.reserve(std::min(text.size(), k_max_code_points));
  std::size_t count = 0;
  char gap = 0;  // the blank that stands between what was written and what comes
  for (std::size_t at = 0; at < text.size();) {
    auto const c = utf8::decode(text, at);
    at += c.length;
    if (is_invisible(c.value)) continue;
    if (text::is_space(c.value)) {
      gap = lines == Lines::kept && (c.value == '\n' || gap == '\n') ? '\n' : ' ';
      continue;
    }
    if (gap != 0 && !out.empty()) {
      if (++count > k_max_code_points) break;
      out += gap;
    }
    gap = 0;
    if (++count > k_max_code_points) break;
    utf8::append(out, straight(c.value));
  }
  while (!out.empty() && (out.back() == ' ' || out.back() == '\n'))
    out.pop_back();
  return out;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view k_edges = " .,;:!?";
  auto const begin = text.find_first_not_of(k_edges);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(k_edges) - begin + 1);
}

// What leads in to an offer, in lower case. Longer ones first where one begins with another.
constexpr std::string_view k_intros[] = {"what i bring",
                                         "what we offer",
                                         "what i offer",
                                         "i offer",
                                         "we offer",
                                         "offering",
                                         "my offers",
                                         "our offers",
                                         "services",
                                         "includes",
                                         "including",
                                         "currently offering",
                                         "i provide",
                                         "we provide",
                                         "my partners get",
                                         "my partner gets",
                                         "my clients get",
                                         "my client gets",
                                         "my audience gets",
                                         "my audience get",
                                         "my partners gets",
                                         "my clients gets",
                                         "you get",
                                         "they get",
                                         "people get",
                                         "clients get",
                                         "members get",
                                         "partners get",
                                         "also",
                                         "plus",
                                         "and",
                                         "my",
                                         "our",
                                         "an",
                                         "a",
                                         "the",
                                         "i have",
                                         "we have",
                                         "i run",
                                         "we run",
                                         "i host",
                                         "we host"};

/// The bytes of one lead-in at the beginning, with the colon or hyphen and the blanks after it.
std::size_t intro_length(std::string_view lowered) {
  std::size_t best = 0;
  for (auto const intro : k_intros) {
    if (intro.size() <= best || !lowered.starts_with(intro)) continue;
    auto at = intro.size();
    while (at < lowered.size() && lowered[at] == ' ')
      ++at;
    bool const sign = at < lowered.size() && (lowered[at] == ':' || lowered[at] == '-');
    if (sign)
      for (++at; at < lowered.size() && lowered[at] == ' ';)
        ++at;
    if (sign || at > intro.size() || at == lowered.size()) best = at;
  }
  return best;
}

std::string_view without_intros(std::string_view phrase) {
  phrase = trimmed(phrase);
  for (;;) {
    auto const length = intro_length(text::lower(first_bytes(phrase, 40)));
    if (length == 0) return phrase;
    phrase = trimmed(phrase.substr(std::min(length, phrase.size())));
  }
}

bool is_bullet(std::string_view text, std::size_t at) {
  return text.substr(at).starts_with("\u2022") || text.substr(at).starts_with("\u00B7");
}

bool ends_sentence(char c) {
  return c == '.' || c == '!' || c == '?';
}

/// The length of what parts two phrases at a byte; 0 if nothing does. What comes before a blank stays with the phrase.
std::size_t parting(std::string_view text, std::size_t at) {
  char const c = text[at];
  if (c == ',' || c == ';' || c == '\n' || c == '|') return 1;
  if (is_bullet(text, at)) return text[at] == '\xE2' ? 3 : 2;
  if (c == '/') return at + 1 < text.size() && text[at + 1] >= '0' && text[at + 1] <= '9' ? 0 : 1;
  if (c != ' ') return 0;
  if (at > 0 && ends_sentence(text[at - 1])) return 1;
  for (std::string_view const sign : {" - ", " & ", " + ", " plus "})
    if (text.substr(at).starts_with(sign)) return sign.size();
  return 0;
}

constexpr std::string_view k_topics[] = {
    " on ", " for ", " in ",   " about ", " around ", " through ", " with ", " of ",       " to ", " from ",
    " by ", " at ",  " that ", " who ",   " where ",  " using ",   " via ",  " covering ", ": "};

}  // namespace

std::string clean(std::optional<std::string> const& stored, Lines lines) {
  if (!stored || stored->empty()) return {};
  auto text = std::string(first_bytes(*stored, k_max_raw_bytes));
  if (text.find_first_of("<&") != std::string::npos)
    text = text::strip_tags(text::unescape_html(text::unescape_html(text::strip_tags(text))));
  return squeezed(text::nfkc(text), lines);
}

bool is_whole_field(std::string_view cleaned, std::string const& stored) {
  std::size_t at = 0;
  bool gap = false, begun = false;
  for (std::size_t i = 0; i < stored.size();) {
    auto const c = utf8::decode(stored, i);
    if (text::is_space(c.value)) {
      gap = true;
    } else {
      if (gap && begun) {
        if (at >= cleaned.size() || (cleaned[at] != ' ' && cleaned[at] != '\n')) return false;
        ++at;
      }
      if (cleaned.substr(std::min(at, cleaned.size()), c.length) != std::string_view(stored).substr(i, c.length))
        return false;
      at += c.length;
      gap = false;
      begun = true;
    }
    i += c.length;
  }
  return at == cleaned.size();
}

std::vector<std::string> sentences(std::string_view text) {
  constexpr std::size_t k_shortest = 4;  // code points
  std::vector<std::string> out;
  auto const add = [&](std::string_view sentence) {
    sentence = text::strip(sentence);
    if (text::code_point_count(sentence) >= k_shortest) out.emplace_back(sentence);
  };
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    auto const after_sign = text[at] == ' ' && at > 0 && (ends_sentence(text[at - 1]) || text[at - 1] == ';');
    auto const bullet = is_bullet(text, at);
    if (!after_sign && !bullet && text[at] != '\n') continue;
    add(text.substr(begin, at - begin));
    begin = at + (bullet ? (text[at] == '\xE2' ? 3 : 2) : 1);
    at = begin - 1;
  }
  add(text.substr(std::min(begin, text.size())));
  return out;
}

std::vector<std::string> phrases(std::string_view text) {
  constexpr std::size_t k_shortest = 3;
  std::vector<std::string> out;
  auto const add = [&](std::string_view phrase) {
    phrase = without_intros(phrase);
    if (phrase.size() >= k_shortest && out.size() < k_max_phrases) out.emplace_back(phrase);
  };
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size();) {
    auto const length = parting(text, at);
    if (length == 0) {
      ++at;
      continue;
    }
    add(text.substr(begin, at - begin));
    begin = at += length;
  }
  add(text.substr(begin));
  return out;
}

bool has_words(std::string_view text) {
  constexpr std::size_t k_shortest = 3, k_fewest = 2;
  auto words = text::overlap_tokens(text, k_shortest, {});
  auto const is_number = [](std::string const& word) {
    return word.find_first_not_of("0123456789_") == std::string::npos;
  };
  std::erase_if(words, is_number);
  return words.size() >= k_fewest;
}

std::size_t head_length(std::string_view phrase) {
  constexpr std::size_t k_shortest = 3;
  auto const lowered = text::lower(phrase);
  auto best = std::string::npos;
  for (auto const topic : k_topics)
    best = std::min(best, lowered.find(topic));
  return best == std::string::npos || best <= k_shortest ? phrase.size() : best;
}

}  // namespace jvmm::classify
