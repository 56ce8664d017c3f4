#include "scoring/all_pairs/best_lists.hpp"

#include <algorithm>

namespace jvmm::scoring {
namespace {

/// By what an entry has for certain.
bool surely_better(Entry const& a, Entry const& b) {
  return a.low != b.low ? a.low > b.low : a.index < b.index;
}

}  // namespace

BestLists::BestLists(std::vector<Rule> rules, BoundTerms const& terms, Exact exact)
    : m_rules(std::move(rules)),
      m_terms(terms),
      m_exact(std::move(exact)),
      m_lists(m_rules.size()),
      m_limits(m_rules.size() + k_padding, -1) {
  for (std::size_t i = 0; i < m_lists.size(); ++i) {
    m_lists[i].capacity = capacity(m_rules[i].top);
    set_limit(i);
  }
}

bool BestLists::can_be_best(List const& list, Rule const& rule, Entry const& entry) const {
  if (rule.top == 0 || entry.high < rule.at_least) return false;
  return entry.high > list.low || (entry.high == list.low && entry.index <= list.index);
}

bool BestLists::push(std::size_t position, Entry entry) {
  auto& list = m_lists[position];
  auto const& rule = m_rules[position];
  if (entry.high < rule.keep && !can_be_best(list, rule, entry)) return false;
  if (list.entries.empty()) list.entries.reserve(std::min(list.capacity, m_lists.size()));
  list.entries.push_back(entry);
  if (list.entries.size() >= list.capacity) compact(position);
  return true;
}

void BestLists::compact(std::size_t position) {
  auto& list = m_lists[position];
  auto const& rule = m_rules[position];
  drop(list, rule);
  auto const easy = rule.top + rule.top / 4;
  if (list.entries.size() > easy) settle(position);
  list.capacity = list.entries.size() > easy ? capacity(rule.top) + 2 * list.entries.size() : capacity(rule.top);
  set_limit(position);
}

void BestLists::drop(List& list, Rule const& rule) {
  auto& entries = list.entries;
  if (rule.top > 0 && entries.size() >= rule.top) {
    auto const last = entries.begin() + static_cast<std::ptrdiff_t>(rule.top - 1);
    std::nth_element(entries.begin(), last, entries.end(), surely_better);
    list.low = last->low;
    list.index = last->index;
  }
  std::erase_if(entries, [&](auto const& e) { return e.high < rule.keep && !can_be_best(list, rule, e); });
}

void BestLists::settle(std::size_t position) {
  auto& list = m_lists[position];
  bool changed = false;
  for (auto& entry : list.entries) {
    if (entry.low == entry.high) continue;
    entry.low = entry.high = static_cast<std::uint16_t>(m_exact(position, entry.index));
    changed = true;
  }
  if (changed) drop(list, m_rules[position]);
}

void BestLists::set_limit(std::size_t position) {
  auto const& rule = m_rules[position];
  auto const best = rule.top == 0 ? k_never : std::max(rule.at_least, m_lists[position].low);
  auto const wanted = std::min(rule.keep, best);
  // Anything from half a hundredth below may round to it.
  m_limits[position] = wanted == k_never ? -1 : m_terms.inverse_limit(wanted / 100.0 - 0.005 - 1e-9);
}

void BestLists::restore(std::size_t position, std::vector<Entry> entries) {
  m_lists[position].entries = std::move(entries);
  compact(position);
}

}  // namespace jvmm::scoring
