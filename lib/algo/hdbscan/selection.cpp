#include "algo/hdbscan/selection.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace jvmm::algo {
namespace {

constexpr std::size_t k_root = 0;

struct Cluster {
  std::size_t parent = k_root;
  double birth = 0;
  double death = 0;  ///< largest lambda at which something leaves it
  std::vector<std::size_t> children;
};

/// Clusters numbered from 0; parents come before their children.
std::vector<Cluster> clusters_of(CondensedTree const& tree) {
  std::vector<Cluster> out(tree.clusters);
  for (auto const& edge : tree.edges) {
    std::size_t const parent = edge.parent - tree.rows;
    out[parent].death = std::max(out[parent].death, edge.lambda);
    if (edge.child < tree.rows) continue;
    std::size_t const child = edge.child - tree.rows;
    out[child].parent = parent;
    out[child].birth = edge.lambda;
    out[parent].children.push_back(child);
  }
  return out;
}

void unselect_below(std::vector<Cluster> const& clusters, std::size_t top, std::vector<bool>& selected) {
  std::vector<std::size_t> stack = clusters[top].children;
  while (!stack.empty()) {
    std::size_t const cluster = stack.back();
    stack.pop_back();
    selected[cluster] = false;
    stack.insert(stack.end(), clusters[cluster].children.begin(), clusters[cluster].children.end());
  }
}

}  // namespace

std::vector<double> stabilities(CondensedTree const& tree) {
  auto const clusters = clusters_of(tree);
  std::vector<double> out(tree.clusters);
  for (auto const& edge : tree.edges)
    out[edge.parent - tree.rows] +=
        static_cast<double>(edge.size) * (edge.lambda - clusters[edge.parent - tree.rows].birth);
  return out;
}

std::vector<bool> select_clusters(CondensedTree const& tree, Selection selection) {
  auto const clusters = clusters_of(tree);
  auto best = stabilities(tree);
  std::vector<bool> out(tree.clusters);
  for (std::size_t c = tree.clusters; c-- > k_root + 1;) {
    double below = 0;
    for (auto const child : clusters[c].children)
      below += best[child];
    if (selection == Selection::leaf) {
      out[c] = clusters[c].children.empty();
    } else if (below > best[c]) {
      best[c] = below;
    } else {
      out[c] = true;
      unselect_below(clusters, c, out);
    }
  }
  return out;
}

Labelling label_rows(CondensedTree const& tree, std::vector<bool> const& selected) {
  auto const clusters = clusters_of(tree);
  std::vector<std::optional<std::size_t>> within(tree.clusters);  // the selected cluster that one is or lies in
  std::vector<int> label(tree.clusters, -1);
  int next = 0;
  for (std::size_t c = 0; c < tree.clusters; ++c) {
    if (c != k_root) within[c] = within[clusters[c].parent];
    if (selected[c]) within[c] = c, label[c] = next++;
  }
  Labelling out{std::vector<int>(tree.rows, -1), std::vector<double>(tree.rows)};
  for (auto const& edge : tree.edges) {
    auto const cluster = within[edge.parent - tree.rows];
    if (edge.child >= tree.rows || !cluster) continue;
    double const death = clusters[*cluster].death;
    out.labels[edge.child] = label[*cluster];
    out.probabilities[edge.child] = std::isinf(edge.lambda) ? 1 : std::min(edge.lambda, death) / death;
  }
  return out;
}

std::vector<double> outlier_scores(CondensedTree const& tree) {
  auto clusters = clusters_of(tree);
  for (std::size_t c = tree.clusters; c-- > k_root + 1;)
    clusters[clusters[c].parent].death = std::max(clusters[clusters[c].parent].death, clusters[c].death);
  std::vector<double> out(tree.rows);
  for (auto const& edge : tree.edges)
    if (edge.child < tree.rows && !std::isinf(edge.lambda)) {
      double const death = clusters[edge.parent - tree.rows].death;
      out[edge.child] = std::isinf(death) ? 1 : (death - edge.lambda) / death;
    }
  return out;
}

}  // namespace jvmm::algo
