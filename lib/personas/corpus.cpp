#include "personas/corpus.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <unordered_map>

#include "personas/clauses.hpp"
#include "text/canonical.hpp"
#include "text/phrase_finder.hpp"

namespace jvmm::personas {
namespace {

constexpr std::size_t k_most_conjuncts = 12;
constexpr std::size_t k_most_lexicon = 20000;
constexpr std::size_t k_least_characters = 5;
/// A value of audience_type that more than this share of rows has, and at least so many rows, tells nothing.
constexpr double k_generic_share = 0.03;
constexpr std::size_t k_generic_rows = 10;

using Counts = std::unordered_map<std::string_view, std::size_t>;

/// Phrases in their rows, as texts.
struct Named {
  std::vector<std::string_view> heads, types;
};

std::vector<std::string> generic_values(std::span<CleanRow const* const> rows) {
  std::map<std::string_view, std::size_t> counts;
  for (auto const* row : rows)
    if (!row->types.empty()) ++counts[row->type_value];
  std::vector<std::string> out;
  for (auto const& [value, count] : counts)
    if (count >= k_generic_rows && static_cast<double>(count) > k_generic_share * static_cast<double>(rows.size()))
      out.emplace_back(value);
  return out;
}

std::vector<Named> wholes(std::span<CleanRow const* const> rows, std::vector<std::string> const& generic) {
  std::vector<Named> out(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    out[i].heads.assign(rows[i]->heads.begin(), rows[i]->heads.end());
    if (!std::ranges::binary_search(generic, rows[i]->type_value))
      out[i].types.assign(rows[i]->types.begin(), rows[i]->types.end());
  }
  return out;
}

Counts rows_naming(std::vector<Named> const& rows) {
  Counts counts;
  for (auto const& row : rows) {
    for (auto const head : row.heads)
      ++counts[head];
    for (auto const type : row.types)
      if (std::ranges::find(row.heads, type) == row.heads.end()) ++counts[type];
  }
  return counts;
}

void part(std::vector<std::string_view>& phrases, std::function<bool(std::string_view)> const& alone) {
  std::vector<std::string_view> out;
  for (auto const phrase : phrases)
    for (auto const piece : parted(phrase, alone))
      if (std::ranges::find(out, piece) == out.end()) out.push_back(piece);
  phrases = std::move(out);
}

std::vector<Phrase> table_of(Counts const& counts) {
  std::vector<Phrase> out;
  for (auto const& [text, rows] : counts)
    out.push_back({std::string(text), 0, static_cast<std::uint32_t>(rows)});
  std::ranges::sort(out, {}, &Phrase::text);
  return out;
}

std::uint32_t index_of(std::vector<Phrase> const& phrases, std::string_view text) {
  auto const found =
      std::ranges::lower_bound(phrases, text, {}, [](Phrase const& p) { return std::string_view(p.text); });
  return static_cast<std::uint32_t>(found - phrases.begin());
}

/// Indices of the phrases to look for, the most frequent first.
std::vector<std::uint32_t> lexicon(std::span<Phrase const> phrases, std::size_t least_rows) {
  std::vector<std::uint32_t> out;
  for (std::uint32_t i = 0; i < phrases.size(); ++i) {
    auto const& text = phrases[i].text;
    if (phrases[i].rows < least_rows || text::code_point_count(text) < k_least_characters) continue;
    if (text.find_first_of("#*") != std::string::npos || !text::PhraseFinder::problem(text).empty()) continue;
    out.push_back(i);
  }
  std::ranges::stable_sort(out, std::greater{}, [&](std::uint32_t i) { return phrases[i].rows; });
  if (out.size() > k_most_lexicon) out.resize(k_most_lexicon);
  return out;
}

/// From the left, the longest at each place.
void keep_longest(std::vector<text::PhraseFinder::Match>& matches) {
  std::ranges::sort(matches, [](auto const& a, auto const& b) {
    return std::tuple(a.begin, b.end, a.phrase) < std::tuple(b.begin, a.end, b.phrase);
  });
  std::uint32_t end = 0;
  std::erase_if(matches, [&](auto const& match) {
    if (match.begin < end) return true;
    end = match.end;
    return false;
  });
}

}  // namespace

std::vector<std::string_view> parted(std::string_view phrase, std::function<bool(std::string_view)> const& alone) {
  auto const parts = conjuncts_of(phrase);
  auto const n = parts.size();
  if (n < 2 || n > k_most_conjuncts) return {phrase};
  // fewest[i]: parts of the best segmentation of the first i; next[i]: where its last part begins.
  std::vector<std::size_t> fewest(n + 1, n + 1), from(n + 1, 0);
  fewest[0] = 0;
  auto const piece = [&](std::size_t begin, std::size_t end) {
    auto const* const first = parts[begin].data();
    return std::string_view(first, static_cast<std::size_t>(parts[end - 1].data() + parts[end - 1].size() - first));
  };
  for (std::size_t end = 1; end <= n; ++end)
    for (std::size_t begin = 0; begin < end; ++begin) {
      if (fewest[begin] > n || end - begin == n || fewest[begin] + 1 >= fewest[end]) continue;
      if (!alone(piece(begin, end))) continue;
      fewest[end] = fewest[begin] + 1;
      from[end] = begin;
    }
  if (fewest[n] > n) return {phrase};
  std::vector<std::string_view> out;
  for (auto end = n; end > 0; end = from[end])
    out.push_back(piece(from[end], end));
  std::ranges::reverse(out);
  return out;
}

std::vector<std::vector<std::uint32_t>> find_phrases(std::span<Phrase const> phrases,
                                                     std::span<std::string const* const> texts,
                                                     Parameters const& parameters) {
  std::vector<std::vector<std::uint32_t>> out(texts.size());
  auto const wanted = lexicon(phrases, parameters.lexicon_count);
  if (wanted.empty()) return out;
  std::vector<std::string> list;
  for (auto const i : wanted)
    list.push_back(phrases[i].text);
  text::PhraseFinder const finder(list);
  std::vector<text::PhraseFinder::Match> matches;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    finder.find(*texts[i], matches);
    keep_longest(matches);
    for (auto const& match : matches)
      out[i].push_back(wanted[match.phrase]);
    std::ranges::sort(out[i]);
    auto const rest = std::ranges::unique(out[i]);
    out[i].erase(rest.begin(), rest.end());
  }
  return out;
}

Corpus gather(std::span<CleanRow const* const> rows, Parameters const& parameters) {
  Corpus out;
  out.generic = generic_values(rows);
  auto named = wholes(rows, out.generic);
  auto const whole = rows_naming(named);
  auto const alone = [&](std::string_view text) {
    auto const found = whole.find(text);
    return found != whole.end() && found->second >= parameters.standalone_count;
  };
  for (auto& row : named) {
    part(row.heads, alone);
    part(row.types, alone);
  }
  out.phrases = table_of(rows_naming(named));
  std::vector<std::string const*> texts;
  for (auto const* row : rows)
    texts.push_back(&row->other);
  auto hits = find_phrases(out.phrases, texts, parameters);
  out.rows.resize(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (auto const head : named[i].heads)
      out.rows[i].heads.push_back(index_of(out.phrases, head));
    for (auto const type : named[i].types)
      out.rows[i].types.push_back(index_of(out.phrases, type));
    out.rows[i].hits = std::move(hits[i]);
  }
  return out;
}

}  // namespace jvmm::personas
