#include "classify/lexicon.hpp"

#include <algorithm>

#include "text/casing.hpp"

namespace jvmm::classify {

using Matches = std::vector<text::PhraseFinder::Match>;

std::vector<std::string> Lexicon::distinct_entries(Taxonomy const& taxonomy) {
  std::vector<std::string> out;
  for (auto const& label : taxonomy.labels)
    for (auto const& entry : label.lexicon)
      out.push_back(text::PhraseFinder::canonical(entry.text));
  std::ranges::sort(out);
  out.erase(std::ranges::unique(out).begin(), out.end());
  return out;
}

Lexicon::Lexicon(Taxonomy const& taxonomy)
    : m_labels(taxonomy.labels.size()), m_texts(distinct_entries(taxonomy)), m_finder(m_texts) {
  std::vector<std::vector<Use>> uses(m_texts.size());
  for (std::size_t label = 0; label < m_labels; ++label)
    for (auto const& entry : taxonomy.labels[label].lexicon) {
      auto const at = std::ranges::lower_bound(m_texts, text::PhraseFinder::canonical(entry.text)) - m_texts.begin();
      uses[static_cast<std::size_t>(at)].push_back({static_cast<std::uint32_t>(label), entry.weight});
    }
  for (std::size_t i = 0; i < m_texts.size(); ++i) {
    auto const words = 1 + std::ranges::count(m_texts[i], ' ');
    m_entries.push_back({static_cast<std::uint32_t>(m_uses.size()), static_cast<std::uint32_t>(uses[i].size()),
                         static_cast<std::uint32_t>(words)});
    m_uses.insert(m_uses.end(), uses[i].begin(), uses[i].end());
  }
}

void Lexicon::sums(std::string_view text, std::span<double> out) const {
  std::ranges::fill(out, 0.0);
  Matches matches;
  m_finder.find(text::lower(text), matches);
  // By entry, so that sums do not depend on where in the text the entries stand.
  std::ranges::sort(matches, {}, &text::PhraseFinder::Match::phrase);
  auto const same = [](auto const& a, auto const& b) { return a.phrase == b.phrase; };
  matches.erase(std::unique(matches.begin(), matches.end(), same), matches.end());
  for (auto const& match : matches)
    for (std::uint32_t i = 0; i < m_entries[match.phrase].uses; ++i) {
      auto const& use = m_uses[m_entries[match.phrase].first_use + i];
      out[use.label] += use.weight;
    }
}

void Lexicon::best_in_phrase(std::string_view phrase, std::size_t head_length, std::span<double> out) const {
  std::ranges::fill(out, 0.0);
  Matches matches;
  m_finder.find(text::lower(phrase), matches);
  for (auto const& match : matches) {
    auto const& entry = m_entries[match.phrase];
    auto const near =
        std::min(1.0, static_cast<double>(match.end) / static_cast<double>(std::max<std::size_t>(head_length, 1)));
    auto const factor = match.begin < head_length ? 1 + .25 * near + .1 * std::min(3.0, entry.words - 1.0) : .5;
    for (std::uint32_t i = 0; i < entry.uses; ++i) {
      auto const& use = m_uses[entry.first_use + i];
      out[use.label] = std::max(out[use.label], use.weight * factor);
    }
  }
}

}  // namespace jvmm::classify
