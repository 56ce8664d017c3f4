#include "algo/hdbscan/hdbscan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "hdbscan_oracle.hpp"
#include "random_rows.hpp"
#include "support/expect_error.hpp"
#include "support/test_seed.hpp"

namespace jvmm::algo {
namespace {

using testing::expect_error;

void expect_near(std::vector<double> const& a, std::vector<double> const& b, char const* what) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i)
    EXPECT_TRUE(a[i] == b[i] || std::abs(a[i] - b[i]) <= 1e-9 * std::max(1.0, std::abs(a[i])))
        << what << " of row " << i << ": " << a[i] << ", " << b[i];
}

void expect_equal(oracle::Result const& ours, oracle::Result const& slow) {
  EXPECT_EQ(ours.lambdas, slow.lambdas);
  EXPECT_EQ(ours.homes, slow.homes);
  EXPECT_EQ(ours.groups, slow.groups);
  expect_near(ours.probabilities, slow.probabilities, "probability");
  expect_near(ours.outliers, slow.outliers, "outlier score");
  ASSERT_EQ(ours.clusters.size(), slow.clusters.size());
  for (std::size_t c = 0; c < slow.clusters.size(); ++c) {
    EXPECT_EQ(ours.clusters[c].rows, slow.clusters[c].rows);
    EXPECT_EQ(ours.clusters[c].birth, slow.clusters[c].birth);
    EXPECT_EQ(ours.clusters[c].selected, slow.clusters[c].selected);
    expect_near({ours.clusters[c].stability}, {slow.clusters[c].stability}, "stability");
  }
}

TEST(Hdbscan, EqualsTheDefinitionOnRandomSets) {
  auto const seed = test::test_seed();
  std::mt19937_64 random(seed);
  for (int set = 0; set < 200; ++set) {
    SCOPED_TRACE("JVMM_TEST_SEED=" + std::to_string(seed) + ", set " + std::to_string(set));
    auto const shape = static_cast<Shape>(set % 3);
    auto const rows =
        random_rows(random, 12 + random() % 80, shape == Shape::unit ? 20 + random() % 50 : 1 + random() % 4, shape);
    HdbscanOptions options;
    options.min_cluster_size = 2 + random() % 6;
    options.min_samples = 1 + random() % 8;
    options.neighbours = 1 + random() % 12;  // few, so that the search beyond them is needed
    options.selection = set % 2 ? Selection::leaf : Selection::eom;
    expect_equal(oracle::summary(hdbscan(rows.view(), options)), oracle::hdbscan(rows.view(), options));
    if (::testing::Test::HasFailure()) return;
  }
}

TEST(Hdbscan, DoesNotDependOnOrderThreadsOrNeighbours) {
  std::mt19937_64 random(test::test_seed());
  for (auto const shape : {Shape::plane, Shape::grid, Shape::unit}) {
    auto const rows = random_rows(random, 400, shape == Shape::unit ? 100 : 2, shape);
    HdbscanOptions options;
    auto const one = hdbscan(rows.view(), options);
    auto const order = shuffled(random, rows.size());
    options.threads = 3;
    options.neighbours = 7;
    auto const other = hdbscan(rows.permuted(order).view(), options);
    EXPECT_EQ(other.stabilities, one.stabilities);
    EXPECT_EQ(other.selected, one.selected);
    for (std::size_t at = 0; at < order.size(); ++at) {
      EXPECT_EQ(other.labels[at], one.labels[order[at]]);
      EXPECT_EQ(other.probabilities[at], one.probabilities[order[at]]);
      EXPECT_EQ(other.outliers[at], one.outliers[order[at]]);
    }
    ASSERT_EQ(other.tree.edges.size(), one.tree.edges.size());
    for (std::size_t e = 0; e < one.tree.edges.size(); ++e) {
      EXPECT_EQ(other.tree.edges[e].parent, one.tree.edges[e].parent);
      EXPECT_EQ(other.tree.edges[e].lambda, one.tree.edges[e].lambda);
      EXPECT_EQ(other.tree.edges[e].size, one.tree.edges[e].size);
    }
  }
}

TEST(Hdbscan, SpanningTreeIsAsLightAsPrims) {
  std::mt19937_64 random(test::test_seed());
  auto const rows = random_rows(random, 300, 30, Shape::unit);
  std::vector<double> const core(rows.size());
  auto const tree = minimum_spanning_tree(rows.view(), core, nearest_rows(rows.view(), {.k = 2}), 2);
  std::vector<double> near(rows.size(), std::numeric_limits<double>::infinity()), prim, ours;
  std::vector<bool> in(rows.size());
  for (std::size_t last = 0; prim.size() + 1 < rows.size();) {
    in[last] = true;
    std::size_t next = rows.size();
    for (std::size_t j = 0; j < rows.size(); ++j) {
      if (in[j]) continue;
      near[j] = std::min(near[j], distance(rows.view()[last], rows.view()[j]));
      if (next == rows.size() || near[j] < near[next]) next = j;
    }
    prim.push_back(near[next]);
    last = next;
  }
  for (auto const& edge : tree)
    ours.push_back(edge.weight);
  std::ranges::sort(prim);
  std::ranges::sort(ours);
  EXPECT_EQ(ours, prim);
}

TEST(Hdbscan, CopiesByTheThousand) {
  OwnedRows rows{{}, 2};
  for (int i = 0; i < 3000; ++i)
    rows.values.insert(rows.values.end(), {static_cast<float>(i % 2), 0.0F});
  rows.values.insert(rows.values.end(), {9, 9});
  auto const result = hdbscan(rows.view());
  EXPECT_EQ(result.clusters, 2U);
  EXPECT_NE(result.labels[0], result.labels[1]);
  EXPECT_EQ(result.labels[0], result.labels[2]);
  EXPECT_EQ(result.labels[3000], -1);
  EXPECT_EQ(result.probabilities[0], 1);
  EXPECT_EQ(result.outliers[0], 0);
  EXPECT_GT(result.outliers[3000], 0.9);
}

TEST(Hdbscan, AllEqualIsNoCluster) {
  OwnedRows const rows{std::vector<float>(600, 0.5F), 3};
  auto const result = hdbscan(rows.view());
  EXPECT_EQ(result.clusters, 0U);
  EXPECT_THAT(result.labels, ::testing::Each(-1));
  EXPECT_THAT(result.outliers, ::testing::Each(0));
}

TEST(Hdbscan, RefusesWhatCannotBeClustered) {
  std::vector<float> values(20, 1);
  expect_error(Kind::bad_input, "no rows", [] { hdbscan({{}, 3}); });
  expect_error(Kind::bad_input, "1 row", [&] { hdbscan({std::span(values).first(2), 2}); });
  expect_error(Kind::bad_input, "min_samples = 5", [&] { hdbscan({std::span(values).first(10), 2}); });
  expect_error(Kind::bad_input, "whole rows", [&] { hdbscan({values, 3}); });
  expect_error(Kind::usage, "min_cluster_size 1", [&] { hdbscan({values, 2}, {.min_cluster_size = 1}); });
  expect_error(Kind::usage, "0 threads", [&] { hdbscan({values, 2}, {.threads = 0}); });
  values[15] = std::numeric_limits<float>::quiet_NaN();
  expect_error(Kind::bad_input, "row 7", [&] { hdbscan({values, 2}); });
  values[15] = std::numeric_limits<float>::infinity();
  expect_error(Kind::bad_input, "row 7", [&] { hdbscan({values, 2}); });
  values[15] = 1e20F;
  expect_error(Kind::bad_input, "row 7", [&] { hdbscan({values, 2}); });
}

}  // namespace
}  // namespace jvmm::algo
