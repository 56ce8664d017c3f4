#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "algo/knn/knn.hpp"

namespace jvmm::algo {

/// An edge of a tree over rows.
struct TreeEdge {
  std::size_t a = 0, b = 0;
  double weight = 0;
};

/// Distance of each distinct row to its `min_samples`-th nearest other row, copies counted: hdbscan's convention, where
/// scikit-learn counts the row itself too. `nearest` holds at least min(min_samples, distinct rows - 1) neighbours
/// each. REQUIRES: more rows than min_samples.
std::vector<double> core_distances(DistinctRows const& distinct, Neighbours const& nearest, std::size_t min_samples);

/// A minimum spanning tree of the complete graph over the rows, an edge's weight being the mutual reachability
/// max(core a, core b, distance), by Borůvka's algorithm. Exact: neighbours answer where they suffice, the rest is
/// searched in blocks, of all components but the largest. Which of several minimum trees is unspecified; the multiset
/// of weights and the components below any weight are the same for all, whatever the number of threads.
///
/// **Cost**: as a part of nearest_rows per round, of which there are at most log2 n and mostly few; O(n k) memory.
std::vector<TreeEdge> minimum_spanning_tree(FloatRows const& rows, std::span<double const> core,
                                            Neighbours const& nearest, unsigned threads);

}  // namespace jvmm::algo
