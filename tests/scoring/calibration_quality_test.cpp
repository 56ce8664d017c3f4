#include "scoring/calibration_quality.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "scoring/calibration_cases.hpp"
#include "support/expect_error.hpp"

namespace jvmm::scoring {
namespace {

using jvmm::testing::expect_error;
using Pairs = std::vector<LabelledPair>;

Pairs random_pairs(std::uint64_t seed, std::size_t count) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> unit;
  Pairs pairs{{0.5, 1}, {0.5, 0}};
  while (pairs.size() < count)
    pairs.push_back({std::round(unit(random) * 40) / 40, unit(random) < 0.3 ? 1.0 : 0.0});
  return pairs;
}

TEST(CalibrationQuality, AgreesWithScikitLearn) {
  for (auto const& reference : reference_cases()) {
    SCOPED_TRACE(reference.name());
    EXPECT_NEAR(auc_roc(reference.pairs), reference.value("auc_roc"), 1e-12);
    EXPECT_NEAR(auc_pr(reference.pairs), reference.value("auc_pr"), 1e-12);
    auto const best = best_f1(reference.pairs);
    EXPECT_NEAR(best.f1, reference.value("f1"), 1e-12);
    EXPECT_NEAR(best.cosine, reference.value("f1_cosine"), 1e-12);
  }
}

TEST(CalibrationQuality, AucRocIsTheShareOfPairsInOrder) {
  auto const pairs = random_pairs(5, 150);
  double in_order = 0, all = 0;
  for (auto const& match : pairs)
    for (auto const& other : pairs)
      if (match.label == 1 && other.label == 0) {
        in_order += match.cosine > other.cosine ? 1 : match.cosine == other.cosine ? 0.5 : 0;
        ++all;
      }
  EXPECT_NEAR(auc_roc(pairs), in_order / all, 1e-12);
}

TEST(CalibrationQuality, AGradedLabelIsThatMuchOfAMatch) {
  Pairs graded, split;
  std::mt19937_64 random(8);
  for (int i = 0; i < 60; ++i) {
    double const cosine = static_cast<double>(random() % 100) / 100;
    int const fourths = static_cast<int>(random() % 5);
    graded.push_back({cosine, fourths / 4.0});
    for (int k = 0; k < 4; ++k)
      split.push_back({cosine, k < fourths ? 1.0 : 0.0});
  }
  EXPECT_NEAR(auc_roc(graded), auc_roc(split), 1e-12);
  EXPECT_NEAR(auc_pr(graded), auc_pr(split), 1e-12);
  EXPECT_NEAR(best_f1(graded).f1, best_f1(split).f1, 1e-12);
}

TEST(CalibrationQuality, ReliabilityIsExactWhereTheScoreIsTheProbability) {
  // Half the pairs at 0.2 and 0.8; of the former 20 % match, of the latter 80 %: balanced, and just what 10 × cosine
  // says.
  Pairs pairs;
  for (int i = 0; i < 100; ++i) {
    pairs.push_back({0.2, i < 20 ? 1.0 : 0.0});
    pairs.push_back({0.8, i < 80 ? 1.0 : 0.0});
  }
  SimilarityMap const line{{{0, 0}, {1, 10}}};
  auto const exact = reliability(pairs, line);
  EXPECT_NEAR(exact.error, 0, 1e-12);
  ASSERT_EQ(exact.bins.size(), 2u);
  EXPECT_NEAR(exact.bins[0].mean_score, 2, 1e-12);
  EXPECT_NEAR(exact.bins[1].matches, 0.8, 1e-12);
  EXPECT_EQ(exact.bins[1].pairs, 100u);
  auto const overconfident = reliability(pairs, {{{0.2, 0}, {0.8, 10}}});
  EXPECT_NEAR(overconfident.error, 0.2, 1e-12);
  EXPECT_EQ(overconfident.bins.back().to, 10);
}

TEST(CalibrationQuality, ReliabilityDoesNotDependOnHowManyOfEitherSortThereAre) {
  auto const pairs = random_pairs(6, 200);
  auto more = pairs;
  for (auto const& pair : pairs)
    if (pair.label == 0) more.insert(more.end(), 9, pair);
  SimilarityMap const line{{{0, 0}, {1, 10}}};
  EXPECT_NEAR(reliability(pairs, line).error, reliability(more, line).error, 1e-12);
}

TEST(CalibrationQuality, IntervalsHoldTheValueAndRepeatBySeed) {
  auto const pairs = random_pairs(7, 300);
  SimilarityMap const line{{{0, 0}, {1, 10}}};
  auto const first = measure(pairs, line, 1), again = measure(pairs, line, 1), other = measure(pairs, line, 2);
  EXPECT_LT(first.auc_roc.low, first.auc_roc.value);
  EXPECT_GT(first.auc_roc.high, first.auc_roc.value);
  EXPECT_LT(first.auc_roc.high - first.auc_roc.low, 0.25);
  EXPECT_EQ(first.auc_roc.low, again.auc_roc.low);
  EXPECT_EQ(first.auc_pr.high, again.auc_pr.high);
  EXPECT_NE(first.auc_roc.low, other.auc_roc.low);
  EXPECT_EQ(first.matches + first.others, pairs.size());
}

TEST(CalibrationQuality, RefusesWhatSaysNothing) {
  double const nan = std::numeric_limits<double>::quiet_NaN();
  expect_error(Kind::bad_input, "every labelled pair is a match", [] { (void)auc_roc(Pairs{{0.1, 1}, {0.2, 1}}); });
  expect_error(Kind::bad_input, "no labelled pair is a match", [] { (void)auc_pr(Pairs{{0.1, 0}}); });
  expect_error(Kind::bad_input, "no labelled pair is a match", [] { (void)best_f1(Pairs{}); });
  expect_error(Kind::bad_input, "finite", [&] { (void)auc_roc(Pairs{{nan, 1}, {0.2, 0}}); });
  expect_error(Kind::bad_input, "0..1", [&] { (void)auc_roc(Pairs{{0.1, nan}, {0.2, 0}}); });
  expect_error(Kind::bad_input, "0..1", [] { (void)auc_roc(Pairs{{0.1, 1.5}, {0.2, 0}}); });
}

}  // namespace
}  // namespace jvmm::scoring
