#include "algo/folds/stratified_folds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <random>

#include "base/error.hpp"

namespace jvmm::algo {
namespace {

/// Rows that stay together.
struct Unit {
  std::vector<std::size_t> rows;
  std::vector<double> counts;  ///< per label
};

std::vector<Unit> units_of(std::span<std::vector<std::size_t> const> labels, std::size_t label_count,
                           std::span<std::size_t const> groups) {
  std::vector<Unit> units;
  std::map<std::size_t, std::size_t> unit_of_group;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    auto const [at, added] = unit_of_group.emplace(groups.empty() ? i : groups[i], units.size());
    if (added) units.push_back({{}, std::vector<double>(label_count)});
    auto& unit = units[at->second];
    unit.rows.push_back(i);
    for (auto const label : labels[i]) {
      if (label >= label_count) throw Error(Kind::bad_input, fmt::format("folds: label {} of {}", label, label_count));
      unit.counts[label] += 1;
    }
  }
  return units;
}

/// Of the standard's distributions no two libraries give the same numbers; this is the same everywhere.
void shuffle(std::vector<Unit>& units, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  for (std::size_t i = units.size(); i > 1; --i)
    std::swap(units[i - 1], units[random() % i]);
}

class Dealer {
 public:
  Dealer(std::vector<Unit> const& units, std::size_t labels, std::size_t folds)
      : m_units(units),
        m_left(labels),
        m_wanted(folds, std::vector<double>(labels)),
        m_rows_wanted(folds),
        m_fold(units.size()) {
    double rows = 0;
    for (auto const& unit : units) {
      rows += static_cast<double>(unit.rows.size());
      for (std::size_t label = 0; label < labels; ++label)
        m_left[label] += unit.counts[label];
    }
    for (std::size_t f = 0; f < folds; ++f) {
      m_rows_wanted[f] = rows / static_cast<double>(folds);
      for (std::size_t label = 0; label < labels; ++label)
        m_wanted[f][label] = m_left[label] / static_cast<double>(folds);
    }
  }

  std::vector<std::size_t> deal() {
    while (auto const label = rarest())
      for (std::size_t u = 0; u < m_units.size(); ++u)
        if (!m_fold[u] && m_units[u].counts[*label] > 0) give(u, label);
    for (std::size_t u = 0; u < m_units.size(); ++u)
      if (!m_fold[u]) give(u, std::nullopt);
    std::vector<std::size_t> out;
    for (auto const& fold : m_fold)
      out.push_back(*fold);
    return out;
  }

 private:
  /// The label with the fewest rows that are not dealt.
  std::optional<std::size_t> rarest() const {
    std::optional<std::size_t> best;
    for (std::size_t label = 0; label < m_left.size(); ++label)
      if (m_left[label] > 0 && (!best || m_left[label] < m_left[*best])) best = label;
    return best;
  }

  void give(std::size_t u, std::optional<std::size_t> label) {
    std::size_t best = 0;
    for (std::size_t f = 1; f < m_wanted.size(); ++f)
      if (lacks(f, label) > lacks(best, label)) best = f;
    m_fold[u] = best;
    m_rows_wanted[best] -= static_cast<double>(m_units[u].rows.size());
    for (std::size_t other = 0; other < m_left.size(); ++other) {
      m_left[other] -= m_units[u].counts[other];
      m_wanted[best][other] -= m_units[u].counts[other];
    }
  }

  std::pair<double, double> lacks(std::size_t fold, std::optional<std::size_t> label) const {
    return {label ? m_wanted[fold][*label] : 0, m_rows_wanted[fold]};
  }

  std::vector<Unit> const& m_units;
  std::vector<double> m_left;
  std::vector<std::vector<double>> m_wanted;
  std::vector<double> m_rows_wanted;
  std::vector<std::optional<std::size_t>> m_fold;
};

}  // namespace

std::vector<std::size_t> stratified_folds(std::span<std::vector<std::size_t> const> labels, std::size_t label_count,
                                          std::size_t folds, std::uint64_t seed, std::span<std::size_t const> groups) {
  if (folds < 2) throw Error(Kind::bad_input, "folds: at least 2 are needed");
  if (!groups.empty() && groups.size() != labels.size())
    throw Error(Kind::bad_input, fmt::format("folds: {} groups for {} rows", groups.size(), labels.size()));
  auto units = units_of(labels, label_count, groups);
  if (units.size() < folds)
    throw Error(Kind::bad_input, fmt::format("folds: {} different rows do for {} folds at most, not {}", units.size(),
                                             units.size(), folds));
  shuffle(units, seed);
  auto const of_unit = Dealer(units, label_count, folds).deal();
  std::vector<std::size_t> out(labels.size());
  for (std::size_t u = 0; u < units.size(); ++u)
    for (auto const row : units[u].rows)
      out[row] = of_unit[u];
  return out;
}

}  // namespace jvmm::algo
