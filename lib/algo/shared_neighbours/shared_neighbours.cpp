#include "algo/shared_neighbours/shared_neighbours.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace jvmm::algo {
namespace {

/// Each row's neighbours and itself, sorted.
std::vector<std::vector<std::uint32_t>> closed_lists(std::span<std::uint32_t const> neighbours, std::size_t rows,
                                                     std::size_t k) {
  if (neighbours.size() != rows * k) throw Error(Kind::bad_input, "neighbour graph: the lists are not rows × k");
  std::vector<std::vector<std::uint32_t>> out(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    out[i].push_back(static_cast<std::uint32_t>(i));
    for (auto const j : neighbours.subspan(i * k, k))
      if (j < rows) out[i].push_back(j);
    std::ranges::sort(out[i]);
  }
  return out;
}

std::size_t common(std::vector<std::uint32_t> const& a, std::vector<std::uint32_t> const& b) {
  std::size_t count = 0;
  for (auto i = a.begin(), j = b.begin(); i != a.end() && j != b.end();) {
    if (*i == *j)
      ++count, ++i, ++j;
    else if (*i < *j)
      ++i;
    else
      ++j;
  }
  return count;
}

template <class Weight>
std::vector<WeightedEdge> edges_of(std::vector<std::vector<std::uint32_t>> const& lists, Weight const& weight) {
  std::vector<WeightedEdge> out;
  for (std::uint32_t i = 0; i < lists.size(); ++i)
    for (auto const j : lists[i]) {
      if (j == i) continue;
      bool const mutual = std::ranges::binary_search(lists[j], i);
      if (mutual && j < i) continue;  // given by the other
      out.push_back({std::min(i, j), std::max(i, j), weight(i, j)});
    }
  std::ranges::sort(out, {}, [](WeightedEdge const& edge) { return std::pair(edge.a, edge.b); });
  return out;
}

}  // namespace

std::vector<WeightedEdge> shared_neighbour_graph(std::span<std::uint32_t const> neighbours, std::size_t rows,
                                                 std::size_t k) {
  auto const lists = closed_lists(neighbours, rows, k);
  return edges_of(lists, [&](std::uint32_t i, std::uint32_t j) {
    auto const both = common(lists[i], lists[j]);
    return static_cast<double>(both) / static_cast<double>(lists[i].size() + lists[j].size() - both);
  });
}

std::vector<WeightedEdge> union_neighbour_graph(std::span<std::uint32_t const> neighbours, std::size_t rows,
                                                std::size_t k) {
  return edges_of(closed_lists(neighbours, rows, k), [](std::uint32_t, std::uint32_t) { return 1.0; });
}

}  // namespace jvmm::algo
