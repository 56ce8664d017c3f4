#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

#include "scoring/all_pairs/bound_terms.hpp"
#include "scoring/all_pairs/hundredths.hpp"
#include "scoring/all_pairs/score_range.hpp"

namespace jvmm::scoring {

/// A possible partner and what is known of their rounded score.
struct Entry {
  std::uint32_t index = 0;
  std::uint16_t low = 0, high = 0;
};

/// For each profile, by position, the partners that may be kept: the best `top` and those that reach `keep`. An entry
/// is dropped only when it provably is neither. Bounded: a list is settled by exact scores when bounds alone do not
/// empty it. Different lists may be used from different threads.
class BestLists {
 public:
  /// What one profile keeps. An entry counts as reaching a score if its rounded score is not below it.
  struct Rule {
    std::size_t top = 0;
    Hundredths at_least = 0;    ///< of the best
    Hundredths keep = k_never;  ///< whatever reaches this is kept too
  };
  static constexpr Hundredths k_never = std::numeric_limits<Hundredths>::max();

  using Exact = std::function<Hundredths(std::size_t position, std::uint32_t index)>;

  /// `terms` turns scores into limits of inverses; `exact` gives the rounded score.
  BestLists(std::vector<Rule> rules, BoundTerms const& terms, Exact exact);

  /// By position, with k_padding more: what find_candidates takes. No pair above it can be kept.
  float const* limits() const { return m_limits.data(); }

  /// Whether the entry was kept for now.
  bool push(std::size_t position, Entry entry);

  /// Drops what the others rule out; afterwards the entries are in no order.
  void compact(std::size_t position);
  std::vector<Entry>& entries(std::size_t position) { return m_lists[position].entries; }

  /// How many entries a list has room for until it is compacted, where nothing reaches Rule::keep.
  static std::size_t capacity(std::size_t top) { return top + top / 2 + 16; }

  std::size_t size() const { return m_lists.size(); }
  Rule const& rule(std::size_t position) const { return m_rules[position]; }
  /// Replaces the entries of a list, as read from a checkpoint.
  void restore(std::size_t position, std::vector<Entry> entries);

 private:
  struct List {
    std::vector<Entry> entries;
    std::size_t capacity = 0;
    Hundredths low = -1;  ///< the top-th best entry's lower bound, -1 while there are fewer
    std::uint32_t index = 0;
  };

  bool can_be_best(List const& list, Rule const& rule, Entry const& entry) const;
  void drop(List& list, Rule const& rule);
  void settle(std::size_t position);
  void set_limit(std::size_t position);

  std::vector<Rule> m_rules;
  BoundTerms const& m_terms;
  Exact m_exact;
  std::vector<List> m_lists;
  std::vector<float> m_limits;
};

}  // namespace jvmm::scoring
