#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace jvmm::algo {

/// An edge of an undirected graph.
struct WeightedEdge {
  std::uint32_t a = 0, b = 0;  ///< nodes, different
  double weight = 0;           ///< above 0
  friend bool operator==(WeightedEdge const&, WeightedEdge const&) = default;
};

/// Communities of a graph by the Leiden algorithm (Traag, Waltman and van Eck 2019; igraph's), which raises modularity
/// with a resolution (Reichardt and Bornholdt 2006) until it rises no more: twice the resolution, about twice as many
/// communities. Returns a label per node, 0, 1, … by the first node that has it. A node without edges is a community of
/// its own.
///
/// The same nodes and edges in the same order with the same seed give the same labels; another order may give others,
/// so callers put them into an order of their own.
///
/// **Throws** bad_input: an edge to itself, twice, or beyond the nodes, a weight that is not finite and above 0, a
/// resolution that is not; configuration where igraph cannot be loaded; internal if it fails.
/// **Threads**: safe; one call at a time is computed. **Cost**: near linear in the edges; memory linear.
std::vector<std::size_t> leiden_communities(std::size_t nodes, std::span<WeightedEdge const> edges, double resolution,
                                            std::uint64_t seed);

/// What the algorithm raises: Σ over communities of (weight inside / m − resolution × (strength / 2m)²). At most 1; 0
/// without edges. REQUIRES: a label per node.
double modularity(std::span<std::size_t const> labels, std::span<WeightedEdge const> edges, double resolution);

/// The labels renumbered 0, 1, … by where each first stands.
std::vector<std::size_t> renumbered(std::span<std::size_t const> labels);

}  // namespace jvmm::algo
