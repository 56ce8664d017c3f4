#include "algo/adjusted_rand/adjusted_rand.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "support/expect_error.hpp"
#include "support/test_seed.hpp"

namespace jvmm::algo {
namespace {

using Labels = std::vector<std::size_t>;

/// By the definition over all pairs of rows.
double by_pairs(Labels const& a, Labels const& b) {
  double both = 0, in_a = 0, in_b = 0, all = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t j = i + 1; j < a.size(); ++j) {
      all += 1;
      in_a += a[i] == a[j];
      in_b += b[i] == b[j];
      both += a[i] == a[j] && b[i] == b[j];
    }
  auto const expected = in_a * in_b / all;
  return (both - expected) / ((in_a + in_b) / 2 - expected);
}

TEST(AdjustedRand, AgreesWithCountingPairs) {
  std::mt19937 random(test::test_seed());
  for (int round = 0; round < 50; ++round) {
    Labels a(60), b(60);
    for (std::size_t i = 0; i < a.size(); ++i) {
      a[i] = random() % 5;
      b[i] = random() % 2 ? a[i] : random() % 4;
    }
    EXPECT_NEAR(adjusted_rand_index(a, b), by_pairs(a, b), 1e-12);
    EXPECT_DOUBLE_EQ(adjusted_rand_index(a, b), adjusted_rand_index(b, a));
  }
}

TEST(AdjustedRand, ValuesOfAnotherImplementation) {
  // scikit-learn 1.5, sklearn.metrics.adjusted_rand_score.
  EXPECT_NEAR(adjusted_rand_index(Labels{0, 0, 1, 1}, Labels{0, 0, 1, 2}), 0.5714285714285714, 1e-12);
  EXPECT_NEAR(adjusted_rand_index(Labels{0, 0, 1, 1}, Labels{0, 1, 0, 1}), -0.5, 1e-12);
  EXPECT_DOUBLE_EQ(adjusted_rand_index(Labels{0, 0, 1, 1}, Labels{9, 9, 4, 4}), 1);
  EXPECT_DOUBLE_EQ(adjusted_rand_index(Labels{0, 0, 0, 0}, Labels{0, 1, 2, 3}), 0);
}

TEST(AdjustedRand, AWeightIsARowThatManyTimes) {
  Labels const a{0, 0, 1, 2}, b{1, 0, 1, 1};
  std::vector<double> const weights{2, 0, 3, 1};
  EXPECT_NEAR(adjusted_rand_index(a, b, weights),
              adjusted_rand_index(Labels{0, 0, 1, 1, 1, 2}, Labels{1, 1, 1, 1, 1, 1}), 1e-12);
}

TEST(AdjustedRand, DegenerateCases) {
  EXPECT_DOUBLE_EQ(adjusted_rand_index(Labels{}, Labels{}), 1);
  EXPECT_DOUBLE_EQ(adjusted_rand_index(Labels{3}, Labels{5}), 1);
  EXPECT_DOUBLE_EQ(adjusted_rand_index(Labels{0, 0}, Labels{1, 1}), 1);
  EXPECT_DOUBLE_EQ(adjusted_rand_index(Labels{0, 1}, Labels{1, 0}), 1);
  testing::expect_error(Kind::bad_input, "length", [&] { adjusted_rand_index(Labels{0}, Labels{}); });
}

}  // namespace
}  // namespace jvmm::algo
