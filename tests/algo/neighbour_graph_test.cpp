#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <set>

#include "algo/shared_neighbours/shared_neighbours.hpp"
#include "algo/spectral/spectral_embedding.hpp"
#include "support/expect_error.hpp"
#include "support/test_seed.hpp"

namespace jvmm::algo {
namespace {

TEST(SharedNeighbours, WeighsByTheNeighboursInCommon) {
  // 0, 1 and 2 know each other; 3 knows 2 and 0, and nobody knows it.
  std::vector<std::uint32_t> const lists{1, 2, 0, 2, 0, 1, 2, 0};
  auto const edges = shared_neighbour_graph(lists, 4, 2);
  std::vector<WeightedEdge> const expected{{0, 1, 1}, {0, 2, 1}, {0, 3, 0.5}, {1, 2, 1}, {2, 3, 0.5}};
  EXPECT_EQ(edges, expected);
  EXPECT_EQ(union_neighbour_graph(lists, 4, 2).size(), 5U);
}

TEST(SharedNeighbours, AgreesWithSetsOverRandomLists) {
  std::mt19937 random(test::test_seed());
  std::size_t const rows = 40, k = 5;
  std::vector<std::uint32_t> lists;
  std::vector<std::set<std::uint32_t>> closed(rows);
  for (std::uint32_t i = 0; i < rows; ++i) {
    std::set<std::uint32_t> own;
    while (own.size() < k - (i % 3 == 0))
      if (auto const j = static_cast<std::uint32_t>(random() % rows); j != i) own.insert(j);
    lists.insert(lists.end(), own.begin(), own.end());
    lists.resize((i + 1) * k, UINT32_MAX);
    closed[i] = own;
    closed[i].insert(i);
  }
  auto const edges = shared_neighbour_graph(lists, rows, k);
  std::size_t at = 0;
  for (std::uint32_t i = 0; i < rows; ++i)
    for (std::uint32_t j = i + 1; j < rows; ++j) {
      if (!closed[i].contains(j) && !closed[j].contains(i)) continue;
      std::set<std::uint32_t> all = closed[i];
      all.insert(closed[j].begin(), closed[j].end());
      auto const both = closed[i].size() + closed[j].size() - all.size();
      ASSERT_LT(at, edges.size());
      EXPECT_EQ(edges[at].a, i);
      EXPECT_EQ(edges[at].b, j);
      EXPECT_DOUBLE_EQ(edges[at].weight, static_cast<double>(both) / static_cast<double>(all.size()));
      ++at;
    }
  EXPECT_EQ(at, edges.size());
  testing::expect_error(Kind::bad_input, "rows", [&] { shared_neighbour_graph(lists, rows, k + 1); });
}

TEST(SpectralEmbedding, OfACircleHasItsKnownEigenvalues) {
  std::uint32_t const n = 50;
  std::vector<WeightedEdge> edges;
  for (std::uint32_t i = 0; i < n; ++i)
    edges.push_back({i, (i + 1) % n, 2});
  auto const found = spectral_embedding(n, edges, 5, 1);
  EXPECT_TRUE(found.converged);
  for (std::size_t c = 0; c < 5; ++c)
    EXPECT_NEAR(found.values[c], std::cos(2 * 3.14159265358979323846 * static_cast<double>((c + 1) / 2) / n), 1e-9);
  for (std::size_t i = 0; i < n; ++i) {
    double length = 0;
    for (std::size_t c = 0; c < 5; ++c)
      length += found.rows[i * 5 + c] * found.rows[i * 5 + c];
    EXPECT_NEAR(length, 1, 1e-9);
  }
}

TEST(SpectralEmbedding, PartsOfAGraphBecomePoints) {
  std::vector<WeightedEdge> edges;
  for (std::uint32_t part = 0; part < 4; ++part)
    for (std::uint32_t i = 0; i < 10; ++i)
      for (std::uint32_t j = i + 1; j < 10; ++j)
        if ((i + j) % 3 != 0 || j == i + 1) edges.push_back({part * 10 + i, part * 10 + j, 1});
  auto const found = spectral_embedding(41, edges, 4, 3);
  auto const product = [&](std::size_t i, std::size_t j) {
    double sum = 0;
    for (std::size_t c = 0; c < 4; ++c)
      sum += found.rows[i * 4 + c] * found.rows[j * 4 + c];
    return sum;
  };
  EXPECT_TRUE(found.converged);
  for (std::size_t c = 0; c < 4; ++c)
    EXPECT_NEAR(found.values[c], 1, 1e-9);
  for (std::size_t i = 0; i < 40; ++i)
    for (std::size_t j = 0; j < 40; ++j)
      EXPECT_NEAR(product(i, j), i / 10 == j / 10 ? 1 : 0, 1e-5);
  EXPECT_EQ(product(40, 40), 0);  // without an edge
}

TEST(SpectralEmbedding, ManyDimensionsAndBadInput) {
  std::vector<WeightedEdge> const edges{{0, 1, 1}, {1, 2, 0.5}};
  EXPECT_EQ(spectral_embedding(3, edges, 3, 1).values.size(), 3U);
  testing::expect_error(Kind::bad_input, "dimensions", [&] { spectral_embedding(3, edges, 4, 1); });
  testing::expect_error(Kind::bad_input, "dimensions", [&] { spectral_embedding(0, {}, 1, 1); });
  testing::expect_error(Kind::bad_input, "edge", [&] { spectral_embedding(2, edges, 1, 1); });
}

}  // namespace
}  // namespace jvmm::algo
