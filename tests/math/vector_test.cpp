#include "math/vector.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace jvmm::math {
namespace {

using Floats = std::vector<float>;

TEST(Vector, KnownValues) {
  Floats const a{3, 4}, b{4, -3}, c{6, 8};
  EXPECT_EQ(dot(a, c), 50);
  EXPECT_EQ(norm(a), 5);
  EXPECT_EQ(cosine(a, b), 0);
  EXPECT_FLOAT_EQ(cosine(a, c), 1);
}

TEST(Vector, ZeroAndEmptyAreStatedCases) {
  Floats zero{0, 0}, a{1, 2}, none;
  EXPECT_EQ(cosine(zero, a), 0);
  EXPECT_EQ(cosine(none, none), 0);
  EXPECT_FALSE(normalise(zero));
  EXPECT_EQ(zero, (Floats{0, 0}));
  EXPECT_FALSE(normalise(none));
}

TEST(Vector, NormalisesInPlace) {
  Floats a{3, 4};
  EXPECT_TRUE(normalise(a));
  EXPECT_FLOAT_EQ(a[0], 0.6F);
  EXPECT_FLOAT_EQ(norm(a), 1);
}

TEST(Vector, NotANumberShows) {
  float const nan = std::numeric_limits<float>::quiet_NaN();
  Floats a{1, nan}, b{1, 1};
  EXPECT_TRUE(std::isnan(dot(a, b)));
  EXPECT_TRUE(std::isnan(cosine(a, b)));
  EXPECT_FALSE(normalise(a));
  EXPECT_FALSE(all_finite(a));
  EXPECT_FALSE(all_finite(Floats{std::numeric_limits<float>::infinity()}));
  EXPECT_TRUE(all_finite(b));
}

// The order of summation that the header promises, written down once more: 16 lanes, halved until one is left.
double dot_in_order(Floats const& a, Floats const& b) {
  auto const whole = a.size() / 16 * 16;
  std::vector<double> sums(16);
  for (std::size_t i = 0; i < whole; ++i)
    sums[i % 16] += double{a[i]} * double{b[i]};
  for (std::size_t half = 8; half > 0; half /= 2)
    for (std::size_t i = 0; i < half; ++i)
      sums[i] += sums[i + half];
  for (std::size_t i = whole; i < a.size(); ++i)
    sums[0] += double{a[i]} * double{b[i]};
  return sums[0];
}

TEST(Vector, DotInDoubleAddsUpInOneOrderOnEveryProcessor) {
  std::mt19937 random(1);
  std::normal_distribution<float> normal;
  for (std::size_t size = 0; size < 400; ++size) {
    Floats a(size), b(size);
    for (auto* vector : {&a, &b})
      for (auto& x : *vector)
        x = normal(random) * std::pow(10.F, static_cast<float>(random() % 9));
    EXPECT_EQ(dot_double(a, b), dot_in_order(a, b)) << size;
  }
}

}  // namespace
}  // namespace jvmm::math
