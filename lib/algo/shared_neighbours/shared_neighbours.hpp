#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "algo/communities/communities.hpp"

namespace jvmm::algo {

/// The graph of shared nearest neighbours (Jarvis and Patrick 1973, weighted): where i is among the k nearest of j, or
/// j among those of i, an edge of weight |Nᵢ ∩ Nⱼ| / |Nᵢ ∪ Nⱼ|, N being the neighbours with the row itself. Edges by
/// (a, b), a < b. `neighbours` is rows × k, row-major, each list distinct and without its own row; a missing neighbour
/// is any number not below `rows`.
///
/// **Throws** bad_input: sizes that do not fit. **Threads**: safe. **Cost**: rows × k² log; memory rows × k.
std::vector<WeightedEdge> shared_neighbour_graph(std::span<std::uint32_t const> neighbours, std::size_t rows,
                                                 std::size_t k);

/// The plain graph of the same lists: weight 1 where either is among the other's neighbours.
std::vector<WeightedEdge> union_neighbour_graph(std::span<std::uint32_t const> neighbours, std::size_t rows,
                                                std::size_t k);

}  // namespace jvmm::algo
