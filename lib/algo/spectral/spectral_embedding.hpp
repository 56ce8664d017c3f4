#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "algo/communities/communities.hpp"

namespace jvmm::algo {

struct SpectralEmbedding {
  std::vector<double> rows;    ///< nodes × dims, row-major; rows of length 1, but zero for a node without edges
  std::vector<double> values;  ///< eigenvalues, falling, in -1..1
  bool converged = false;      ///< each eigenvector's residual is below 1e-6
};

/// The graph's nodes as points (Ng, Jordan and Weiss 2001): the `dims` first eigenvectors of D^-1/2 W D^-1/2, each
/// node's row divided by its length. By subspace iteration with a Chebyshev filter (Zhou et al. 2006), which also finds
/// eigenvalues that are there several times, as in a graph of several parts. Each eigenvector's largest element is
/// positive.
///
/// **Throws** bad_input: no node, dims not in 1..nodes, edges as leiden_communities refuses them (but double ones add
/// up).
/// **Threads**: safe. **Cost**: some hundred × edges × dims; memory nodes × dims.
SpectralEmbedding spectral_embedding(std::size_t nodes, std::span<WeightedEdge const> edges, std::size_t dims,
                                     std::uint64_t seed);

}  // namespace jvmm::algo
