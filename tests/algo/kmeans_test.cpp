#include "algo/kmeans/kmeans.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "random_rows.hpp"
#include "support/expect_error.hpp"
#include "support/test_seed.hpp"

namespace jvmm::algo {
namespace {

using testing::expect_error;

std::span<float const> centre(KMeansResult const& result, std::size_t c, std::size_t columns) {
  return std::span(result.centres).subspan(c * columns, columns);
}

std::size_t nearest(KMeansResult const& result, std::size_t k, std::span<float const> row) {
  std::size_t best = 0;
  for (std::size_t c = 1; c < k; ++c)
    if (distance(row, centre(result, c, row.size())) < distance(row, centre(result, best, row.size()))) best = c;
  return best;
}

/// One plain step of Lloyd's from a result that has converged: labels by all distances, centres by means.
TEST(KMeans, AConvergedResultIsAFixedPointOfPlainLloyd) {
  std::mt19937_64 random(test::test_seed());
  for (int set = 0; set < 20; ++set) {
    auto const rows = random_rows(random, 300, 3 + random() % 40, Shape::unit);
    KMeansOptions options{.k = 1 + random() % 20, .seed = random()};
    auto const result = spherical_kmeans(rows.view(), options);
    ASSERT_TRUE(result.converged);
    std::vector<double> sums(result.centres.size());
    double inertia = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      EXPECT_EQ(result.labels[i], nearest(result, options.k, rows.view()[i]));
      inertia += std::pow(distance(rows.view()[i], centre(result, result.labels[i], rows.columns)), 2);
      for (std::size_t d = 0; d < rows.columns; ++d)
        sums[result.labels[i] * rows.columns + d] += static_cast<double>(rows.view()[i][d]);
    }
    EXPECT_NEAR(result.inertia, inertia, 1e-6);
    for (std::size_t c = 0; c < options.k; ++c) {
      double squares = 0;
      for (std::size_t d = 0; d < rows.columns; ++d)
        squares += std::pow(sums[c * rows.columns + d], 2);
      for (std::size_t d = 0; d < rows.columns; ++d)
        EXPECT_NEAR(result.centres[c * rows.columns + d], sums[c * rows.columns + d] / std::sqrt(squares), 1e-6);
    }
  }
}

/// Each result of m iterations, labelled plainly, is what m + 1 iterations label with bounds.
TEST(KMeans, BoundsSkipNothingThatPlainLloydWouldMove) {
  std::mt19937_64 random(test::test_seed());
  auto const rows = random_rows(random, 500, 10, Shape::unit);
  KMeansOptions options{.k = 12, .seed = random(), .restarts = 1};
  for (options.max_iterations = 1; options.max_iterations < 12; ++options.max_iterations) {
    auto const before = spherical_kmeans(rows.view(), options);
    auto next = options;
    ++next.max_iterations;
    auto const after = spherical_kmeans(rows.view(), next);
    if (before.converged) break;
    for (std::size_t i = 0; i < rows.size(); ++i)
      EXPECT_EQ(after.labels[i], nearest(before, options.k, rows.view()[i]));
  }
}

TEST(KMeans, DoesNotDependOnOrderOrThreads) {
  std::mt19937_64 random(test::test_seed());
  auto rows = random_rows(random, 400, 16, Shape::unit);
  rows.values.insert(rows.values.end(), rows.values.begin(), rows.values.begin() + 160);  // ten copies
  auto const one = spherical_kmeans(rows.view(), {.k = 9});
  auto const order = shuffled(random, rows.size());
  auto const other = spherical_kmeans(rows.permuted(order).view(), {.k = 9, .threads = 3});
  EXPECT_EQ(other.centres, one.centres);
  EXPECT_EQ(other.inertia, one.inertia);
  for (std::size_t at = 0; at < order.size(); ++at)
    EXPECT_EQ(other.labels[at], one.labels[order[at]]);
}

TEST(KMeans, EveryClusterHasARow) {
  std::mt19937_64 random(test::test_seed());
  auto const rows = random_rows(random, 40, 2, Shape::unit);
  auto const result = spherical_kmeans(rows.view(), {.k = 40});
  auto labels = result.labels;
  std::ranges::sort(labels);
  for (std::size_t c = 0; c < 40; ++c)
    EXPECT_EQ(labels[c], c);
  EXPECT_NEAR(result.inertia, 0, 1e-9);
}

TEST(KMeans, RefusesWhatCannotBeClustered) {
  std::vector<float> values = {1, 0, 0, 1, 1, 0};
  expect_error(Kind::bad_input, "2 distinct rows", [&] { spherical_kmeans({values, 2}, {.k = 3}); });
  expect_error(Kind::bad_input, "no rows", [] { spherical_kmeans({{}, 2}, {.k = 1}); });
  expect_error(Kind::usage, "k is 0", [&] { spherical_kmeans({values, 2}, {.k = 0}); });
  expect_error(Kind::usage, "restarts", [&] { spherical_kmeans({values, 2}, {.k = 1, .restarts = 0}); });
  values[2] = 0.5F;
  expect_error(Kind::bad_input, "row 1", [&] { spherical_kmeans({values, 2}, {.k = 1}); });
  values[4] = std::numeric_limits<float>::quiet_NaN();
  expect_error(Kind::bad_input, "row 2", [&] { spherical_kmeans({values, 2}, {.k = 1}); });
}

}  // namespace
}  // namespace jvmm::algo
