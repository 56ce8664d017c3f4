#include "credentials/segments.hpp"

#include <algorithm>

namespace jvmm::credentials {
namespace {

constexpr std::size_t k_longest_quote = 120;
constexpr std::size_t k_longest_sentence = 2'000;

// Where the quote that opens at `at` closes (its closing character), or npos.
std::size_t closing(std::string const& shape, std::size_t at) {
  auto const mark = shape[at];
  auto const limit = std::min(shape.size(), at + 2 + k_longest_quote);
  for (auto i = at + 1; i < limit && shape[i] != '\n'; ++i) {
    if (shape[i] != mark) continue;
    auto const inside_word = mark != '"' && i + 1 < shape.size() && is_word(shape[i + 1]);
    if (inside_word) continue;
    return i >= at + 3 ? i : std::string::npos;
  }
  return std::string::npos;
}

bool opens(std::string const& shape, std::size_t at) {
  auto const c = shape[at];
  if (c == '"') return true;
  if (c != '\'' && c != '*' && c != '_') return false;
  if (at > 0 && is_word(shape[at - 1])) return false;
  if (at + 1 >= shape.size() || shape[at + 1] == ' ') return false;
  return c == '\'' || is_upper(shape[at + 1]);
}

bool ends_sentence_char(char c) {
  return c == '.' || c == '!' || c == '?';
}

// The word, with stops inside, that ends before `at`.
std::string_view word_before(std::string const& mask, std::size_t from, std::size_t at) {
  auto start = at;
  while (start > from && (is_word(mask[start - 1]) || mask[start - 1] == '.') && at - start < 16)
    --start;
  return std::string_view(mask).substr(start, at - start);
}

bool begins_sentence(char c) {
  return is_upper(c) || is_digit(c) || c == '"' || c == '\'' || c == '(' || c == '*' || c == '_' || c == '#' ||
         c == k_masked;
}

// True if the stop at `at` is followed by a new sentence.
bool stop_ends(std::string const& mask, std::size_t from, std::size_t at, Lexicon const& lexicon) {
  auto next = at + 1;
  while (next < mask.size() && (mask[next] == '"' || mask[next] == '\'' || mask[next] == ')' || mask[next] == '.' ||
                                mask[next] == '!' || mask[next] == '?'))
    ++next;
  if (next >= mask.size()) return true;
  if (mask[next] != ' ' || next + 1 >= mask.size()) return false;
  if (mask[at] != '.') return begins_sentence(mask[next + 1]);
  auto const word = word_before(mask, from, at);
  if (lexicon.is_abbreviation(word) || (word.size() == 1 && is_upper(word.front()) && word != "I")) return false;
  if (word == "Inc")
    return !is_digit(mask[next + 1]) && mask.compare(next + 1, 8, "Magazine") != 0 && begins_sentence(mask[next + 1]);
  if (begins_sentence(mask[next + 1])) return true;
  return is_lower(mask[next + 1]) && word.size() >= 3 && is_lower(word.back()) &&
         word.find('.') == std::string_view::npos;
}

bool is_separator(std::string const& mask, std::size_t at) {
  auto const c = mask[at];
  if (c == '\n' || c == '|' || c == ';' || c == '~') return true;
  if (c != '-') return false;
  auto const before = at > 0 && (mask[at - 1] == ' ' || mask[at - 1] == '-');
  auto const after = at + 1 < mask.size() && (mask[at + 1] == ' ' || mask[at + 1] == '-');
  return before && after;
}

}  // namespace

std::vector<Range> find_quotes(std::string const& shape) {
  std::vector<Range> out;
  for (std::size_t at = 0; at < shape.size();) {
    auto const close = opens(shape, at) ? closing(shape, at) : std::string::npos;
    if (close == std::string::npos) {
      ++at;
      continue;
    }
    out.push_back({at, close + 1});
    at = close + 1;
  }
  return out;
}

std::string masked(std::string const& shape, std::vector<Range> const& quotes) {
  auto out = shape;
  for (auto const quote : quotes)
    std::fill(out.begin() + static_cast<std::ptrdiff_t>(quote.start) + 1,
              out.begin() + static_cast<std::ptrdiff_t>(quote.end) - 1, k_masked);
  return out;
}

std::vector<Range> split_sentences(std::string const& mask, Lexicon const& lexicon) {
  std::vector<Range> out;
  std::size_t start = 0;
  auto const close = [&](std::size_t end, std::size_t next) {
    auto range = Range{start, end};
    while (!range.empty() && mask[range.start] == ' ')
      ++range.start;
    if (!range.empty()) out.push_back(range);
    start = next;
  };
  for (std::size_t at = 0; at < mask.size(); ++at) {
    if (is_separator(mask, at))
      close(at, at + 1);
    else if (ends_sentence_char(mask[at]) && stop_ends(mask, start, at, lexicon))
      close(at + 1, at + 1);
    else if (at - start >= k_longest_sentence && mask[at] == ' ')
      close(at, at + 1);
    else if (at - start >= 2 * k_longest_sentence)
      close(at, at);
  }
  close(mask.size(), mask.size());
  return out;
}

std::vector<Range> split_items(std::string const& mask, Range sentence) {
  std::vector<Range> out;
  auto start = sentence.start;
  int depth = 0;
  auto const close = [&](std::size_t end) {
    while (start < end && mask[start] == ' ')
      ++start;
    if (start < end) out.push_back({start, end});
  };
  for (auto at = sentence.start; at < sentence.end; ++at) {
    if (mask[at] == '(') ++depth;
    if (mask[at] == ')' && depth > 0) --depth;
    if (mask[at] != ',' || depth > 0) continue;
    if (at > start && is_digit(mask[at - 1]) && at + 1 < sentence.end && is_digit(mask[at + 1])) continue;
    close(at);
    start = at + 1;
  }
  close(sentence.end);
  return out;
}

}  // namespace jvmm::credentials
