#include "algo/hdbscan/hierarchy.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>

#include "algo/hdbscan/disjoint_sets.hpp"

namespace jvmm::algo {
namespace {

/// The hierarchy while it grows.
class Linkage {
 public:
  explicit Linkage(std::size_t rows) : m_sets(rows), m_node(rows), m_lowest(rows) {
    m_out.rows = rows;
    m_out.sizes.assign(rows, 1);
    m_out.begins.push_back(0);
    std::iota(m_node.begin(), m_node.end(), std::size_t{0});
    std::iota(m_lowest.begin(), m_lowest.end(), std::size_t{0});
  }

  /// Edges of one weight.
  void join(std::span<TreeEdge const> edges) {
    std::vector<std::size_t> touched;
    for (auto const& edge : edges)
      for (auto const end : {edge.a, edge.b})
        touched.push_back(m_node[m_sets.find(end)]);
    std::ranges::sort(touched);
    touched.erase(std::ranges::unique(touched).begin(), touched.end());
    for (auto const& edge : edges)
      m_sets.join(edge.a, edge.b);
    std::map<std::size_t, std::vector<std::size_t>> groups;  // by lowest row, so that nodes are numbered alike
    std::map<std::size_t, std::size_t> lowest_of;
    for (auto const node : touched) {
      auto const [at, added] = lowest_of.emplace(m_sets.find(m_lowest[node]), m_lowest[node]);
      if (!added) at->second = std::min(at->second, m_lowest[node]);
    }
    for (auto const node : touched)
      groups[lowest_of[m_sets.find(m_lowest[node])]].push_back(node);
    for (auto& [lowest, nodes] : groups)
      add(lowest, std::move(nodes), edges.front().weight);
  }

  Hierarchy take() { return std::move(m_out); }

 private:
  void add(std::size_t lowest, std::vector<std::size_t> nodes, double distance) {
    std::ranges::sort(nodes, {}, [this](std::size_t node) { return m_lowest[node]; });
    std::size_t size = 0;
    for (auto const node : nodes)
      size += m_out.sizes[node];
    m_node[m_sets.find(lowest)] = m_out.nodes();
    m_lowest.push_back(lowest);
    m_out.distances.push_back(distance);
    m_out.children.insert(m_out.children.end(), nodes.begin(), nodes.end());
    m_out.begins.push_back(m_out.children.size());
    m_out.sizes.push_back(size);
  }

  Hierarchy m_out;
  DisjointSets m_sets;
  std::vector<std::size_t> m_node;    ///< of a set
  std::vector<std::size_t> m_lowest;  ///< row below a node
};

void fall_out(Hierarchy const& hierarchy, std::size_t top, std::size_t cluster, double lambda, CondensedTree& out) {
  std::vector<std::size_t> rows, stack = {top};
  while (!stack.empty()) {
    std::size_t const node = stack.back();
    stack.pop_back();
    if (node < hierarchy.rows)
      rows.push_back(node);
    else
      for (auto const child : hierarchy.children_of(node))
        stack.push_back(child);
  }
  std::ranges::sort(rows);
  for (auto const row : rows)
    out.edges.push_back({cluster, row, lambda, 1});
}

}  // namespace

Hierarchy single_linkage(std::size_t rows, std::vector<TreeEdge> edges) {
  std::ranges::sort(edges, {}, &TreeEdge::weight);
  Linkage linkage(rows);
  for (auto at = edges.begin(); at != edges.end();) {
    auto const end = std::find_if(at, edges.end(), [&](TreeEdge const& edge) { return edge.weight != at->weight; });
    linkage.join({at, end});
    at = end;
  }
  return linkage.take();
}

CondensedTree condense(Hierarchy const& hierarchy, std::size_t min_cluster_size) {
  CondensedTree out{hierarchy.rows, 1, {}};
  std::vector<std::pair<std::size_t, std::size_t>> queue = {{hierarchy.nodes() - 1, hierarchy.rows}};
  for (std::size_t at = 0; at < queue.size(); ++at) {
    auto [node, cluster] = queue[at];
    while (node >= hierarchy.rows) {  // down to where the cluster ends
      double const distance = hierarchy.distance(node);
      double const lambda = distance > 0 ? 1 / distance : std::numeric_limits<double>::infinity();
      std::vector<std::size_t> large;
      for (auto const child : hierarchy.children_of(node)) {
        if (hierarchy.sizes[child] >= min_cluster_size)
          large.push_back(child);
        else
          fall_out(hierarchy, child, cluster, lambda, out);
      }
      if (large.size() == 1) {
        node = large.front();
        continue;
      }
      for (auto const child : large) {
        std::size_t const added = hierarchy.rows + out.clusters++;
        out.edges.push_back({cluster, added, lambda, hierarchy.sizes[child]});
        queue.emplace_back(child, added);
      }
      break;
    }
  }
  return out;
}

}  // namespace jvmm::algo
