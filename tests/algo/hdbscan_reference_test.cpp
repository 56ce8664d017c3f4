#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "algo/hdbscan/hdbscan.hpp"
#include "json/parse.hpp"
#include "json/ref.hpp"

namespace jvmm::algo {
namespace {

std::vector<double> numbers(json::Ref const& list) {
  std::vector<double> out;
  for (auto const& one : list.items())
    out.push_back(one.number());
  return out;
}

/// Equal up to the clusters' names, but for the rows `between` two clusters, which may be noise here.
void expect_same_groups(std::vector<int> const& ours, std::vector<double> const& theirs,
                        std::vector<bool> const& between) {
  std::map<int, int> of_theirs, of_ours;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    int const label = static_cast<int>(theirs[i]);
    if (between[i]) continue;
    EXPECT_EQ(of_theirs.emplace(label, ours[i]).first->second, ours[i]) << "row " << i;
    EXPECT_EQ(of_ours.emplace(ours[i], label).first->second, label) << "row " << i;
    EXPECT_EQ(label < 0, ours[i] < 0) << "row " << i;
  }
}

void compare(json::Ref const& one) {
  std::vector<float> x;
  for (double const value : numbers(one["x"]))
    x.push_back(static_cast<float>(value));
  HdbscanOptions const options{.min_cluster_size = one["min_cluster_size"].size_value(),
                               .min_samples = one["min_samples"].size_value(),
                               .selection = one["selection"].string() == "leaf" ? Selection::leaf : Selection::eom};
  auto const result = hdbscan({x, one["columns"].size_value()}, options);
  std::vector<bool> between;
  for (auto const& flag : one["between"].items())
    between.push_back(flag.boolean());
  auto const lambdas = numbers(one["lambdas"]);
  for (auto const& edge : result.tree.edges)
    if (edge.child < result.tree.rows) {
      EXPECT_NEAR(edge.lambda, lambdas[edge.child], 1e-6 * lambdas[edge.child]) << "row " << edge.child;
    }
  if (one["tied"].boolean()) return;  // their clusters depend on the order of equal edges
  expect_same_groups(result.labels, numbers(one["labels"]), between);
  expect_same_groups(result.labels, numbers(one["sklearn_labels"]), between);

  auto const outliers = numbers(one["outliers"]);
  auto const probabilities = numbers(one["probabilities"]), other = numbers(one["sklearn_probabilities"]);
  std::vector<std::pair<double, double>> clusters, expected;
  for (auto const& edge : result.tree.edges) {
    if (edge.child >= result.tree.rows) {
      clusters.emplace_back(edge.lambda, static_cast<double>(edge.size));
      continue;
    }
    if (between[edge.child]) continue;
    EXPECT_NEAR(result.probabilities[edge.child], probabilities[edge.child], 1e-6) << "row " << edge.child;
    EXPECT_NEAR(result.probabilities[edge.child], other[edge.child], 1e-6) << "row " << edge.child;
    EXPECT_NEAR(result.outliers[edge.child], outliers[edge.child], 1e-6) << "row " << edge.child;
  }
  for (auto const& pair : one["clusters"].items())
    expected.emplace_back(numbers(pair)[1], numbers(pair)[0]);
  std::ranges::sort(clusters);
  std::ranges::sort(expected);
  ASSERT_EQ(clusters.size(), expected.size());
  for (std::size_t c = 0; c < clusters.size(); ++c)
    EXPECT_NEAR(clusters[c].first, expected[c].first, 1e-6 * expected[c].first);
}

TEST(HdbscanReference, StoredCasesOfHdbscanAndScikitLearn) {
  auto const document = json::parse_file(JVMM_SOURCE_DIR "/tests/data/hdbscan/cases.json");
  std::size_t count = 0, tied = 0;
  for (auto const& one : json::Ref(document, "cases.json")["cases"].items()) {
    SCOPED_TRACE(one["name"].string());
    compare(one);
    ++count;
    tied += one["tied"].boolean() ? 1 : 0;
  }
  EXPECT_EQ(count, 9U);
  EXPECT_EQ(tied, 1U);
}

}  // namespace
}  // namespace jvmm::algo
