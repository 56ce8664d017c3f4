#include "algo/communities/communities.hpp"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "algo/communities/igraph_library.hpp"
#include "base/error.hpp"

namespace jvmm::algo {
namespace {

/// How random the refinement is; the authors' choice.
constexpr double k_beta = 0.01;
/// igraph's own "until nothing changes" never ends where two partitions are equally good; more rounds than that have
/// not been seen to gain anything.
constexpr std::size_t k_most_rounds = 50;

void require_sound(std::size_t nodes, std::span<WeightedEdge const> edges, double resolution) {
  if (!(resolution > 0) || !std::isfinite(resolution))
    throw Error(Kind::bad_input, "communities: the resolution must be a finite number above 0");
  std::unordered_set<std::uint64_t> seen;
  for (auto const& edge : edges) {
    auto const [low, high] = std::minmax(edge.a, edge.b);
    auto const what = "communities: the edge of " + std::to_string(edge.a) + " and " + std::to_string(edge.b);
    if (high >= nodes) throw Error(Kind::bad_input, what + ": there are " + std::to_string(nodes) + " nodes");
    if (low == high) throw Error(Kind::bad_input, what + " leads to its own node");
    if (!(edge.weight > 0) || !std::isfinite(edge.weight))
      throw Error(Kind::bad_input, what + ": its weight must be finite and above 0");
    if (!seen.insert(std::uint64_t{low} << 32 | high).second) throw Error(Kind::bad_input, what + " is there twice");
  }
}

std::vector<double> strengths(std::size_t nodes, std::span<WeightedEdge const> edges) {
  std::vector<double> out(nodes, 0.0);
  for (auto const& edge : edges) {
    out[edge.a] += edge.weight;
    out[edge.b] += edge.weight;
  }
  return out;
}

/// igraph's structures, freed whatever happens.
class Graph {
 public:
  Graph(IgraphLibrary const& library, std::size_t nodes, std::span<WeightedEdge const> edges)
      : m_library(library), m_nodes(static_cast<igraph_integer_t>(nodes)) {
    std::vector<igraph_integer_t> ends;
    ends.reserve(2 * edges.size());
    for (auto const& edge : edges) {
      ends.push_back(edge.a);
      ends.push_back(edge.b);
    }
    igraph_vector_int_t view;
    library.vector_int_view(&view, ends.data(), static_cast<igraph_integer_t>(ends.size()));
    check(library.create(&m_graph, &view, m_nodes, false));
    if (auto const failed = library.vector_int_init(&m_labels, 0); failed != IGRAPH_SUCCESS) {
      library.destroy(&m_graph);
      check(failed);
    }
  }
  Graph(Graph const&) = delete;
  Graph& operator=(Graph const&) = delete;
  ~Graph() {
    m_library.vector_int_destroy(&m_labels);
    m_library.destroy(&m_graph);
  }

  std::vector<std::size_t> leiden(std::vector<double> const& weights, std::vector<double> const& node_weights,
                                  double resolution, std::uint64_t seed) {
    igraph_vector_t edge_view, node_view;
    m_library.vector_view(&edge_view, weights.data(), static_cast<igraph_integer_t>(weights.size()));
    m_library.vector_view(&node_view, node_weights.data(), static_cast<igraph_integer_t>(node_weights.size()));
    check(m_library.rng_seed(m_library.rng_default(), seed));
    std::vector<std::size_t> labels;
    for (std::size_t round = 0; round < k_most_rounds; ++round) {
      igraph_integer_t communities = 0;
      check(m_library.community_leiden(&m_graph, &edge_view, &node_view, resolution, k_beta, round > 0, 1, &m_labels,
                                       &communities, nullptr));
      auto found = renumbered(current());
      if (found == labels) break;
      labels = std::move(found);
    }
    return labels;
  }

 private:
  std::vector<std::size_t> current() const {
    std::vector<std::size_t> out;
    for (igraph_integer_t i = 0; i < m_nodes; ++i)
      out.push_back(static_cast<std::size_t>(VECTOR(m_labels)[i]));
    return out;
  }
  void check(igraph_error_t code) const {
    if (code == IGRAPH_SUCCESS) return;
    throw Error(Kind::internal, std::string("igraph failed: ") + m_library.error_text(code));
  }

  IgraphLibrary const& m_library;
  igraph_t m_graph;
  igraph_vector_int_t m_labels;
  igraph_integer_t m_nodes;
};

}  // namespace

std::vector<std::size_t> renumbered(std::span<std::size_t const> labels) {
  std::unordered_map<std::size_t, std::size_t> numbers;
  std::vector<std::size_t> out;
  out.reserve(labels.size());
  for (auto const label : labels)
    out.push_back(numbers.try_emplace(label, numbers.size()).first->second);
  return out;
}

std::vector<std::size_t> leiden_communities(std::size_t nodes, std::span<WeightedEdge const> edges, double resolution,
                                            std::uint64_t seed) {
  require_sound(nodes, edges, resolution);
  std::vector<double> weights;
  double total = 0;
  for (auto const& edge : edges) {
    weights.push_back(edge.weight);
    total += edge.weight;
  }
  if (edges.empty()) {
    std::vector<std::size_t> alone(nodes);
    for (std::size_t i = 0; i < nodes; ++i)
      alone[i] = i;
    return alone;
  }
  static std::mutex one_at_a_time;  // its random numbers are one state for all
  std::lock_guard const lock(one_at_a_time);
  Graph graph(igraph_library(), nodes, edges);
  return graph.leiden(weights, strengths(nodes, edges), resolution / (2 * total), seed);
}

double modularity(std::span<std::size_t const> labels, std::span<WeightedEdge const> edges, double resolution) {
  double total = 0, inside = 0;
  std::unordered_map<std::size_t, double> strength;
  for (auto const& edge : edges) {
    total += edge.weight;
    if (labels[edge.a] == labels[edge.b]) inside += edge.weight;
    strength[labels[edge.a]] += edge.weight;
    strength[labels[edge.b]] += edge.weight;
  }
  if (total == 0) return 0;
  double expected = 0;
  for (auto const& [label, sum] : strength)
    expected += (sum / (2 * total)) * (sum / (2 * total));
  return inside / total - resolution * expected;
}

}  // namespace jvmm::algo
