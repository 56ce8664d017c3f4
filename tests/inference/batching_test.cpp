#include "inference/batching.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace jvmm::inference {
namespace {

using Batches = std::vector<std::vector<std::size_t>>;

TEST(PlanBatches, LongestFirstEqualLengthsInOrder) {
  std::vector<std::size_t> const lengths{3, 9, 3, 9, 3};
  EXPECT_EQ(plan_batches(lengths, {100, 64, 0.1}), (Batches{{1, 3}, {0, 2, 4}}));
  EXPECT_EQ(plan_batches(lengths, {100, 64, 1.0}), (Batches{{1, 3, 0, 2, 4}}));
  EXPECT_EQ(plan_batches(lengths, {6, 64, 0.1}), (Batches{{1}, {3}, {0, 2}, {4}}));
  EXPECT_EQ(plan_batches(lengths, {100, 2, 0.1}), (Batches{{1, 3}, {0, 2}, {4}}));
  EXPECT_EQ(plan_batches({}, {}), Batches{});
}

TEST(PlanBatches, KeepsEveryRowOnceAndTheLimits) {
  std::mt19937 random(5);
  for (int round = 0; round < 100; ++round) {
    std::vector<std::size_t> lengths(random() % 300);
    for (auto& length : lengths)
      length = 2 + random() % 80;
    BatchLimits const limits{200 + random() % 1000, 1 + random() % 40, 0.1};
    std::vector<int> seen(lengths.size());
    for (auto const& batch : plan_batches(lengths, limits)) {
      std::size_t longest = 0, total = 0;
      for (auto row : batch) {
        ++seen[row];
        longest = std::max(longest, lengths[row]);
        total += lengths[row];
      }
      auto const padded = longest * batch.size();
      EXPECT_LE(batch.size(), limits.max_rows);
      EXPECT_LE(padded, limits.max_tokens);
      EXPECT_LE(static_cast<double>(padded - total), limits.max_padding * static_cast<double>(padded));
    }
    EXPECT_EQ(std::count(seen.begin(), seen.end(), 1), static_cast<std::ptrdiff_t>(seen.size()));
  }
}

}  // namespace
}  // namespace jvmm::inference
