#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "algo/hdbscan/spanning_tree.hpp"

namespace jvmm::algo {

/// Single linkage: nodes 0 .. rows - 1 are the rows, each later node joins two or more that are nearer the front; the
/// last is the root. All that joins at one distance joins in one node, so that the hierarchy is that of the components
/// below each distance and does not depend on which minimum spanning tree was taken.
struct Hierarchy {
  std::size_t rows = 0;
  std::vector<double> distances;      ///< per later node
  std::vector<std::size_t> begins;    ///< per later node, where in `children` its own begin; then children.size()
  std::vector<std::size_t> children;  ///< of one node by their lowest row
  std::vector<std::size_t> sizes;     ///< per node: rows below

  std::size_t nodes() const { return rows + distances.size(); }
  double distance(std::size_t node) const { return distances[node - rows]; }
  std::span<std::size_t const> children_of(std::size_t node) const {
    std::size_t const begin = begins[node - rows];
    return std::span(children).subspan(begin, begins[node - rows + 1] - begin);
  }
};

/// REQUIRES: `edges` are a spanning tree of at least one row. **Cost**: O(n log n).
Hierarchy single_linkage(std::size_t rows, std::vector<TreeEdge> edges);

/// A line of the condensed tree: `child`, a row or a cluster (from `rows` on; `rows` itself is the root), leaves
/// `parent` at density `lambda` = 1 / distance, infinite for a distance of 0.
struct CondensedEdge {
  std::size_t parent = 0, child = 0;
  double lambda = 0;
  std::size_t size = 1;  ///< rows in child
  friend bool operator==(CondensedEdge const&, CondensedEdge const&) = default;
};

struct CondensedTree {
  std::size_t rows = 0, clusters = 1;
  std::vector<CondensedEdge> edges;  ///< a cluster's line before those of its own children
};

/// Splits into fewer than `min_cluster_size` rows are rows that fall out. Clusters are numbered from the root by depth,
/// then by lowest row. REQUIRES: min_cluster_size >= 2. **Cost**: O(n).
CondensedTree condense(Hierarchy const& hierarchy, std::size_t min_cluster_size);

}  // namespace jvmm::algo
