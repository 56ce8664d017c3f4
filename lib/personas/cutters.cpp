#include "personas/cutters.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include "algo/communities/communities.hpp"
#include "algo/kmeans/kmeans.hpp"
#include "personas/row_points.hpp"

namespace jvmm::personas {
namespace {

constexpr double k_first = 0.5, k_last = 12;   ///< resolutions of communities
constexpr double k_coarse = 25, k_fine = 250;  ///< of HDBSCAN*: the smallest cluster has 4 % to .4 % of the rows
constexpr std::size_t k_points = 20;
constexpr std::size_t k_least_cluster = 5;
constexpr std::size_t k_restarts = 10;  ///< of k-means

/// A geometric scan, or the held resolution and two of its steps on either side.
std::vector<double> geometric(double first, double last, std::optional<double> held) {
  auto const step = std::pow(last / first, 1 / static_cast<double>(k_points - 1));
  std::vector<double> out;
  if (held)
    for (int i = -k_plateau_reach; i <= k_plateau_reach; ++i)
      out.push_back(*held * std::pow(step, i));
  else
    for (std::size_t i = 0; i < k_points; ++i)
      out.push_back(first * std::pow(step, static_cast<double>(i)));
  return out;
}

/// Numbers of clusters: the wanted ones, or a single one and two on either side.
std::vector<double> counts(FitOptions const& options, std::size_t points) {
  auto low = static_cast<double>(options.least_k), high = static_cast<double>(options.most_k);
  auto const held = options.held_by(Method::kmeans);
  if (held || options.target_k) {
    auto const middle = held.value_or(static_cast<double>(options.target_k.value_or(0)));
    low = middle - k_plateau_reach;
    high = middle + k_plateau_reach;
  }
  std::vector<double> out;
  for (auto k = std::max(1.0, low); k <= high && k <= static_cast<double>(points); ++k)
    out.push_back(k);
  if (out.empty()) out.push_back(static_cast<double>(points));
  return out;
}

std::vector<std::size_t> rows_per_community(std::span<std::size_t const> labels, std::size_t communities) {
  std::vector<std::size_t> out(communities, 0);
  for (auto const label : labels)
    if (label != k_unlabelled) ++out[label];
  return out;
}

std::size_t count_of(std::vector<std::size_t> const& labels) {
  return labels.empty() ? 0 : *std::ranges::max_element(labels) + 1;
}

std::vector<std::size_t> row_labels(std::span<RowNodes const> rows, std::span<std::size_t const> communities,
                                    double decay) {
  std::vector<std::size_t> out;
  out.reserve(rows.size());
  for (auto const& row : rows)
    out.push_back(winner(votes_of(row, communities, decay)));
  return out;
}

Partition of_points(RowPoints const& points, std::span<std::size_t const> labels) {
  Partition out;
  for (auto const point : points.of_row)
    out.rows.push_back(point == k_unlabelled ? k_unlabelled : labels[point]);
  order_by_size(out);
  return out;
}

Cutter phrase_graph_cutter(Sample const& sample, std::size_t dims, FitOptions const& options) {
  auto edges = phrase_graph(sample.nodes, sample.named, dims, options.parameters, options.threads);
  auto const count = edges.size();
  auto cut = [&sample, dims, parameters = options.parameters, edges = std::move(edges)](double resolution) {
    Partition out;
    out.nodes = algo::leiden_communities(sample.nodes.size(), edges, resolution, parameters.seed);
    auto const votes = row_labels(sample.named, out.nodes, parameters.decay);
    join_small(out.nodes, rows_per_community(votes, count_of(out.nodes)), edges, sample.nodes.vectors, dims);
    out.rows = row_labels(sample.named, out.nodes, parameters.decay);
    order_by_size(out);
    return out;
  };
  return {Method::phrase_graph, count, geometric(k_first, k_last, options.held_by(Method::phrase_graph)),
          std::move(cut)};
}

Cutter shared_neighbours_cutter(RowPoints points, FitOptions const& options) {
  auto edges = shared_neighbour_graph(points, options);
  auto const count = edges.size();
  auto cut = [seed = options.parameters.seed, points = std::move(points), edges = std::move(edges)](double resolution) {
    auto labels = algo::leiden_communities(points.size(), edges, resolution, seed);
    std::vector<std::size_t> sizes(count_of(labels), 0);
    for (std::size_t i = 0; i < labels.size(); ++i)
      sizes[labels[i]] += points.distinct.copies(i);
    join_small(labels, sizes, edges, points.distinct.values, points.distinct.columns);
    return of_points(points, labels);
  };
  return {Method::shared_neighbours, count, geometric(k_first, k_last, options.held_by(Method::shared_neighbours)),
          std::move(cut)};
}

Cutter kmeans_cutter(RowPoints points, FitOptions const& options) {
  auto space = space_of(points, options);
  auto const most = algo::distinct_rows(space.rows()).size(), edges = space.edges;
  auto cut = [most, seed = options.parameters.seed, threads = options.threads, points = std::move(points),
              space = std::move(space)](double resolution) {
    algo::KMeansOptions kmeans;
    kmeans.k = std::clamp<std::size_t>(static_cast<std::size_t>(std::lround(resolution)), 1, most);
    kmeans.seed = seed;
    kmeans.restarts = k_restarts;
    kmeans.threads = static_cast<unsigned>(threads);
    return of_points(points, algo::spherical_kmeans(space.rows(), kmeans).labels);
  };
  return {Method::kmeans, edges, counts(options, most), std::move(cut)};
}

Cutter hdbscan_cutter(RowPoints points, FitOptions const& options) {
  auto const space = space_of(points, options);
  auto hierarchy = std::make_shared<Dendrogram>(space.rows(), options.threads);
  auto cut = [hierarchy, points = std::move(points)](double resolution) {
    auto const share = static_cast<double>(points.size()) / resolution;
    auto const least = std::max(k_least_cluster, static_cast<std::size_t>(std::lround(share)));
    return of_points(points, hierarchy->labels(least));
  };
  return {Method::hdbscan, space.edges, geometric(k_coarse, k_fine, options.held_by(Method::hdbscan)), std::move(cut)};
}

}  // namespace

Cutter make_cutter(Method method, Sample const& sample, std::span<float const> fields, std::size_t dims,
                   FitOptions const& options) {
  if (method == Method::phrase_graph) return phrase_graph_cutter(sample, dims, options);
  auto points = row_points(fields, dims);
  if (method == Method::shared_neighbours) return shared_neighbours_cutter(std::move(points), options);
  if (points.size() == 0)
    return {
        method, 0, {1}, [&sample](double) { return Partition{std::vector(sample.rows.size(), k_unlabelled), {}, 0}; }};
  return method == Method::kmeans ? kmeans_cutter(std::move(points), options)
                                  : hdbscan_cutter(std::move(points), options);
}

}  // namespace jvmm::personas
