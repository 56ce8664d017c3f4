#include "hdbscan_oracle.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>

namespace jvmm::algo::oracle {
namespace {

using Set = std::vector<std::size_t>;

class Slow {
 public:
  Slow(FloatRows const& rows, HdbscanOptions const& options) : m_options(options), m_n(rows.size()) {
    std::vector<double> core(m_n);
    m_weights.assign(m_n, std::vector<double>(m_n));
    for (std::size_t i = 0; i < m_n; ++i) {
      std::vector<double> others;
      for (std::size_t j = 0; j < m_n; ++j) {
        m_weights[i][j] = distance(rows[i], rows[j]);
        if (j != i) others.push_back(m_weights[i][j]);
      }
      std::ranges::sort(others);
      core[i] = others[options.samples() - 1];
    }
    for (std::size_t i = 0; i < m_n; ++i)
      for (std::size_t j = 0; j < m_n; ++j)
        m_weights[i][j] = std::max({m_weights[i][j], core[i], core[j]});
    m_out.lambdas.resize(m_n);
    m_out.homes.resize(m_n);
    m_out.groups.resize(m_n);
    m_out.probabilities.resize(m_n);
    m_out.outliers.resize(m_n);
  }

  Result run() {
    Set all(m_n);
    std::iota(all.begin(), all.end(), std::size_t{0});
    grow(all, 0);
    select(0);
    m_out.clusters[0].selected = false;
    for (auto const& cluster : m_out.clusters)
      if (cluster.selected) label(cluster);
    return m_out;
  }

 private:
  std::vector<Set> components(Set const& set, double below) const {
    std::vector<Set> out;
    Set left = set;
    while (!left.empty()) {
      Set one = {left.front()};
      left.erase(left.begin());
      for (std::size_t at = 0; at < one.size(); ++at)
        std::erase_if(left, [&](std::size_t j) {
          if (m_weights[one[at]][j] >= below) return false;
          one.push_back(j);
          return true;
        });
      std::ranges::sort(one);
      out.push_back(one);
    }
    return out;
  }

  /// The least weight at which the set hangs together: the longest edge of Prim's tree.
  double connecting(Set const& set) const {
    std::vector<double> near(m_n, std::numeric_limits<double>::infinity());
    Set left(set.begin() + 1, set.end());
    double longest = 0;
    for (std::size_t last = set.front(); !left.empty();) {
      for (auto const j : left)
        near[j] = std::min(near[j], m_weights[last][j]);
      auto const next = std::ranges::min_element(left, {}, [&](std::size_t j) { return near[j]; });
      last = *next;
      longest = std::max(longest, near[last]);
      left.erase(next);
    }
    return longest;
  }

  std::size_t grow(Set set, double birth) {
    std::size_t const self = m_out.clusters.size();
    m_out.clusters.push_back({set, birth, 0, false});
    m_children.emplace_back();
    m_deaths.push_back(0);
    while (set.size() > 1) {
      double const weight = connecting(set), lambda = weight > 0 ? 1 / weight : std::numeric_limits<double>::infinity();
      std::vector<Set> large;
      m_deaths[self] = lambda;
      for (auto const& part : components(set, weight)) {
        if (part.size() >= m_options.min_cluster_size)
          large.push_back(part);
        else
          for (auto const row : part)
            leave(self, row, lambda);
      }
      if (large.size() == 1) {
        set = large.front();
        continue;
      }
      for (auto const& part : large) {
        m_out.clusters[self].stability += static_cast<double>(part.size()) * (lambda - birth);
        auto const child = grow(part, lambda);
        m_children[self].push_back(child);
      }
      break;
    }
    return finish(self);
  }

  void leave(std::size_t cluster, std::size_t row, double lambda) {
    m_out.lambdas[row] = lambda;
    m_out.homes[row] = m_out.clusters[cluster].rows.size();
    m_out.clusters[cluster].stability += lambda - m_out.clusters[cluster].birth;
    m_leavers[cluster].push_back(row);
  }

  std::size_t finish(std::size_t cluster) {
    double most = 0;
    for (auto const row : m_out.clusters[cluster].rows)
      most = std::max(most, m_out.lambdas[row]);
    for (auto const row : m_leavers[cluster]) {
      bool const copies = m_out.lambdas[row] == std::numeric_limits<double>::infinity();
      m_out.outliers[row] = copies ? 0 : 1 - m_out.lambdas[row] / most;
    }
    return cluster;
  }

  /// The largest total of clusters that do not overlap.
  double select(std::size_t cluster) {
    double below = 0;
    for (auto const child : m_children[cluster])
      below += select(child);
    auto& self = m_out.clusters[cluster];
    if (m_options.selection == Selection::leaf) {
      self.selected = m_children[cluster].empty();
      return 0;
    }
    if (cluster == 0 || below > self.stability) return below;
    deselect(cluster);
    self.selected = true;
    return self.stability;
  }

  void deselect(std::size_t cluster) {
    m_out.clusters[cluster].selected = false;
    for (auto const child : m_children[cluster])
      deselect(child);
  }

  void label(Cluster const& cluster) {
    auto const index = static_cast<std::size_t>(&cluster - m_out.clusters.data());
    for (auto const row : cluster.rows) {
      m_out.groups[row] = cluster.rows;
      double const lambda = m_out.lambdas[row];
      m_out.probabilities[row] = lambda >= m_deaths[index] ? 1 : lambda / m_deaths[index];
    }
  }

  HdbscanOptions m_options;
  std::size_t m_n;
  std::vector<std::vector<double>> m_weights;
  std::vector<std::vector<std::size_t>> m_children;
  std::vector<double> m_deaths;
  std::map<std::size_t, Set> m_leavers;
  Result m_out;
};

}  // namespace

Result hdbscan(FloatRows const& rows, HdbscanOptions const& options) {
  auto out = Slow(rows, options).run();
  std::ranges::sort(out.clusters, {}, &Cluster::rows);
  return out;
}

Result summary(HdbscanResult const& result) {
  std::size_t const n = result.tree.rows;
  Result out;
  out.clusters.resize(result.tree.clusters);
  out.lambdas.resize(n);
  out.homes.resize(n);
  out.groups.resize(n);
  std::vector<std::size_t> home(n), parent(result.tree.clusters);
  for (auto const& edge : result.tree.edges) {
    if (edge.child >= n) {
      parent[edge.child - n] = edge.parent - n;
      out.clusters[edge.child - n].birth = edge.lambda;
    } else {
      home[edge.child] = edge.parent - n;
      out.lambdas[edge.child] = edge.lambda;
    }
  }
  for (std::size_t row = 0; row < n; ++row) {
    for (std::size_t c = home[row];; c = parent[c]) {
      out.clusters[c].rows.push_back(row);
      if (c == 0) break;
    }
    for (std::size_t other = 0; result.labels[row] >= 0 && other < n; ++other)
      if (result.labels[other] == result.labels[row]) out.groups[row].push_back(other);
  }
  for (std::size_t row = 0; row < n; ++row)
    out.homes[row] = out.clusters[home[row]].rows.size();
  for (std::size_t c = 0; c < out.clusters.size(); ++c) {
    out.clusters[c].stability = result.stabilities[c];
    out.clusters[c].selected = result.selected[c];
  }
  std::ranges::sort(out.clusters, {}, &Cluster::rows);
  out.probabilities = result.probabilities;
  out.outliers = result.outliers;
  return out;
}

}  // namespace jvmm::algo::oracle
