#include "algo/pca/pca.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "base/error.hpp"
#include "support/test_seed.hpp"

namespace jvmm::algo {
namespace {

double distance(std::vector<double> const& points, std::size_t axes, std::size_t a, std::size_t b) {
  double sum = 0;
  for (std::size_t k = 0; k < axes; ++k)
    sum += std::pow(points[a * axes + k] - points[b * axes + k], 2);
  return std::sqrt(sum);
}

TEST(PrincipalCoordinates, OfPointsOnALineAreTheirPlacesOnIt) {
  std::vector<float> const line{1, 2, 2, 4, 3, 6, 4, 8};  // (1,2) times 1 to 4
  auto const found = principal_coordinates(line, 2, 2);
  double const step = std::sqrt(5.0);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(std::abs(found.points[2 * i]), std::abs(static_cast<double>(i) - 1.5) * step, 1e-9);
    EXPECT_NEAR(found.points[2 * i + 1], 0, 1e-6);
  }
  EXPECT_NEAR(found.shares[0], 1, 1e-12);
  EXPECT_EQ(found.shares[1], 0);
}

TEST(PrincipalCoordinates, OfAllAxesKeepDistancesAndAddUp) {
  std::mt19937 random(test::test_seed());
  std::normal_distribution<float> normal;
  std::vector<float> matrix(7 * 12);
  for (auto& number : matrix)
    number = normal(random);
  auto const found = principal_coordinates(matrix, 12, 7);
  double sum = 0;
  for (std::size_t k = 0; k < 7; ++k) {
    sum += found.shares[k];
    if (k > 0) {
      EXPECT_LE(found.shares[k], found.shares[k - 1] + 1e-12);
    }
  }
  EXPECT_NEAR(sum, 1, 1e-9);
  for (std::size_t a = 0; a < 7; ++a)
    for (std::size_t b = 0; b < a; ++b) {
      double expected = 0;
      for (std::size_t k = 0; k < 12; ++k)
        expected += std::pow(double{matrix[a * 12 + k]} - double{matrix[b * 12 + k]}, 2);
      EXPECT_NEAR(distance(found.points, 7, a, b), std::sqrt(expected), 1e-6);
    }
}

TEST(PrincipalCoordinates, DoNotFlipWithTheSignOfTheData) {
  std::vector<float> const points{0, 0, 3, 1, 1, 5, 9, 2};
  auto const once = principal_coordinates(points, 2, 2);
  for (std::size_t axis = 0; axis < 2; ++axis) {
    double largest = 0;
    for (std::size_t row = 0; row < 4; ++row)
      if (std::abs(once.points[2 * row + axis]) > std::abs(largest)) largest = once.points[2 * row + axis];
    EXPECT_GT(largest, 0);
  }
}

TEST(PrincipalCoordinates, OfNothingOneOrEqualPointsAreZero) {
  EXPECT_TRUE(principal_coordinates({}, 3, 2).points.empty());
  EXPECT_EQ(principal_coordinates(std::vector<float>{1, 2, 3}, 3, 2).points, (std::vector<double>{0, 0}));
  auto const equal = principal_coordinates(std::vector<float>{1, 2, 1, 2, 1, 2}, 2, 2);
  EXPECT_EQ(equal.points, std::vector<double>(6, 0.0));
}

TEST(PrincipalCoordinates, RefuseWhatIsNoMatrixOfNumbers) {
  EXPECT_THROW(principal_coordinates(std::vector<float>{1, 2, 3}, 2, 2), Error);
  EXPECT_THROW(principal_coordinates(std::vector<float>{1, 2}, 0, 2), Error);
  EXPECT_THROW(principal_coordinates(std::vector<float>{1, std::numeric_limits<float>::quiet_NaN()}, 2, 2), Error);
}

}  // namespace
}  // namespace jvmm::algo
