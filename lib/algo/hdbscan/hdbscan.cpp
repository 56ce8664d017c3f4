#include "algo/hdbscan/hdbscan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"

namespace jvmm::algo {
namespace {

/// A spanning tree over all rows, by their place in `distinct.order`: copies hang on the first of them by their core
/// distance, than which no edge of theirs is shorter.
std::vector<TreeEdge> tree_of_all(DistinctRows const& distinct, HdbscanOptions const& options) {
  Neighbours nearest;
  std::size_t const others = distinct.size() - 1;
  if (others > 0)
    nearest = nearest_rows(distinct.rows(),
                           {std::min(others, std::max(options.neighbours, options.samples())), options.threads});
  auto const core = core_distances(distinct, nearest, options.samples());
  auto edges = minimum_spanning_tree(distinct.rows(), core, nearest, options.threads);
  for (auto& edge : edges)
    edge.a = distinct.begins[edge.a], edge.b = distinct.begins[edge.b];
  for (std::size_t i = 0; i < distinct.size(); ++i)
    for (std::size_t copy = distinct.begins[i] + 1; copy < distinct.begins[i + 1]; ++copy)
      edges.push_back({distinct.begins[i], copy, core[i]});
  return edges;
}

template <class T>
std::vector<T> by_given_index(std::vector<T> const& values, std::vector<std::size_t> const& order) {
  std::vector<T> out(values.size());
  for (std::size_t at = 0; at < order.size(); ++at)
    out[order[at]] = values[at];
  return out;
}

}  // namespace

Hierarchy reachability_hierarchy(DistinctRows const& distinct, HdbscanOptions const& options) {
  return single_linkage(distinct.order.size(), tree_of_all(distinct, options));
}

void HdbscanOptions::validate(std::size_t rows) const {
  if (min_cluster_size < 2)
    throw Error(Kind::usage, fmt::format("hdbscan: min_cluster_size {}, at least 2 is needed", min_cluster_size));
  if (threads < 1 || threads > 1024)
    throw Error(Kind::usage, fmt::format("hdbscan: {} threads, 1 to 1024 are possible", threads));
  if (rows < 2) throw Error(Kind::bad_input, fmt::format("hdbscan: {} row, at least 2 are needed", rows));
  if (samples() >= rows)
    throw Error(Kind::bad_input,
                fmt::format("hdbscan: {} rows have {} others each, not min_samples = {}", rows, rows - 1, samples()))
        .hint("give more rows or a smaller min_samples");
}

HdbscanResult hdbscan(FloatRows const& rows, HdbscanOptions const& options) {
  check_rows(rows, "hdbscan");
  options.validate(rows.size());
  auto const distinct = distinct_rows(rows);
  HdbscanResult out;
  out.tree = condense(reachability_hierarchy(distinct, options), options.min_cluster_size);
  out.selected = select_clusters(out.tree, options.selection);
  out.clusters = static_cast<std::size_t>(std::ranges::count(out.selected, true));
  out.stabilities = stabilities(out.tree);
  auto const labelling = label_rows(out.tree, out.selected);
  out.labels = by_given_index(labelling.labels, distinct.order);
  out.probabilities = by_given_index(labelling.probabilities, distinct.order);
  out.outliers = by_given_index(outlier_scores(out.tree), distinct.order);
  for (auto& edge : out.tree.edges)
    if (edge.child < rows.size()) edge.child = distinct.order[edge.child];
  return out;
}

}  // namespace jvmm::algo
