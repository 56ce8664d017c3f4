#include "credentials/spans.hpp"

#include "credentials/lexicon.hpp"

namespace jvmm::credentials {

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_word(char c) {
  return is_upper(c) || is_lower(c) || is_digit(c) || c == '_';
}

namespace {

bool in_word(char c) {
  return is_word(c) || std::string_view("'&+/@*-").find(c) != std::string_view::npos;
}

// A capitalised word ("L.Ac", "O'Brien", "re:Invent" up to the colon), from its first letter.
std::size_t capital_end(std::string_view shape, std::size_t at, std::size_t limit) {
  ++at;
  while (at < limit && (in_word(shape[at]) || (shape[at] == '.' && at + 1 < limit && is_word(shape[at + 1]))))
    ++at;
  while (shape[at - 1] == '\'' || shape[at - 1] == '-' || shape[at - 1] == '/') {
    if (shape[at - 1] == '\'' && at >= 2 && shape[at - 2] == 's') break;  // Founders'
    --at;
  }
  return at;
}

std::size_t number_end(std::string_view shape, std::size_t at, std::size_t limit) {
  ++at;
  while (at < limit && (is_word(shape[at]) || std::string_view("%+/-").find(shape[at]) != std::string_view::npos ||
                        ((shape[at] == '.' || shape[at] == ',') && at + 1 < limit && is_digit(shape[at + 1]))))
    ++at;
  while (shape[at - 1] == '/' || shape[at - 1] == '-')
    --at;
  return at;
}

// The end of the token of a name at `at`, or `at`.
std::size_t token_end(std::string_view shape, std::size_t at, std::size_t limit) {
  if (at >= limit) return at;
  auto const c = shape[at];
  if (is_upper(c)) return capital_end(shape, at, limit);
  if (is_digit(c)) return number_end(shape, at, limit);
  if (c == '#' && at + 1 < limit && is_digit(shape[at + 1])) return number_end(shape, at + 1, limit);
  if ((c == '&' || c == '+') && at + 1 < limit && shape[at + 1] == ' ') return at + 1;
  return at;
}

// "Inc. 5000": a stop within a name.
bool stop_within(std::string_view shape, std::size_t at, std::size_t limit) {
  return at >= 3 && at + 2 < limit && shape.substr(at - 3, 3) == "Inc" && shape[at] == '.' && shape[at + 1] == ' ' &&
         is_digit(shape[at + 2]);
}

// Where the next token begins if the name goes on after `at`, else `at`.
std::size_t next_token(std::string_view shape, std::size_t at, std::size_t limit, Lexicon const& lexicon) {
  constexpr int k_small_words = 3;
  if (at + 2 < limit && shape[at] == ':' && shape[at + 1] == ' ')
    return token_end(shape, at + 2, limit) > at + 2 ? at + 2 : at;
  if (stop_within(shape, at, limit)) return at + 2;
  auto next = at;
  for (int small = 0; small <= k_small_words; ++small) {
    if (next >= limit || shape[next] != ' ') return at;
    ++next;
    if (token_end(shape, next, limit) > next) return next;
    auto const end = word_end(shape, next, limit);
    if (!lexicon.is_small(shape.substr(next, end - next))) return at;
    next = end;
  }
  return at;
}

std::size_t after_article(std::string_view shape, std::size_t at, std::size_t limit) {
  for (std::string_view const article : {"the ", "The ", "a ", "A "})
    if (shape.substr(at, article.size()) == article &&
        token_end(shape, at + article.size(), limit) > at + article.size())
      return at + article.size();
  return at;
}

// "Vogue from 2009 to": what led to a year that was taken off.
Range without_preposition(std::string_view shape, Range range) {
  while (!range.empty() && shape[range.end - 1] == ' ')
    --range.end;
  for (std::string_view const word : {" in", " since", " from", " to", " of", " and", " until", " during"})
    if (shape.substr(range.start, range.size()).ends_with(word)) {
      range.end -= word.size();
      return without_preposition(shape, range);
    }
  return range;
}

}  // namespace

std::size_t word_end(std::string_view shape, std::size_t at, std::size_t limit) {
  while (at < limit && in_word(shape[at]))
    ++at;
  return at;
}

Range name_at(std::string_view shape, std::size_t at, std::size_t limit, Lexicon const& lexicon) {
  auto const first = after_article(shape, at, limit);
  auto end = token_end(shape, first, limit);
  if (end == first) return {at, at};
  for (;;) {
    auto const next = next_token(shape, end, limit, lexicon);
    if (next == end) break;
    end = token_end(shape, next, limit);
  }
  if (end > at && (shape[end - 1] == '&' || shape[end - 1] == '+') && end >= 2 && shape[end - 2] == ' ') end -= 2;
  if (end + 1 < limit && shape[end] == '!' && shape[end + 1] == ' ') ++end;
  return {at, end};
}

std::vector<Range> names_in(std::string_view shape, Range range, Lexicon const& lexicon) {
  std::vector<Range> out;
  for (auto at = range.start; at < range.end;) {
    if (at > range.start && is_word(shape[at - 1])) {
      ++at;
      continue;
    }
    auto const name = name_at(shape, at, range.end, lexicon);
    if (name.empty()) {
      ++at;
      continue;
    }
    out.push_back(name);
    at = name.end;
  }
  return out;
}

Range trimmed(std::string_view shape, Range range) {
  constexpr std::string_view k_around = " \n.,;:!?~-";
  while (!range.empty() && k_around.find(shape[range.start]) != std::string_view::npos)
    ++range.start;
  while (!range.empty() && k_around.find(shape[range.end - 1]) != std::string_view::npos)
    --range.end;
  return range;
}

Range without_year(std::string_view shape, Range range) {
  auto end = range.end;
  if (end > range.start && shape[end - 1] == ')') --end;
  if (end < range.start + 6) return range;
  auto const year = shape.substr(end - 4, 4);
  if (!(year.starts_with("19") || year.starts_with("20")) || !is_digit(year[2]) || !is_digit(year[3])) return range;
  end -= 4;
  if (shape[end - 1] == '(') --end;
  if (end <= range.start || shape[end - 1] != ' ') return range;
  auto left = without_preposition(shape, {range.start, end});
  return left.end < end ? without_year(shape, left) : left;
}

std::size_t count_words(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] != ' ' && (i == 0 || text[i - 1] == ' ')) ++count;
  return count;
}

}  // namespace jvmm::credentials
