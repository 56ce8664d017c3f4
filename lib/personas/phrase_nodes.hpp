#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "algo/communities/communities.hpp"
#include "personas/corpus.hpp"
#include "personas/model.hpp"

namespace jvmm::personas {

/// Phrases put together by likeness.
struct Nodes {
  std::vector<std::uint32_t>
      leaders;                 ///< a phrase for each node, rising, so that nodes are in the order of their texts
  std::vector<double> counts;  ///< rows that name a phrase of the node, summed over its phrases
  std::vector<float> vectors;  ///< nodes × dims, unit: means of the phrases, weighted by their rows

  std::size_t size() const { return leaders.size(); }
};

/// Puts each phrase to the most similar leader at least join_cosine away, or makes it a leader; the most frequent
/// phrases first, then by text. Sets Phrase::node. `vectors`: phrases × dims, unit. **Cost**: phrases × nodes × dims.
Nodes join_phrases(std::vector<Phrase>& phrases, std::span<float const> vectors, std::size_t dims, double join_cosine);

/// What a row names, as nodes.
struct RowNodes {
  std::vector<std::uint32_t> heads, types, hits;
};
std::vector<RowNodes> nodes_of(Corpus const& corpus);

/// The graph of nodes: edges between those that rows name together (positive pointwise mutual information, rare pairs
/// shrunk, over its 95th percentile, at most 1), and between those that are alike (cosine_weight × cosine of the
/// phrase_neighbours nearest). Edges by (a, b). **Cost**: pairs within rows, nodes² × dims.
std::vector<algo::WeightedEdge> phrase_graph(Nodes const& nodes, std::span<RowNodes const> rows, std::size_t dims,
                                             Parameters const& parameters, std::size_t threads);

}  // namespace jvmm::personas
