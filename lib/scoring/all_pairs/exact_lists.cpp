#include "scoring/all_pairs/exact_lists.hpp"

#include <algorithm>

#include "scoring/all_pairs/workers.hpp"

namespace jvmm::scoring {

ExactLists::ExactLists(BestLists& lists, Order const& order, CountingScorer const& scorer, std::size_t threads)
    : m_lists(lists), m_order(order), m_scorer(scorer), m_threads(threads), m_position(order.index.size()) {
  for (std::uint32_t i = 0; i < order.index.size(); ++i)
    m_position[order.index[i]] = i;
}

void ExactLists::fill(AllPairsResult& out) {
  auto const n = m_order.index.size();
  collect();
  m_count.resize(n);
  for_each_index(n, m_threads, [&](auto profile) { score_own(profile); });
  for_each_index(n, m_threads, [&](auto profile) { take_over(profile); });
  for_each_index(n, m_threads, [&](auto profile) { cut(profile); });
  out.begin.assign(n + 1, 0);
  for (std::size_t profile = 0; profile < n; ++profile) {
    out.begin[profile + 1] = out.begin[profile] + m_count[profile];
    std::copy_n(m_matches.begin() + static_cast<std::ptrdiff_t>(m_begin[profile]), m_count[profile],
                m_matches.begin() + static_cast<std::ptrdiff_t>(out.begin[profile]));
  }
  m_matches.resize(out.begin.back());
  out.matches = std::move(m_matches);
}

void ExactLists::collect() {
  auto const n = m_order.index.size();
  for_each_index(n, m_threads, [&](auto position) { m_lists.compact(position); });
  m_begin.assign(n + 1, 0);
  for (std::size_t profile = 0; profile < n; ++profile)
    m_begin[profile + 1] = m_begin[profile] + m_lists.entries(m_position[profile]).size();
  m_matches.resize(m_begin.back());
  for_each_index(n, m_threads, [&](auto profile) {
    auto& entries = m_lists.entries(m_position[profile]);
    auto to = list(profile).begin();
    for (auto const& entry : entries)
      *to++ = {entry.index, 0};
    std::sort(list(profile).begin(), list(profile).end(),
              [](auto const& a, auto const& b) { return a.index < b.index; });
    entries = {};
  });
}

std::span<Match> ExactLists::list(std::size_t profile) {
  return std::span(m_matches).subspan(m_begin[profile], m_begin[profile + 1] - m_begin[profile]);
}

Match const* ExactLists::find(std::size_t profile, std::uint32_t partner) {
  auto const matches = list(profile);
  auto const at = std::lower_bound(matches.begin(), matches.end(), partner,
                                   [](auto const& match, auto index) { return match.index < index; });
  return at != matches.end() && at->index == partner ? &*at : nullptr;
}

/// Of a pair that is in both lists the smaller index computes the score, and the other takes it over.
void ExactLists::score_own(std::size_t profile) {
  auto const self = static_cast<std::uint32_t>(profile);
  for (auto& match : list(profile))
    if (match.index > self || !find(match.index, self)) match.score = m_scorer(profile, match.index);
}

void ExactLists::take_over(std::size_t profile) {
  auto const self = static_cast<std::uint32_t>(profile);
  for (auto& match : list(profile)) {
    if (match.index > self) break;
    if (auto const* theirs = find(match.index, self)) match.score = theirs->score;
  }
}

void ExactLists::cut(std::size_t profile) {
  auto const matches = list(profile);
  std::sort(matches.begin(), matches.end(), [](auto const& a, auto const& b) {
    auto const x = hundredths(a.score), y = hundredths(b.score);
    return x != y ? x > y : a.index < b.index;
  });
  auto const& rule = m_lists.rule(m_position[profile]);
  std::size_t count = 0;
  for (auto const& match : matches) {
    auto const score = hundredths(match.score);
    if (score < rule.keep && (count >= rule.top || score < rule.at_least)) break;
    ++count;
  }
  m_count[profile] = count;
}

}  // namespace jvmm::scoring
