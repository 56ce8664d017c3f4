#include "algo/hdbscan/spanning_tree.hpp"

#include <algorithm>
#include <limits>
#include <mutex>

#include "algo/hdbscan/disjoint_sets.hpp"

namespace jvmm::algo {
namespace {

constexpr double k_none = std::numeric_limits<double>::infinity();
constexpr std::size_t k_block = 128;

class Boruvka {
 public:
  Boruvka(FloatRows const& rows, std::span<double const> core, Neighbours const& nearest, unsigned threads)
      : m_rows(rows), m_core(core), m_nearest(nearest), m_threads(threads), m_scan(rows), m_sets(rows.size()) {}

  std::vector<TreeEdge> run() {
    while (m_tree.size() + 1 < m_rows.size()) {
      label();
      ask_neighbours();
      search(unsure());
      join();
    }
    return std::move(m_tree);
  }

 private:
  void label() {
    m_component.resize(m_rows.size());
    for (std::size_t i = 0; i < m_rows.size(); ++i)
      m_component[i] = m_sets.find(i);
    m_largest = *std::ranges::max_element(m_component, {}, [this](std::size_t c) { return m_sets.size(c); });
  }

  void ask_neighbours() {
    m_best.assign(m_rows.size(), TreeEdge{0, 0, k_none});
    for (std::size_t i = 0; i < m_rows.size(); ++i)
      for (auto const& neighbour : m_nearest.of(i))
        if (m_component[neighbour.row] != m_component[i]) {
          double const weight = std::max({m_core[i], m_core[neighbour.row], neighbour.distance});
          auto& best = m_best[m_component[i]];
          if (weight < best.weight) best = {i, neighbour.row, weight};
        }
  }

  /// Rows from which an edge that is not among the neighbours could be shorter than the best of their component. One
  /// component may be left out of a round, and the largest is the dearest to search.
  std::vector<std::size_t> unsure() {
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
      double const least = std::max(m_core[i], m_nearest.of(i).back().distance);
      if (m_nearest.k + 1 < m_rows.size() && least < m_best[m_component[i]].weight) {
        if (m_component[i] == m_largest)
          m_best[m_largest].weight = k_none;
        else
          out.push_back(i);
      }
    }
    return out;
  }

  void search(std::vector<std::size_t> const& queries) {
    for_blocks(queries.size(), k_block, m_threads, [&](std::size_t begin, std::size_t end) {
      std::vector<TreeEdge> best(end - begin);
      std::vector<std::size_t> slot(queries.begin() + static_cast<std::ptrdiff_t>(begin),
                                    queries.begin() + static_cast<std::ptrdiff_t>(end));
      {
        std::scoped_lock const lock(m_mutex);
        for (std::size_t s = 0; s < slot.size(); ++s)
          best[s] = m_best[m_component[slot[s]]];
      }
      std::size_t s = 0;
      m_scan.scan(slot, [&](std::size_t query, std::size_t first, std::span<float const> squares) {
        while (slot[s] != query)
          s = (s + 1) % slot.size();
        improve(query, first, squares, best[s]);
      });
      std::scoped_lock const lock(m_mutex);
      for (auto const& edge : best)
        if (edge.weight < m_best[m_component[edge.a]].weight) m_best[m_component[edge.a]] = edge;
    });
  }

  void improve(std::size_t query, std::size_t first, std::span<float const> squares, TreeEdge& best) const {
    double const slack = m_scan.slack(query);
    if (m_core[query] >= best.weight) return;
    for (std::size_t j = 0; j < squares.size(); ++j) {
      std::size_t const other = first + j;
      if (squares[j] - slack >= best.weight * best.weight * (1 + 1e-12) || m_core[other] >= best.weight ||
          m_component[other] == m_component[query])
        continue;
      double const weight = std::max({m_core[query], m_core[other], distance(m_rows[query], m_rows[other])});
      if (weight < best.weight) best = {query, other, weight};
    }
  }

  /// Each component's edge is one of least weight out of all that its component has become part of by others' edges,
  /// so that ties cannot go wrong once those that would close a circle are left out.
  void join() {
    for (auto const& edge : m_best)
      if (edge.weight < k_none && m_sets.join(edge.a, edge.b)) m_tree.push_back(edge);
  }

  FloatRows m_rows;
  std::span<double const> m_core;
  Neighbours const& m_nearest;
  unsigned m_threads;
  PairScan m_scan;
  DisjointSets m_sets;
  std::mutex m_mutex;
  std::vector<std::size_t> m_component;
  std::size_t m_largest = 0;
  std::vector<TreeEdge> m_best;  ///< by component
  std::vector<TreeEdge> m_tree;
};

}  // namespace

std::vector<double> core_distances(DistinctRows const& distinct, Neighbours const& nearest, std::size_t min_samples) {
  std::vector<double> out(distinct.size());
  for (std::size_t i = 0; i < distinct.size(); ++i) {
    std::size_t seen = distinct.copies(i) - 1;
    if (distinct.size() == 1) continue;
    for (auto const& neighbour : nearest.of(i)) {
      if (seen >= min_samples) break;
      seen += distinct.copies(neighbour.row);
      out[i] = neighbour.distance;
    }
  }
  return out;
}

std::vector<TreeEdge> minimum_spanning_tree(FloatRows const& rows, std::span<double const> core,
                                            Neighbours const& nearest, unsigned threads) {
  if (rows.size() < 2) return {};
  return Boruvka(rows, core, nearest, threads).run();
}

}  // namespace jvmm::algo
