#include "scoring/match_reason_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "base/utf8.hpp"
#include "text/canonical.hpp"
#include "text/tokens.hpp"

namespace jvmm::scoring {
namespace {

constexpr auto k_none = std::string_view::npos;

struct Match {
  std::size_t begin = k_none, end = k_none;
  bool found() const { return begin != k_none; }
};

/// Replaces every match; `find(text, from)` gives the first one that begins at `from` or later.
template <class Find>
void replace_all(std::string& text, std::string_view by, Find const& find) {
  std::string out;
  std::size_t copied = 0;
  for (auto match = find(text, std::size_t{0}); match.found(); match = find(text, match.end)) {
    out.append(text, copied, match.begin - copied).append(by);
    copied = match.end;
  }
  if (copied == 0) return;
  out.append(text, copied);
  text = std::move(out);
}

std::size_t skip_blanks(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    auto const step = utf8::decode(text, at);
    if (!text::is_space(step.value)) break;
    at += step.length;
  }
  return at;
}

/// Behind `part` if the text goes on with it at `at`, else none.
std::size_t skip(std::string_view text, std::size_t at, std::string_view part) {
  return at != k_none && text.substr(at).starts_with(part) ? at + part.size() : k_none;
}

/// Behind digits and full stops, of which there has to be one, else none.
std::size_t skip_number(std::string_view text, std::size_t at) {
  auto const end = std::min(text.find_first_not_of("0123456789.", at), text.size());
  return end > at ? end : k_none;
}

/// Behind a bracket of one line that closes at the first "]" after which `rest` matches, else none.
template <class Rest>
std::size_t skip_bracket(std::string_view text, std::size_t at, Rest const& rest) {
  auto const begin = skip(text, at, "[");
  if (begin == k_none) return k_none;
  auto const line = text.substr(0, text.find('\n', begin));
  for (auto close = line.find(']', begin); close != k_none; close = line.find(']', close + 1))
    if (auto const end = rest(close + 1); end != k_none) return end;
  return k_none;
}

std::size_t skip_arrow(std::string_view text, std::size_t at) {
  auto const end = skip(text, at, "\u2194");
  return end != k_none ? end : skip(text, at, "\u27F7");
}

std::size_t skip_bracket_pair(std::string_view text, std::size_t at) {
  return skip_bracket(text, at, [&](std::size_t first_end) {
    auto const arrow_end = skip_arrow(text, skip_blanks(text, first_end));
    if (arrow_end == k_none) return k_none;
    return skip_bracket(text, skip_blanks(text, arrow_end), [](std::size_t second_end) { return second_end; });
  });
}

Match find_keyword_match(std::string_view text, std::size_t from) {
  constexpr std::string_view k_label = "Keyword match:";
  for (auto at = text.find(k_label, from); at != k_none; at = text.find(k_label, at + 1)) {
    auto const end = skip_bracket_pair(text, skip_blanks(text, at + k_label.size()));
    if (end != k_none) return {at, end};
  }
  return {};
}

Match find_warning(std::string_view text, std::size_t from) {
  auto const at = text.find("\u26A0\uFE0F", from);
  auto const full_stop = at == k_none ? k_none : text.find('.', at);
  if (full_stop == k_none) return {};
  return {at, skip_blanks(text, full_stop + 1)};
}

Match find_score(std::string_view text, std::size_t from) {
  constexpr std::string_view k_label = "(score:";
  for (auto at = text.find(k_label, from); at != k_none; at = text.find(k_label, at + 1)) {
    auto const end = skip(text, skip_number(text, skip_blanks(text, at + k_label.size())), ")");
    if (end != k_none) return {at, end};
  }
  return {};
}

/// Where the run of word characters that ends at `end` begins, not before `from`.
std::size_t begin_of_word(std::string_view text, std::size_t from, std::size_t end) {
  auto begin = end;
  for (auto at = end; at > from;) {
    --at;
    auto const step = utf8::decode(text, at);
    if (!step.valid || at + step.length != begin) continue;  // within a code point
    if (!text::is_word(step.value)) break;
    begin = at;
  }
  return begin;
}

Match find_assignment(std::string_view text, std::size_t from) {
  constexpr std::string_view k_suffix = "_score";
  for (auto at = text.find(k_suffix, from); at != k_none; at = text.find(k_suffix, at + 1)) {
    auto const equals_end = skip(text, skip_blanks(text, at + k_suffix.size()), "=");
    if (equals_end == k_none) continue;
    auto const end = skip_number(text, skip_blanks(text, equals_end));
    auto const begin = begin_of_word(text, from, at);
    if (end != k_none && begin < at) return {begin, end};
  }
  return {};
}

Match find_full_stops(std::string_view text, std::size_t from) {
  for (auto at = text.find('.', from); at != k_none; at = text.find('.', at + 1)) {
    auto const end = skip(text, skip_blanks(text, at + 1), ".");
    if (end != k_none) return {at, end};
  }
  return {};
}

Match find_blanks(std::string_view text, std::size_t from) {
  for (auto at = from; at < text.size();) {
    auto const c = static_cast<unsigned char>(text[at]);
    if (c > 0x20 && c < 0x80) {
      ++at;
      continue;
    }
    auto const first_end = at + utf8::decode(text, at).length;
    auto const end = skip_blanks(text, at);
    if (end > first_end) return {at, end};
    at = first_end;
  }
  return {};
}

}  // namespace

std::string reach(double people) {
  if (people >= 1e6) return fmt::format("{:.1f}M", people / 1e6);
  if (people >= 1e3) return fmt::format("{}K", static_cast<int>(people / 1e3));
  return people == 0 ? "" : fmt::format("{}", static_cast<int>(people));
}

void remove_keyword_matches(std::string& text) {
  replace_all(text, "", find_keyword_match);
}

void remove_warnings(std::string& text) {
  replace_all(text, "", find_warning);
}

void remove_scores(std::string& text) {
  replace_all(text, "", find_score);
}

void remove_assignments(std::string& text) {
  replace_all(text, "", find_assignment);
}

void join_full_stops(std::string& text) {
  replace_all(text, ".", find_full_stops);
}

void join_blanks(std::string& text) {
  replace_all(text, " ", find_blanks);
}

void strip_ends(std::string& text) {
  constexpr auto k_ends = " .";
  text.erase(std::min(text.find_last_not_of(k_ends) + 1, text.size()));
  text.erase(0, std::min(text.find_first_not_of(k_ends), text.size()));
}

void sanitise_reason(std::string& text) {
  remove_keyword_matches(text);
  remove_warnings(text);
  remove_scores(text);
  remove_assignments(text);
  join_full_stops(text);
  join_blanks(text);
  strip_ends(text);
}

}  // namespace jvmm::scoring
