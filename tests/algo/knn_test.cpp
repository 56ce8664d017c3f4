#include "algo/knn/knn.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "random_rows.hpp"
#include "support/expect_error.hpp"
#include "support/test_seed.hpp"

namespace jvmm::algo {
namespace {

using testing::expect_error;

std::vector<Neighbour> sorted_others(FloatRows const& rows, std::size_t self) {
  std::vector<Neighbour> out;
  for (std::size_t j = 0; j < rows.size(); ++j)
    if (j != self) out.push_back({j, distance(rows[self], rows[j])});
  std::ranges::stable_sort(out, {}, &Neighbour::distance);
  return out;
}

TEST(Knn, EqualsSortingAllOthers) {
  std::mt19937_64 random(test::test_seed());
  for (auto const shape : {Shape::plane, Shape::grid, Shape::unit, Shape::grid}) {
    auto const rows = random_rows(random, 1100 + random() % 100, shape == Shape::unit ? 60 : 3, shape);
    std::size_t const k = 1 + random() % 40;
    auto const found = nearest_rows(rows.view(), {k, 2});
    EXPECT_EQ(found.all, nearest_rows(rows.view(), {k, 1}).all);
    for (std::size_t i = 0; i < rows.size(); i += 7) {
      auto expected = sorted_others(rows.view(), i);
      expected.resize(k);
      EXPECT_THAT(found.of(i), ::testing::ElementsAreArray(expected));
    }
  }
}

TEST(Knn, FarFromTheOriginStaysExact) {
  std::mt19937_64 random(test::test_seed());
  auto rows = random_rows(random, 200, 2, Shape::plane);
  for (auto& value : rows.values)
    value += 1e5F;
  auto const found = nearest_rows(rows.view(), {5, 1});
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto expected = sorted_others(rows.view(), i);
    expected.resize(5);
    EXPECT_THAT(found.of(i), ::testing::ElementsAreArray(expected));
  }
}

TEST(Knn, DistanceIsThePlainOne) {
  std::mt19937_64 random(test::test_seed());
  for (std::size_t columns : {1U, 7U, 8U, 19U, 384U}) {
    auto const rows = random_rows(random, 2, columns, Shape::plane);
    double sum = 0;
    for (std::size_t d = 0; d < columns; ++d) {
      double const x = rows.values[d], y = rows.values[columns + d];
      sum += (x - y) * (x - y);
    }
    EXPECT_NEAR(distance(rows.view()[0], rows.view()[1]), std::sqrt(sum), 1e-12 * (1 + std::sqrt(sum)));
    EXPECT_EQ(distance(rows.view()[0], rows.view()[1]), distance(rows.view()[1], rows.view()[0]));
  }
}

TEST(Knn, RefusesMoreNeighboursThanRows) {
  std::vector<float> const values(6);
  expect_error(Kind::bad_input, "not k = 3", [&] { nearest_rows({values, 2}, {3, 1}); });
  expect_error(Kind::bad_input, "no rows", [&] { nearest_rows({{}, 2}, {3, 1}); });
  expect_error(Kind::usage, "k is 0", [&] { nearest_rows({values, 2}, {0, 1}); });
}

}  // namespace
}  // namespace jvmm::algo
