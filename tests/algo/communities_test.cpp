#include "algo/communities/communities.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "support/expect_error.hpp"
#include "support/test_seed.hpp"

namespace jvmm::algo {
namespace {

using Labels = std::vector<std::size_t>;

/// `groups` groups of `size` nodes: dense inside, one edge from each group to the next.
std::vector<WeightedEdge> ring_of_cliques(std::uint32_t groups, std::uint32_t size) {
  std::vector<WeightedEdge> out;
  for (std::uint32_t g = 0; g < groups; ++g) {
    for (std::uint32_t i = 0; i < size; ++i)
      for (std::uint32_t j = i + 1; j < size; ++j)
        out.push_back({g * size + i, g * size + j, 1});
    out.push_back({g * size, (g + 1) % groups * size + 1, 1});
  }
  return out;
}

TEST(Communities, FindsTheCliquesOfARing) {
  auto const labels = leiden_communities(60, ring_of_cliques(10, 6), 1, 1);
  for (std::size_t i = 0; i < labels.size(); ++i)
    EXPECT_EQ(labels[i], i / 6);
}

TEST(Communities, FindsTheTwoFactionsOfTheKarateClub) {
  // Zachary 1977; modularity .4198 at resolution 1 is the known optimum (Brandes et al. 2008).
  static constexpr std::uint32_t k_edges[][2] = {
      {0, 1},   {0, 2},   {0, 3},   {0, 4},   {0, 5},   {0, 6},   {0, 7},   {0, 8},   {0, 10},  {0, 11},
      {0, 12},  {0, 13},  {0, 17},  {0, 19},  {0, 21},  {0, 31},  {1, 2},   {1, 3},   {1, 7},   {1, 13},
      {1, 17},  {1, 19},  {1, 21},  {1, 30},  {2, 3},   {2, 7},   {2, 8},   {2, 9},   {2, 13},  {2, 27},
      {2, 28},  {2, 32},  {3, 7},   {3, 12},  {3, 13},  {4, 6},   {4, 10},  {5, 6},   {5, 10},  {5, 16},
      {6, 16},  {8, 30},  {8, 32},  {8, 33},  {9, 33},  {13, 33}, {14, 32}, {14, 33}, {15, 32}, {15, 33},
      {18, 32}, {18, 33}, {19, 33}, {20, 32}, {20, 33}, {22, 32}, {22, 33}, {23, 25}, {23, 27}, {23, 29},
      {23, 32}, {23, 33}, {24, 25}, {24, 27}, {24, 31}, {25, 31}, {26, 29}, {26, 33}, {27, 33}, {28, 31},
      {28, 33}, {29, 32}, {29, 33}, {30, 32}, {30, 33}, {31, 32}, {31, 33}, {32, 33}};
  std::vector<WeightedEdge> edges;
  for (auto const& [a, b] : k_edges)
    edges.push_back({a, b, 1});
  auto const labels = leiden_communities(34, edges, 1, 1);
  EXPECT_NEAR(modularity(labels, edges, 1), 0.41979, 1e-5);
  EXPECT_EQ(*std::ranges::max_element(labels), 3U);
}

TEST(Communities, AHigherResolutionGivesMoreAndTheSameSeedTheSame) {
  std::mt19937 random(test::test_seed());
  std::uniform_real_distribution<double> weight(0.1, 1);
  std::vector<WeightedEdge> edges;
  for (std::uint32_t i = 0; i < 120; ++i)
    for (std::uint32_t j = i + 1; j < 120; ++j)
      if (random() % (i % 6 == j % 6 ? 3 : 25) == 0) edges.push_back({i, j, weight(random)});
  auto const coarse = leiden_communities(120, edges, 0.2, 7), fine = leiden_communities(120, edges, 8, 7);
  EXPECT_LT(std::set(coarse.begin(), coarse.end()).size(), std::set(fine.begin(), fine.end()).size());
  EXPECT_EQ(fine, leiden_communities(120, edges, 8, 7));
  // It does no worse than all alone, where it begins, and all together.
  Labels alone(120), together(120, 0);
  for (std::size_t i = 0; i < 120; ++i)
    alone[i] = i;
  auto const found = modularity(leiden_communities(120, edges, 1, 7), edges, 1);
  for (auto const* other : {&alone, &together})
    EXPECT_GE(found, modularity(*other, edges, 1) - 1e-9);
}

TEST(Communities, NodesWithoutEdgesStayAlone) {
  EXPECT_EQ(leiden_communities(4, {}, 1, 1), (Labels{0, 1, 2, 3}));
  std::vector<WeightedEdge> const one{{1, 3, 0.5}};
  EXPECT_EQ(leiden_communities(4, one, 1, 1), (Labels{0, 1, 2, 1}));
  EXPECT_EQ(leiden_communities(0, {}, 1, 1), Labels{});
}

TEST(Communities, EndWhereTwoPartitionsAreEquallyGood) {
  // Together or alone: modularity is 0 either way at resolution 2.
  std::vector<WeightedEdge> const one{{0, 1, 1}};
  EXPECT_EQ(leiden_communities(2, one, 2, 1).size(), 2U);
}

TEST(Communities, RefusesWhatIsNoGraph) {
  auto const refused = [](WeightedEdge edge, double resolution = 1) {
    std::vector<WeightedEdge> const edges{edge};
    testing::expect_error(Kind::bad_input, "communities", [&] { leiden_communities(3, edges, resolution, 1); });
  };
  refused({1, 1, 1});
  refused({1, 3, 1});
  refused({0, 1, 0});
  refused({0, 1, -1});
  refused({0, 1, std::numeric_limits<double>::quiet_NaN()});
  refused({0, 1, 1}, 0);
  std::vector<WeightedEdge> const twice{{0, 1, 1}, {1, 0, 1}};
  testing::expect_error(Kind::bad_input, "twice", [&] { leiden_communities(3, twice, 1, 1); });
}

TEST(Communities, RenumbersByTheFirstOfEach) {
  EXPECT_EQ(renumbered(Labels{7, 3, 7, 9, 3}), (Labels{0, 1, 0, 2, 1}));
}

}  // namespace
}  // namespace jvmm::algo
