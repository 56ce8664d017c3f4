#include "algo/folds/stratified_folds.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "support/expect_error.hpp"
#include "support/test_seed.hpp"

namespace jvmm::algo {
namespace {

using testing::expect_error;

using Labels = std::vector<std::vector<std::size_t>>;

/// How many rows of a label are in each fold; without a label, how many rows.
std::vector<int> shares(Labels const& labels, std::vector<std::size_t> const& folds, std::size_t count,
                        std::optional<std::size_t> label = {}) {
  std::vector<int> out(count);
  for (std::size_t i = 0; i < folds.size(); ++i)
    if (!label || std::count(labels[i].begin(), labels[i].end(), *label) > 0) ++out.at(folds[i]);
  return out;
}

int spread(std::vector<int> const& counts) {
  auto const [low, high] = std::minmax_element(counts.begin(), counts.end());
  return *high - *low;
}

TEST(StratifiedFolds, OneLabelARowIsSplitEvenlyToTheRow) {
  std::mt19937_64 random(test::test_seed());
  for (int round = 0; round < 20; ++round) {
    std::size_t const folds = 2 + random() % 6, classes = 1 + random() % 9;
    Labels labels(folds + random() % 200);
    for (auto& row : labels)
      row = {std::min(random() % classes, random() % classes)};
    auto const dealt = stratified_folds(labels, classes, folds, random());
    for (std::size_t label = 0; label < classes; ++label)
      EXPECT_LE(spread(shares(labels, dealt, folds, label)), 1);
    EXPECT_LE(spread(shares(labels, dealt, folds)), 1);
  }
}

TEST(StratifiedFolds, RareLabelsOfManyReachEveryFold) {
  std::mt19937_64 random(test::test_seed());
  Labels labels(150);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    for (std::size_t label = 0; label < 6; ++label)
      if (random() % (2 + 3 * label) == 0) labels[i].push_back(label);
    if (i % 15 == 0) labels[i].push_back(6);  // ten rows
  }
  auto const dealt = stratified_folds(labels, 7, 5, 1);
  EXPECT_EQ(shares(labels, dealt, 5, 6), (std::vector<int>{2, 2, 2, 2, 2}));
  for (std::size_t label = 0; label < 6; ++label)
    EXPECT_LE(spread(shares(labels, dealt, 5, label)), 3) << label;
  EXPECT_LE(spread(shares(labels, dealt, 5)), 6);
}

TEST(StratifiedFolds, DuplicatesStayTogether) {
  Labels labels;
  std::vector<std::size_t> groups;
  for (std::size_t i = 0; i < 60; ++i) {
    labels.push_back({i % 3});
    groups.push_back(i / 2);
  }
  auto const dealt = stratified_folds(labels, 3, 4, 9, groups);
  for (std::size_t i = 0; i < 60; i += 2)
    EXPECT_EQ(dealt[i], dealt[i + 1]);
  EXPECT_LE(spread(shares(labels, dealt, 4)), 4);
}

TEST(StratifiedFolds, TheSeedAloneDecides) {
  Labels const labels(50, {0});
  EXPECT_EQ(stratified_folds(labels, 1, 5, 1), stratified_folds(labels, 1, 5, 1));
  EXPECT_NE(stratified_folds(labels, 1, 5, 1), stratified_folds(labels, 1, 5, 2));
}

TEST(StratifiedFolds, RowsWithoutALabelAndLabelsWithoutARowAreFine) {
  Labels labels(10);
  labels[0] = {3};
  auto const dealt = stratified_folds(labels, 5, 5, 1);
  EXPECT_EQ(shares(labels, dealt, 5), (std::vector<int>{2, 2, 2, 2, 2}));
}

TEST(StratifiedFolds, RefusesMoreFoldsThanRows) {
  Labels const labels(4, {0});
  expect_error(Kind::bad_input, "4 different rows", [&] { stratified_folds(labels, 1, 5, 1); });
  expect_error(Kind::bad_input, "1 different rows",
               [&] { stratified_folds(labels, 1, 2, 1, std::vector<std::size_t>(4)); });
  expect_error(Kind::bad_input, "", [&] { stratified_folds(labels, 1, 1, 1); });
  expect_error(Kind::bad_input, "", [&] { stratified_folds({}, 1, 2, 1); });
  expect_error(Kind::bad_input, "", [&] { stratified_folds(labels, 0, 2, 1); });
}

}  // namespace
}  // namespace jvmm::algo
