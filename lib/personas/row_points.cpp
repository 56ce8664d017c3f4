#include "personas/row_points.hpp"

#include <algorithm>

#include "algo/hdbscan/hdbscan.hpp"
#include "algo/knn/knn.hpp"
#include "algo/shared_neighbours/shared_neighbours.hpp"
#include "algo/spectral/spectral_embedding.hpp"
#include "personas/partition.hpp"
#include "personas/phrase_vectors.hpp"

namespace jvmm::personas {
namespace {

constexpr std::size_t k_spectral_columns = 25;
constexpr std::size_t k_core_neighbours = 5;

/// Points × k, as graphs of neighbours take them.
std::vector<std::uint32_t> neighbour_lists(RowPoints const& points, FitOptions const& options) {
  auto const k = options.parameters.row_neighbours;
  std::vector<std::uint32_t> out(points.size() * k, UINT32_MAX);
  if (points.size() < 2) return out;
  auto const nearest = algo::nearest_rows(points.distinct.rows(),
                                          {std::min(k, points.size() - 1), static_cast<unsigned>(options.threads)});
  for (std::size_t i = 0; i < points.size(); ++i)
    std::ranges::transform(nearest.of(i), out.begin() + static_cast<std::ptrdiff_t>(i * k),
                           [](algo::Neighbour const& other) { return static_cast<std::uint32_t>(other.row); });
  return out;
}

}  // namespace

RowPoints row_points(std::span<float const> rows, std::size_t dims) {
  RowPoints out;
  out.of_row.assign(dims == 0 ? 0 : rows.size() / dims, k_unlabelled);
  std::vector<float> values;
  std::vector<std::size_t> given;
  for (std::size_t i = 0; i < out.of_row.size(); ++i) {
    auto const row = row_of(rows, i, dims);
    if (is_zero(row)) continue;
    values.insert(values.end(), row.begin(), row.end());
    given.push_back(i);
  }
  out.distinct = algo::distinct_rows({values, dims});
  for (std::size_t point = 0; point < out.size(); ++point)
    for (auto at = out.distinct.begins[point]; at < out.distinct.begins[point + 1]; ++at)
      out.of_row[given[out.distinct.order[at]]] = point;
  return out;
}

std::vector<algo::WeightedEdge> shared_neighbour_graph(RowPoints const& points, FitOptions const& options) {
  return algo::shared_neighbour_graph(neighbour_lists(points, options), points.size(),
                                      options.parameters.row_neighbours);
}

Space space_of(RowPoints const& points, FitOptions const& options) {
  if (!options.parameters.spectral || points.size() < 2) return {points.distinct.values, points.distinct.columns, 0};
  auto const edges =
      algo::union_neighbour_graph(neighbour_lists(points, options), points.size(), options.parameters.row_neighbours);
  auto const columns = std::min(k_spectral_columns, points.size());
  auto const embedding = algo::spectral_embedding(points.size(), edges, columns, options.parameters.seed);
  return {{embedding.rows.begin(), embedding.rows.end()}, columns, edges.size()};
}

Dendrogram::Dendrogram(algo::FloatRows const& rows, std::size_t threads) {
  if (rows.size() <= k_core_neighbours) {
    m_order.resize(rows.size());
    return;
  }
  algo::HdbscanOptions options;
  options.min_samples = k_core_neighbours;
  options.threads = static_cast<unsigned>(threads);
  auto const distinct = algo::distinct_rows(rows);
  m_order = distinct.order;
  m_hierarchy = algo::reachability_hierarchy(distinct, options);
}

std::vector<std::size_t> Dendrogram::labels(std::size_t least_cluster) const {
  std::vector<std::size_t> out(m_order.size(), k_unlabelled);
  if (m_hierarchy.rows == 0) return out;
  auto const tree = algo::condense(m_hierarchy, least_cluster);
  auto const found = algo::label_rows(tree, algo::select_clusters(tree, algo::Selection::eom));
  for (std::size_t at = 0; at < m_order.size(); ++at)
    if (found.labels[at] >= 0) out[m_order[at]] = static_cast<std::size_t>(found.labels[at]);
  return out;
}

}  // namespace jvmm::personas
