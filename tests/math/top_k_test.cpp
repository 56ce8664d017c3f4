#include "math/top_k.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>

namespace jvmm::math {
namespace {

using Floats = std::vector<float>;
using Best = std::vector<Scored>;
constexpr float k_nan = std::numeric_limits<float>::quiet_NaN();

TEST(TopK, BestFirstTiesByIndexNaNNever) {
  Floats const scores{1, k_nan, 3, 3, -1, 3};
  EXPECT_EQ(top_k(scores, 2), (Best{{2, 3}, {3, 3}}));
  EXPECT_EQ(top_k(scores, 99), (Best{{2, 3}, {3, 3}, {5, 3}, {0, 1}, {4, -1}}));
  EXPECT_TRUE(top_k(scores, 0).empty());
  EXPECT_TRUE(top_k({}, 3).empty());
}

TEST(TopK, AgreesWithSorting) {
  std::mt19937 random(3);
  for (int round = 0; round < 200; ++round) {
    Best all;
    Floats scores;
    for (std::size_t i = 0; i < random() % 50; ++i)
      scores.push_back(static_cast<float>(random() % 10));
    for (std::size_t i = 0; i < scores.size(); ++i)
      all.push_back({i, scores[i]});
    std::stable_sort(all.begin(), all.end(), [](auto const& a, auto const& b) { return a.score > b.score; });
    all.resize(std::min<std::size_t>(all.size(), 7));
    EXPECT_EQ(top_k(scores, 7), all);
  }
}

TEST(TopKRows, RanksByCosine) {
  Floats const rows{0, 5, 2, 0, 1, 1, 0, 0, k_nan, 1};
  auto const best = top_k_rows(Floats{1, 0}, rows, 2, 10);
  ASSERT_EQ(best.size(), 4u);
  EXPECT_EQ(best[0], (Scored{1, 1}));
  EXPECT_EQ(best[1].index, 2u);
  EXPECT_EQ(best[2], (Scored{0, 0}));
  EXPECT_EQ(best[3], (Scored{3, 0}));
  EXPECT_TRUE(top_k_rows(Floats{k_nan, 0}, rows, 2, 10).empty());
}

}  // namespace
}  // namespace jvmm::math
