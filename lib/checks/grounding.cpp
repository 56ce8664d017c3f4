#include "checks/grounding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <unordered_map>

#include "base/utf8.hpp"
#include "text/canonical.hpp"
#include "text/folding.hpp"
#include "text/tokens.hpp"

namespace jvmm::checks {
namespace {

constexpr std::size_t k_fragments = 5, k_longest_quote = 2000;

std::u32string folded(std::string_view text) {
  auto const plain = text::folded(text);
  std::u32string out;
  for (std::size_t at = 0; at < plain.size();) {
    auto const step = utf8::decode(plain, at);
    at += step.length;
    if (!text::is_space(step.value))
      out += step.value;
    else if (!out.empty() && out.back() != U' ')
      out += U' ';
  }
  if (!out.empty() && out.back() == U' ') out.pop_back();
  return out;
}

/// Least edit distance between the pattern and any part of the text, by columns of 64 rows as bits. A column begins
/// with 0 at the top, wherever the part begins.
std::size_t least_distance(std::u32string const& pattern, std::u32string const& text) {
  auto const words = (pattern.size() + 63) / 64;
  std::unordered_map<char32_t, std::vector<std::uint64_t>> matches;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    auto& bits = matches[pattern[i]];
    bits.resize(words);
    bits[i / 64] |= std::uint64_t{1} << (i % 64);
  }
  std::vector<std::uint64_t> const none(words, 0);
  std::vector<std::uint64_t> up(words, ~std::uint64_t{0}), down(words, 0);  // vertical differences +1 and -1
  auto const last = std::uint64_t{1} << ((pattern.size() - 1) % 64);
  std::size_t score = pattern.size(), best = score;
  for (char32_t const c : text) {
    auto const found = matches.find(c);
    auto const& equal = found == matches.end() ? none : found->second;
    int carry = 0;  // horizontal difference that comes in from above: none at the top
    for (std::size_t w = 0; w < words; ++w) {
      auto const match = equal[w] | (carry < 0 ? 1u : 0u);
      auto const vertical = equal[w] | down[w];
      auto const diagonal = (((match & up[w]) + up[w]) ^ up[w]) | match;
      auto plus = down[w] | ~(diagonal | up[w]);
      auto minus = up[w] & diagonal;
      if (w + 1 == words) {
        score += (plus & last) != 0;
        score -= (minus & last) != 0;
      }
      int const next = (plus >> 63) != 0 ? 1 : (minus >> 63) != 0 ? -1 : 0;
      plus = (plus << 1) | (carry > 0 ? 1u : 0u);
      minus = (minus << 1) | (carry < 0 ? 1u : 0u);
      up[w] = minus | ~(vertical | plus);
      down[w] = plus & vertical;
      carry = next;
    }
    best = std::min(best, score);
    if (best == 0) break;
  }
  return best;
}

bool stands_alone(std::u32string const& text, std::size_t begin, std::size_t length) {
  bool const before = begin == 0 || !text::is_word(text[begin - 1]);
  auto const end = begin + length;
  return before && (end == text.size() || !text::is_word(text[end]));
}

bool stands_whole(std::u32string const& value, std::u32string const& page) {
  for (auto at = page.find(value); at != std::u32string::npos; at = page.find(value, at + 1))
    if (stands_alone(page, at, value.size())) return true;
  return false;
}

std::vector<std::u32string> fragments_of(std::string_view value) {
  std::vector<std::u32string> out;
  auto const separates = [](char32_t c) {
    return c == ',' || c == ';' || c == '.' || c == '\n' || c == 0x3001 || c == 0x3002 || c == 0xFF0C || c == 0x060C;
  };
  for (auto const part : text::split_at(value, separates)) {
    auto fragment = folded(part);
    if (fragment.size() >= k_least_fragment) out.push_back(std::move(fragment));
    if (out.size() == k_fragments) break;
  }
  return out;
}

bool has_fragments(std::string_view value, Page const& page) {
  auto const fragments = fragments_of(value);
  if (fragments.empty()) return stands_whole(folded(value), page.text());
  auto const found = std::ranges::count_if(
      fragments, [&](std::u32string const& f) { return page.text().find(f) != std::u32string::npos; });
  return 2 * static_cast<std::size_t>(found) >= fragments.size();
}

}  // namespace

Page::Page(std::string_view text) : m_text(folded(text)) {}

double quote_similarity(std::string_view quote, Page const& page) {
  auto const pattern = folded(text::first_code_points(quote, k_longest_quote));
  if (pattern.empty() || page.empty()) return 0;
  auto const distance = least_distance(pattern, page.text());
  return 1.0 - static_cast<double>(distance) / static_cast<double>(pattern.size());
}

ColumnCheck check_grounding(std::string_view value, std::vector<std::string> const& quotes, Page const& page) {
  ColumnCheck check;
  if (folded(value).empty()) return check;
  if (page.empty()) {
    check.add("page_empty", Severity::note, "there is no text of the page to compare with");
    return check;
  }
  double best = 0;
  for (auto const& quote : quotes)
    if (folded(quote).size() >= k_least_quote) best = std::max(best, quote_similarity(quote, page));
  if (best >= k_quote_similarity || has_fragments(value, page)) return check;
  check.add("ungrounded", Severity::warning,
            best > 0 ? fmt::format("not in the page; the best quote fits it to {:.2f}", best) : "not in the page");
  return check;
}

}  // namespace jvmm::checks
