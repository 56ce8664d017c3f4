#include "scoring/all_pairs/all_pairs.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <random>

#include "scoring/all_pairs/candidates.hpp"
#include "scoring/all_pairs_support.hpp"
#include "support/expect_error.hpp"

namespace jvmm::scoring {
namespace {

std::string engine(PairModel const& model, AllPairsOptions const& options) {
  auto const scorer = reference_scorer(model);
  auto const result = all_pairs(model, *scorer, options, StopToken());
  EXPECT_TRUE(result.complete);
  return as_text(result);
}

std::string naive(PairModel const& model, AllPairsOptions const& options) {
  return as_text(naive_all_pairs(model, *reference_scorer(model), options));
}

/// Recipes with every odd value, by number.
Recipe odd_recipe(std::uint64_t seed) {
  Recipe out;
  out.seed = seed;
  out.profiles = 20 + seed % 7 * 31;
  out.dims = seed % 3 == 0 ? 37 : 8;
  out.dimension_mean = static_cast<DimensionMean>(seed % 3);
  out.pair_mean = static_cast<PairMean>(seed / 3 % 3);
  out.dimension_decimals = seed % 4 == 0 ? -1 : seed % 4 == 1 ? 5 : 2;
  out.source_classes = seed % 5 == 0 ? 4 : 1;
  out.gate_both = seed % 2 == 0;
  out.steps = seed % 4 >= 2;
  out.coarse = seed % 3 == 1;
  out.absent = seed % 6 == 5 ? 0 : seed % 6 == 4 ? 1 : 0.2;
  return out;
}

TEST(AllPairs, AgreesWithNaiveForEveryTileAndThread) {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    auto const model = random_model(odd_recipe(seed));
    AllPairsOptions options;
    options.top = 5;
    auto const expected = naive(model, options);
    for (std::size_t const tile : {0, 1, 7, 64, 4096})
      for (std::size_t const threads : {1, 2}) {
        options.tile = tile;
        options.threads = threads;
        ASSERT_EQ(engine(model, options), expected) << "seed " << seed << " tile " << tile << " threads " << threads;
      }
  }
}

TEST(AllPairs, AgreesWithNaiveOnManySmallSets) {
  for (std::uint64_t seed = 100; seed < 200; ++seed) {
    auto const model = random_model(odd_recipe(seed));
    AllPairsOptions options;
    options.top = seed % 9;
    options.min_score = seed % 4 == 0 ? 55.5 : 0;
    if (seed % 3 == 0 || options.top == 0) options.all_above = 62.01;
    options.tile = 16 + seed % 50;
    options.threads = 1;
    ASSERT_EQ(engine(model, options), naive(model, options)) << "seed " << seed;
  }
}

TEST(AllPairs, ShardsTogetherAreTheWhole) {
  for (std::uint64_t const seed : {2, 5, 9}) {
    auto const model = random_model(odd_recipe(seed));
    AllPairsOptions options;
    options.top = 6;
    options.tile = 17;
    auto const expected = naive_all_pairs(model, *reference_scorer(model), options);
    for (std::size_t const shards : {1, 2, 5}) {
      std::vector<std::vector<Match>> joined(model.profiles);
      for (std::size_t shard = 0; shard < shards; ++shard) {
        auto const rows = shard_rows(model.profiles, shard, shards);
        options.rows = rows;
        auto const result = all_pairs(model, *reference_scorer(model), options, StopToken());
        for (std::size_t i = 0; i < model.profiles; ++i)
          joined[i].insert(joined[i].end(), result.list(i).begin(), result.list(i).end());
      }
      EXPECT_EQ(as_text(joined), as_text(expected)) << "seed " << seed << " shards " << shards;
    }
  }
}

TEST(AllPairs, SomeRowsAndWhatReachesTheFloorsOfTheOthers) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    auto const model = random_model(odd_recipe(seed));
    std::mt19937 random(static_cast<unsigned>(seed));
    std::vector<std::uint32_t> rows;
    std::vector<float> floor;
    for (std::uint32_t i = 0; i < model.profiles; ++i) {
      if (random() % 4 == 0) rows.push_back(i);
      floor.push_back(random() % 5 == 0 ? std::nanf("") : static_cast<float>(random() % 9000) / 100);
    }
    AllPairsOptions options;
    options.top = 4;
    options.tile = 13;
    options.rows = rows;
    options.floor = floor;
    // The naive one compares with the printed floor, and NaN is reached by nothing.
    ASSERT_EQ(engine(model, options), naive(model, options)) << "seed " << seed;
  }
}

TEST(AllPairs, ThresholdsAreReachedByEquality) {
  Recipe recipe;
  recipe.profiles = 80;
  auto const model = random_model(recipe);
  auto const scorer = reference_scorer(model);
  auto const scores = naive_all_pairs(model, *scorer, {});
  AllPairsOptions options;
  options.top = 3;
  options.min_score = printed(scores[10][1].score);
  EXPECT_EQ(engine(model, options), naive(model, options));
  options.all_above = printed(scores[20][9].score);
  EXPECT_EQ(engine(model, options), naive(model, options));
}

TEST(AllPairs, NothingAndLittleAreStatedCases) {
  for (std::size_t const profiles : {0, 1, 2, 3}) {
    Recipe recipe;
    recipe.profiles = profiles;
    auto const model = random_model(recipe);
    EXPECT_EQ(engine(model, {}), naive(model, {})) << profiles;
  }
  Recipe recipe;
  recipe.dims = 0;
  recipe.absent = 1;
  auto const wordy = random_model(recipe);
  EXPECT_EQ(engine(wordy, {}), naive(wordy, {}));
}

TEST(AllPairs, NobodyWhoIsInsufficientAndNothingBelowTheMinimum) {
  auto model = random_model({});
  AllPairsOptions options;
  options.min_score = 100.01;
  auto result = all_pairs(model, *reference_scorer(model), options, StopToken());
  EXPECT_TRUE(result.matches.empty());
  EXPECT_EQ(result.measures.evaluations, 0u);
  model.insufficient.assign(model.profiles, 1);
  result = all_pairs(model, *reference_scorer(model), {}, StopToken());
  EXPECT_TRUE(result.matches.empty());
  EXPECT_EQ(result.measures.evaluations, 0u);
}

TEST(AllPairs, IdenticalProfilesGiveTheSmallestIndexesInBoundedMemory) {
  Recipe recipe;
  recipe.profiles = 1500;
  recipe.duplicates = 1;
  recipe.absent = 0;
  auto model = random_model(recipe);
  model.insufficient.assign(model.profiles, 0);
  model.excluded.clear();
  AllPairsOptions options;
  options.top = 3;
  auto const result = all_pairs(model, *reference_scorer(model), options, StopToken());
  for (std::uint32_t i = 0; i < model.profiles; ++i) {
    ASSERT_EQ(result.list(i).size(), 3u);
    EXPECT_EQ(result.list(i)[0].index, i == 0 ? 1u : 0u);
    EXPECT_EQ(result.list(i)[2].index, i <= 2 ? 3u : 2u);
  }
  EXPECT_LT(result.measures.evaluations, 30 * model.profiles) << "ties are not settled one by one";
}

TEST(AllPairs, FewPairsAreEvaluatedExactly) {
  Recipe recipe;
  recipe.profiles = 600;
  recipe.dims = 64;
  auto const model = random_model(recipe);
  AllPairsOptions options;
  options.top = 10;
  auto const result = all_pairs(model, *reference_scorer(model), options, StopToken());
  EXPECT_EQ(result.measures.pairs + result.measures.skipped, 600u * 599 / 2);
  EXPECT_LT(result.measures.evaluations, 12'000u);
  EXPECT_EQ(as_text(result), naive(model, options));
}

TEST(AllPairs, RefusesMoreRowsThanAllowed) {
  auto const model = random_model({});
  auto const scorer = reference_scorer(model);
  auto const all = naive_all_pairs(model, *scorer, {.top = 0, .all_above = 50});
  auto const pairs = std::accumulate(all.begin(), all.end(), std::size_t{0},
                                     [](auto sum, auto const& list) { return sum + list.size(); }) /
                     2;
  ASSERT_GT(pairs, 10u);
  AllPairsOptions options;
  options.all_above = 50;
  options.max_rows = pairs;
  EXPECT_NO_THROW(all_pairs(model, *scorer, options, StopToken()));
  options.max_rows = pairs - 1;
  jvmm::testing::expect_error(Kind::usage, "reach a score of 50",
                              [&] { all_pairs(model, *scorer, options, StopToken()); });
}

TEST(AllPairs, RefusesAModelThatIsNotAsDescribed) {
  auto const good = random_model({});
  auto const refused = [&](auto const& change) {
    auto model = good;
    change(model);
    jvmm::testing::expect_error(Kind::internal, "pair model",
                                [&] { all_pairs(model, *reference_scorer(good), {}, StopToken()); });
  };
  refused([](auto& m) { m.audience.source[0] = 9; });
  refused([](auto& m) { m.audience.source[0] = std::nanf(""); });
  refused([](auto& m) { m.rest[0] = std::numeric_limits<double>::infinity(); });
  refused([](auto& m) { m.total_weight[0] = 0; });
  refused([](auto& m) { m.code_factors[0].code[0] = 7; });
  refused([](auto& m) { m.insufficient.pop_back(); });
  AllPairsOptions options;
  std::vector<std::uint32_t> const rows{3, 2};
  options.rows = rows;
  jvmm::testing::expect_error(Kind::usage, "rows",
                              [&] { all_pairs(good, *reference_scorer(good), options, StopToken()); });
}

TEST(ShardRows, PartitionTheProfiles) {
  for (std::size_t const n : {0, 1, 7, 3143})
    for (std::size_t const shards : {1, 2, 5, 9}) {
      std::vector<std::uint32_t> all;
      for (std::size_t s = 0; s < shards; ++s) {
        auto const rows = shard_rows(n, s, shards);
        all.insert(all.end(), rows.begin(), rows.end());
        EXPECT_LE(rows.size(), n / shards + 1);
      }
      std::vector<std::uint32_t> expected(n);
      std::iota(expected.begin(), expected.end(), 0);
      EXPECT_EQ(all, expected);
    }
}

TEST(EstimateRowsAbove, TheTruthIsBelowTheUpperBound) {
  Recipe recipe;
  recipe.profiles = 300;
  auto model = random_model(recipe);
  model.excluded.clear();
  auto const scorer = reference_scorer(model);
  for (double const threshold : {40.0, 60.0, 75.0}) {
    auto const truth = estimate_rows_above(model, *scorer, threshold, 1'000'000);
    auto const all = naive_all_pairs(model, *scorer, {.top = 0, .all_above = threshold});
    auto const rows = std::accumulate(all.begin(), all.end(), std::size_t{0},
                                      [](auto sum, auto const& list) { return sum + list.size(); });
    EXPECT_EQ(truth.expected * 2, static_cast<double>(rows));
    EXPECT_EQ(truth.at_most, truth.expected);
    auto const estimate = estimate_rows_above(model, *scorer, threshold, 3000);
    EXPECT_GE(estimate.at_most, truth.expected);
    EXPECT_NEAR(estimate.expected, truth.expected, 0.2 * truth.expected + 200);
  }
}

}  // namespace
}  // namespace jvmm::scoring
