#include "math/products.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "support/test_seed.hpp"

namespace jvmm::math {
namespace {

std::vector<float> random_rows(std::mt19937& random, std::size_t count) {
  std::normal_distribution<float> normal;
  std::vector<float> out(count);
  for (auto& x : out)
    x = normal(random);
  return out;
}

// The sum as the header defines it.
float defined(float const* a, float const* b, std::size_t dims) {
  float lanes[16] = {};
  for (std::size_t i = 0; i < dims; ++i)
    lanes[i % 16] = std::fma(a[i], b[i], lanes[i % 16]);
  for (std::size_t half = 8; half > 0; half /= 2)
    for (std::size_t lane = 0; lane < half; ++lane)
      lanes[lane] += lanes[lane + half];
  return lanes[0];
}

TEST(ExactProducts, AreTheDefinedSumForAnyShape) {
  auto const seed = test::test_seed();
  SCOPED_TRACE(testing::Message() << "JVMM_TEST_SEED=" << seed);
  std::mt19937 random(seed);
  for (auto const dims : {1UL, 15UL, 16UL, 17UL, 48UL, 384UL, 1030UL})
    for (auto const a_rows : {1UL, 2UL, 3UL, 4UL, 5UL, 67UL})
      for (auto const b_rows : {1UL, 3UL, 4UL, 7UL, 66UL, 130UL}) {
        auto const a = random_rows(random, a_rows * dims), b = random_rows(random, b_rows * dims);
        std::vector<float const*> rows;
        for (std::size_t i = 0; i < a_rows; ++i)
          rows.push_back(a.data() + i * dims);
        std::vector<float> out(a_rows * (b_rows + 2), 99);
        exact_products(rows, {b.data(), b_rows, dims}, dims, out.data(), b_rows + 2);
        for (std::size_t i = 0; i < a_rows; ++i) {
          for (std::size_t s = 0; s < b_rows; ++s)
            ASSERT_EQ(out[i * (b_rows + 2) + s], defined(rows[i], b.data() + s * dims, dims))
                << dims << " " << a_rows << "x" << b_rows << " at " << i << "," << s;
          ASSERT_EQ(out[i * (b_rows + 2) + b_rows], 99);
        }
      }
}

TEST(ExactProducts, OfNothingAreNothing) {
  float out = 7;
  exact_products({}, {&out, 1, 1}, 1, &out, 1);
  float const one = 1;
  float const* const row = &one;
  exact_products({&row, 1}, {&out, 0, 1}, 1, &out, 0);
  EXPECT_EQ(out, 7);
}

}  // namespace
}  // namespace jvmm::math
