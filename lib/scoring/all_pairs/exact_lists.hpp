#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

#include "scoring/all_pairs/all_pairs.hpp"
#include "scoring/all_pairs/best_lists.hpp"
#include "scoring/all_pairs/order.hpp"

namespace jvmm::scoring {

/// The caller's scorer, with the smaller index first, counted and timed. Thread-safe.
class CountingScorer {
 public:
  explicit CountingScorer(PairScorer const& scorer) : m_scorer(scorer) {}

  double operator()(std::size_t a, std::size_t b) const {
    m_evaluations.fetch_add(1, std::memory_order_relaxed);
    return m_scorer.score(std::min(a, b), std::max(a, b));
  }
  Hundredths rounded(std::size_t a, std::size_t b) const { return hundredths((*this)(a, b)); }

  std::uint64_t evaluations() const { return m_evaluations; }

 private:
  PairScorer const& m_scorer;
  mutable std::atomic<std::uint64_t> m_evaluations{0};
};

/// The last step of a run: exact scores of what the lists hold, then what their rules keep, best first.
class ExactLists {
 public:
  ExactLists(BestLists& lists, Order const& order, CountingScorer const& scorer, std::size_t threads);

  /// Fills `begin` and `matches` of the result. The lists are empty afterwards.
  void fill(AllPairsResult& out);

 private:
  void collect();
  void score_own(std::size_t profile);
  void take_over(std::size_t profile);
  void cut(std::size_t profile);
  std::span<Match> list(std::size_t profile);
  Match const* find(std::size_t profile, std::uint32_t partner);

  BestLists& m_lists;
  Order const& m_order;
  CountingScorer const& m_scorer;
  std::size_t m_threads;
  std::vector<std::uint32_t> m_position;  ///< by index
  std::vector<std::uint64_t> m_begin;     ///< by index
  std::vector<std::uint64_t> m_count;     ///< kept, by index
  std::vector<Match> m_matches;
};

}  // namespace jvmm::scoring
