#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "algo/communities/communities.hpp"
#include "algo/hdbscan/hierarchy.hpp"
#include "algo/rows/float_rows.hpp"
#include "personas/fit.hpp"

namespace jvmm::personas {

/// Rows that have a vector, equal ones as one point: else a row's neighbours would be its own copies.
struct RowPoints {
  algo::DistinctRows distinct;
  std::vector<std::size_t> of_row;  ///< the point of each row; k_unlabelled for a row of zeros

  std::size_t size() const { return distinct.size(); }
};

RowPoints row_points(std::span<float const> rows, std::size_t dims);

/// The graph of shared nearest neighbours among the points.
std::vector<algo::WeightedEdge> shared_neighbour_graph(RowPoints const& points, FitOptions const& options);

/// Where k-means and HDBSCAN* look at the points: their vectors, or the spectral embedding of their neighbours' graph.
struct Space {
  std::vector<float> values;  ///< points × columns, of length 1
  std::size_t columns = 0;
  std::size_t edges = 0;  ///< of the graph; 0 without

  algo::FloatRows rows() const { return {values, columns}; }
};

Space space_of(RowPoints const& points, FitOptions const& options);

/// HDBSCAN*'s hierarchy of points, which any least size of a cluster can be read from.
class Dendrogram {
 public:
  Dendrogram(algo::FloatRows const& rows, std::size_t threads);

  /// k_unlabelled for noise.
  std::vector<std::size_t> labels(std::size_t least_cluster) const;

 private:
  std::vector<std::size_t> m_order;  ///< the given point of each of the hierarchy
  algo::Hierarchy m_hierarchy;       ///< empty where the points are too few
};

}  // namespace jvmm::personas
