#include "personas/clauses.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

#include "base/utf8.hpp"
#include "text/canonical.hpp"
#include "text/tokens.hpp"

namespace jvmm::personas {
namespace {

using Words = std::string_view;

constexpr std::array<Words, 3> k_we{"i", "we", "they"};
constexpr std::array<Words, 6> k_serve{"serve", "work with", "help", "support", "coach", "teach"};
constexpr std::array<Words, 2> k_my{"my", "our"};
constexpr std::array<Words, 6> k_clients{"clients", "customers", "audience", "readers", "students", "members"};
constexpr std::array<Words, 3> k_are{"are", "is", "include"};
constexpr std::array<Words, 5> k_main{"primary", "secondary", "main", "ideal", "target"};
constexpr std::array<Words, 5> k_market{"audience", "clients", "market", "client", "customers"};
constexpr std::array<Words, 5> k_fillers{"mostly", "mainly", "some", "also", "for"};
constexpr std::array<Words, 11> k_tails{"facing",          "looking to",   "who want to",  "who are ready",
                                        "struggling with", "who struggle", "particularly", "especially",
                                        "so that",         "so they",      "in order to"};
constexpr Words k_stripped = " .,:;-\n\t\"'";

bool word_at(std::string_view text, std::size_t at) {
  return at < text.size() && text::is_word(utf8::decode(text, at).value);
}

/// The text after one of these and a blank or colon, if it begins with one.
template <std::size_t N>
std::optional<std::string_view> after(std::string_view text, std::array<Words, N> const& words) {
  for (auto const word : words)
    if (text.starts_with(word) && text.size() > word.size() && (text[word.size()] == ' ' || text[word.size()] == ':'))
      return text.substr(word.size() + 1);
  return std::nullopt;
}

/// "primary audience: …", "main: …".
std::optional<std::string_view> after_label(std::string_view text) {
  auto const colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  auto label = text.substr(0, colon);
  for (auto const word : k_main) {
    if (!label.starts_with(word)) continue;
    label.remove_prefix(word.size());
    if (label.empty() || (label.front() == ' ' && std::ranges::find(k_market, label.substr(1)) != k_market.end()))
      return text.substr(colon + 1);
  }
  return std::nullopt;
}

std::string_view trimmed(std::string_view text) {
  auto const begin = text.find_first_not_of(k_stripped);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(k_stripped) - begin + 1);
}

std::optional<std::string_view> after_lead_in(std::string_view text) {
  if (auto const we = after(text, k_we))
    if (auto const serve = after(*we, k_serve)) return serve;
  if (auto const my = after(text, k_my))
    if (auto const clients = after(*my, k_clients))
      if (auto const are = after(*clients, k_are)) return are;
  if (auto const label = after_label(text)) return label;
  return after(text, k_fillers);
}

std::string_view without_lead_ins(std::string_view text) {
  text = trimmed(text);
  while (auto const rest = after_lead_in(text))
    text = trimmed(*rest);
  return text;
}

/// Without "the sort of client who says 'I am done': ", whatever is quoted.
std::string_view without_quotation(std::string_view text) {
  auto const colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0) return text;
  char const quote = text[colon - 1];
  if (quote != '\'' && quote != '"') return text;
  auto const opened = text.find(quote);
  bool const begins = opened == 0 || text[opened - 1] == ' ';
  return opened + 1 < colon - 1 && begins ? text.substr(colon + 1) : text;
}

std::string_view without_tail(std::string_view text) {
  auto cut = text.size();
  for (auto const tail : k_tails)
    for (auto at = text.find(tail); at < cut; at = text.find(tail, at + 1)) {
      if (at == 0 || text[at - 1] != ' ' || word_at(text, at + tail.size())) continue;
      if (trimmed(text.substr(0, at)).size() >= 3) cut = at;
    }
  return trimmed(text.substr(0, cut));
}

std::size_t word_length_before(std::string_view text, std::size_t at) {
  std::size_t length = 0;
  while (at > 0 && length < 3) {
    do
      --at;
    while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80);
    auto const c = utf8::decode(text, at).value;
    if (!text::is_word(c) || (c >= '0' && c <= '9')) break;
    ++length;
  }
  return length;
}

std::size_t word_length_after(std::string_view text, std::size_t at) {
  std::size_t length = 0;
  while (at < text.size() && length < 3) {
    auto const step = utf8::decode(text, at);
    if (!text::is_word(step.value) || (step.value >= '0' && step.value <= '9')) break;
    at += step.length;
    ++length;
  }
  return length;
}

/// "shopkeepers/founders" parts, "and/or" and "24/7" do not.
bool slash_parts(std::string_view text, std::size_t at) {
  bool const blank = (at > 0 && text[at - 1] == ' ') || (at + 1 < text.size() && text[at + 1] == ' ');
  return blank || (word_length_before(text, at) >= 3 && word_length_after(text, at + 1) >= 3);
}

bool parts_clauses(std::string_view text, std::size_t at, char32_t c) {
  switch (c) {
    case ';':
    case '|':
    case '\n':
    case 0x2022:  // bullets
    case 0x2023:
    case 0x25AA:
    case 0x25CF:
    case 0x00B7:
      return true;
    case '.':
    case '!':
    case '?':
      return at + 1 == text.size() || text[at + 1] == ' ' || text[at + 1] == '\n';
    case '/':
      return slash_parts(text, at);
    default:
      return false;
  }
}

}  // namespace

std::vector<std::string_view> clauses_of(std::string_view cleaned) {
  std::vector<std::string_view> out;
  std::size_t begin = 0;
  auto const add = [&](std::size_t end) {
    if (auto const clause = text::strip(cleaned.substr(begin, end - begin)); !clause.empty()) out.push_back(clause);
  };
  for (std::size_t at = 0; at < cleaned.size();) {
    auto const step = utf8::decode(cleaned, at);
    if (parts_clauses(cleaned, at, step.value)) {
      add(at);
      begin = at + step.length;
    }
    at += step.length;
  }
  add(cleaned.size());
  return out;
}

std::vector<std::string_view> audiences_of(std::string_view clause) {
  constexpr std::string_view k_further = ", some ";
  std::vector<std::string_view> out;
  auto rest = without_lead_ins(without_quotation(trimmed(clause).empty() ? clause : text::strip(clause)));
  while (true) {
    auto const end = rest.find(k_further);
    if (auto const audience = without_tail(without_lead_ins(rest.substr(0, end))); !audience.empty())
      out.push_back(audience);
    if (end == std::string_view::npos) return out;
    rest.remove_prefix(end + k_further.size());
  }
}

std::vector<std::string_view> conjuncts_of(std::string_view phrase) {
  constexpr std::array<std::string_view, 3> k_links{" and ", " & ", ", "};
  std::vector<std::string_view> out;
  while (true) {
    auto at = std::string_view::npos;
    std::size_t length = 0;
    for (auto const link : k_links)
      if (auto const found = phrase.find(link); found < at) {
        at = found;
        length = link.size();
      }
    out.push_back(phrase.substr(0, at));
    if (at == std::string_view::npos) return out;
    phrase.remove_prefix(at + length);
  }
}

}  // namespace jvmm::personas
