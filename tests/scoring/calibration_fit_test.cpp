#include "scoring/calibration_fit.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "scoring/calibration_cases.hpp"
#include "support/expect_error.hpp"

namespace jvmm::scoring {
namespace {

using jvmm::testing::expect_error;
using Pairs = std::vector<LabelledPair>;

double score_of_probability(double p) {
  return std::clamp((p - 0.4) / 0.4 * 10, 0.0, 10.0);
}

TEST(FitLabelled, FollowsIsotonicRegressionOfScikitLearn) {
  for (auto const& reference : reference_cases()) {
    if (reference.name() != "mixed" && reference.name() != "ties") continue;
    SCOPED_TRACE(reference.name());
    auto const map = fit_labelled(reference.pairs);
    for (auto const& point : reference.at("isotonic").items()) {
      double const cosine = point["cosine"].number(), expected = score_of_probability(point["probability"].number());
      // Bins and lines in place of its steps: close in between, the same far out.
      EXPECT_NEAR(map(cosine), expected, cosine < 0.1 || cosine > 0.5 ? 0.01 : 2.5) << cosine;
    }
  }
}

TEST(FitLabelled, FindsTheProbabilityThatPairsWereMadeWith) {
  // Normal cosines of equal spread: the odds are exp((c - 0.325) × 0.35 / 0.0225), a closed form.
  std::mt19937_64 random(9);
  std::normal_distribution<double> match(0.5, 0.15), other(0.15, 0.15);
  Pairs pairs;
  for (int i = 0; i < 40000; ++i)
    pairs.push_back(i % 8 == 0 ? LabelledPair{match(random), 1} : LabelledPair{other(random), 0});
  auto const map = fit_labelled(pairs);
  for (double cosine = -0.1; cosine < 0.8; cosine += 0.02) {
    double const odds = std::exp((cosine - 0.325) * 0.35 / 0.0225);
    EXPECT_NEAR(map(cosine), score_of_probability(odds / (1 + odds)), 1.2) << cosine;  // most at the corners
  }
}

TEST(FitLabelled, IsMonotoneWithFewKnotsWhateverThePairs) {
  std::mt19937_64 random(3);
  std::normal_distribution<double> normal;
  for (int round = 0; round < 200; ++round) {
    Pairs pairs;
    double const shift = normal(random) * 0.2;
    for (std::size_t i = 0, n = 30 + random() % 300; i < n; ++i) {
      bool const match = i % 3 == 0;
      pairs.push_back({0.3 + normal(random) * 0.15 + (match ? shift : 0), match ? 1.0 : 0.0});
    }
    auto const map = fit_labelled(pairs);
    EXPECT_EQ(map.problem(), std::nullopt);
    EXPECT_LE(map.knots.size(), k_most_knots);
  }
}

TEST(FitLabelled, DoesNotDependOnHowManyOfEitherSortThereAre) {
  auto const pairs = reference_cases()[1].pairs;
  auto more = pairs;
  for (auto const& pair : pairs)
    if (pair.label == 0) more.insert(more.end(), 4, pair);
  auto const map = fit_labelled(pairs), same = fit_labelled(more);
  for (double cosine = -0.2; cosine < 0.9; cosine += 0.01)
    EXPECT_NEAR(map(cosine), same(cosine), 0.5) << cosine;
}

TEST(FitLabelled, LabelsThatGoTheOtherWayGiveALevelMap) {
  auto const map = fit_labelled(reference_cases()[3].pairs);
  EXPECT_EQ(map.knots.size(), 1u);
  EXPECT_NEAR(map(0.9), score_of_probability(0.5), 1e-3);
}

TEST(FitLabelled, EqualCosinesAreOneStep) {
  Pairs pairs;
  for (int i = 0; i < 40; ++i)
    pairs.push_back({i < 20 ? 0.2 : 0.6, i % 20 < (i < 20 ? 2 : 18) ? 1.0 : 0.0});
  auto const map = fit_labelled(pairs);
  EXPECT_EQ(map.knots, (std::vector<Knot>{{0.2, 0}, {0.6, 10}}));
}

TEST(FitLabelled, RefusesTooFewAndUnsoundPairs) {
  Pairs pairs(20, {0.5, 1});
  pairs.insert(pairs.end(), 9, {0.1, 0});
  expect_error(Kind::bad_input, "20 matches and 9 others", [&] { (void)fit_labelled(pairs); });
  pairs.push_back({std::numeric_limits<double>::quiet_NaN(), 0});
  expect_error(Kind::bad_input, "finite", [&] { (void)fit_labelled(pairs); });
}

TEST(NoiseFloor, QuantilesAreThoseOfNumpy) {
  for (auto const& reference : reference_cases()) {
    SCOPED_TRACE(reference.name());
    std::vector<double> cosines;
    for (auto const& pair : reference.pairs)
      cosines.push_back(pair.cosine);
    auto const noise = noise_of(cosines);
    auto const expected = reference.at("quantiles").items();
    EXPECT_NEAR(noise.median, expected[0].number(), 1e-12);
    EXPECT_NEAR(noise.q90, expected[1].number(), 1e-12);
    EXPECT_NEAR(noise.q99, expected[2].number(), 1e-12);
  }
}

TEST(NoiseFloor, PutsNoiseLowWhateverTheModelsScale) {
  std::mt19937_64 random(4);
  std::normal_distribution<double> normal;
  for (auto const& [mean, deviation] : {std::pair{0.2, 0.11}, {0.53, 0.07}, {0.82, 0.02}, {0.0, 0.05}}) {
    SCOPED_TRACE(mean);
    std::vector<double> cosines(20000);
    for (auto& cosine : cosines)
      cosine = mean + deviation * normal(random);
    auto const noise = noise_of(cosines);
    auto const map = fit_noise_floor(noise);
    EXPECT_EQ(map.problem(), std::nullopt);
    EXPECT_NEAR(map(noise.median), 1, 1e-3);
    EXPECT_NEAR(map(noise.q90), 3, 1e-3);
    EXPECT_NEAR(map(mean + 2.25 * deviation), 7, 0.2);
    EXPECT_NEAR(map(mean + 3.5 * deviation), 10, 0.2);
    EXPECT_EQ(map(1), 10);
    double sum = 0;
    for (double const cosine : cosines)
      sum += map(cosine);
    EXPECT_LT(sum / 20000, 1.6);
  }
}

TEST(NoiseFloor, DegenerateNoiseStillGivesAMap) {
  for (double const level : {0.0, 0.5, 0.98, 1.0}) {
    auto const map = fit_noise_floor(noise_of(std::vector<double>(200, level)));
    EXPECT_EQ(map.problem(), std::nullopt) << level;
    EXPECT_NEAR(map(level), 1, 1e-9) << level;
    if (level < 1) {
      EXPECT_NEAR(map(1), 10, 1e-3) << level;
    }
  }
  std::vector<double> wide;  // reaching up to 1
  for (int i = 0; i < 200; ++i)
    wide.push_back(i / 200.0);
  EXPECT_NEAR(fit_noise_floor(noise_of(wide))(1), 10, 1e-3);
}

TEST(NoiseFloor, RefusesTooFewAndNaN) {
  expect_error(Kind::bad_input, "99 random pairs", [] { (void)noise_of(std::vector<double>(99, 0.1)); });
  std::vector<double> cosines(200, 0.1);
  cosines[7] = std::numeric_limits<double>::quiet_NaN();
  expect_error(Kind::bad_input, "finite", [&] { (void)noise_of(cosines); });
}

}  // namespace
}  // namespace jvmm::scoring
