#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "commands/train_classifier/comparison.hpp"
#include "commands/train_classifier/fit.hpp"
#include "support/expect_error.hpp"

namespace jvmm::commands {
namespace {

using classify::Task;

constexpr std::size_t k_labels = 4, k_dims = 8;

classify::Taxonomy taxonomy_of(Task task) {
  classify::Taxonomy out;
  out.task = task;
  out.name = "test";
  out.hash = "aa";
  for (std::size_t k = 0; k < k_labels; ++k) {
    classify::TaxonomyLabel label;
    label.key = std::string(1, static_cast<char>('a' + k));
    label.threshold = task == Task::offer_types ? 0.5 : 0;
    out.labels.push_back(label);
  }
  return out;
}

ProfileId id_of(std::size_t i) {
  ProfileId::Bytes bytes{};
  bytes[14] = static_cast<std::uint8_t>(i / 256);
  bytes[15] = static_cast<std::uint8_t>(i % 256);
  return ProfileId(bytes);
}

/// What the vectors and the scores of examples tell of their labels.
struct World {
  double in_vectors = 0, in_scores = 0;  ///< 0: nothing
  std::size_t count = 160;
  Task task = Task::niche;
  std::uint64_t seed = 1;
};

classify::Verdict verdict_of(std::vector<double> const& scores) {
  classify::Verdict out;
  out.scores = scores;
  auto const best = static_cast<std::size_t>(std::max_element(scores.begin(), scores.end()) - scores.begin());
  out.labels = {{best, 0.6, scores[best]}};
  out.confidence = 0.6;
  out.empty = false;
  return out;
}

ExampleSet examples(World const& world) {
  std::mt19937_64 random(world.seed);
  std::normal_distribution<double> normal;
  ExampleSet out;
  out.dims = k_dims;
  out.counts.resize(k_labels);
  for (std::size_t i = 0; i < world.count; ++i) {
    Example one;
    one.id = id_of(i);
    one.group = i;
    one.truth = {i % k_labels};
    if (world.task == Task::offer_types && i % 3 == 0) one.truth.push_back((i + 1) % k_labels);
    std::vector<double> scores;
    double norm = 0;
    for (std::size_t j = 0; j < k_dims; ++j) {
      bool const tells = std::count(one.truth.begin(), one.truth.end(), j) > 0;
      one.x.push_back(static_cast<float>(normal(random) + (tells ? world.in_vectors : 0)));
      norm += std::pow(one.x.back(), 2);
      if (j < k_labels) scores.push_back(0.1 * normal(random) + (tells ? 0.1 * world.in_scores : 0));
    }
    for (auto& value : one.x)
      value /= static_cast<float>(std::sqrt(norm));
    one.zero_shot = verdict_of(scores);
    for (auto const label : one.truth)
      ++out.counts[label];
    out.examples.push_back(std::move(one));
  }
  return out;
}

std::vector<std::size_t> all_rows(ExampleSet const& set) {
  std::vector<std::size_t> rows(set.examples.size());
  std::iota(rows.begin(), rows.end(), 0u);
  return rows;
}

struct Fixture {
  explicit Fixture(World const& world) : taxonomy(taxonomy_of(world.task)), set(examples(world)) {
    recipe.taxonomy = &taxonomy;
    recipe.fingerprint = "f";
    recipe.trained.assign(k_labels, true);
  }

  Comparison compared(std::size_t threads = 1) const { return compare(set, recipe, {}, {5, 1, threads}); }

  classify::Taxonomy taxonomy;
  ExampleSet set;
  HeadRecipe recipe;
};

TEST(TrainHead, WhatVectorsTellIsLearntAndBetterForSure) {
  for (auto const task : {Task::niche, Task::offer_types}) {
    Fixture const fixture({.in_vectors = 3, .in_scores = 0.5, .task = task});
    auto const comparison = fixture.compared();
    EXPECT_GT(comparison.difference.low, 0) << classify::name(task);
    auto const& metric = task == Task::niche ? comparison.head.accuracy : comparison.head.micro_f1;
    EXPECT_GT(metric.value, 0.8) << classify::name(task);
  }
}

TEST(TrainHead, VectorsThatTellNothingAreNoBetterThanTheScores) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    Fixture const fixture({.in_vectors = 0, .in_scores = 2, .seed = seed});
    auto const comparison = fixture.compared();
    EXPECT_LE(comparison.difference.low, 0) << seed;
    EXPECT_GT(comparison.difference.value, -0.05) << seed;  // nor much worse: the scores are still there
  }
}

TEST(TrainHead, RandomLabelsGiveNoHeadThatIsBetter) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    Fixture fixture({.in_vectors = 3, .in_scores = 2, .seed = seed});
    std::mt19937_64 random(seed);
    for (auto& one : fixture.set.examples)
      one.truth = {random() % k_labels};
    EXPECT_LE(fixture.compared().difference.low, 0) << seed;
  }
}

TEST(TrainHead, OnlyWhatIsUnsureIsAsked) {
  Fixture fixture({.in_vectors = 3, .in_scores = 0.5});
  for (auto& one : fixture.set.examples)
    one.zero_shot.sure = true;
  auto const comparison = fixture.compared();
  EXPECT_EQ(comparison.asked, 0u);
  EXPECT_EQ(comparison.difference.value, 0);
  EXPECT_EQ(comparison.difference.high, 0);
  EXPECT_GT(comparison.head.accuracy.value, comparison.candidate.accuracy.value);
}

TEST(TrainHead, TheSameBytesForAnyNumberOfThreads) {
  Fixture const fixture({.in_vectors = 1, .in_scores = 1});
  auto const one = fixture.compared(1), four = fixture.compared(4);
  EXPECT_EQ(one.held_out, four.held_out);
  EXPECT_EQ(one.difference.low, four.difference.low);
  auto const rows = all_rows(fixture.set);
  EXPECT_EQ(fit_head(fixture.set, rows, fixture.recipe).hash(), fit_head(fixture.set, rows, fixture.recipe).hash());
}

TEST(TrainHead, ALabelThatIsNotTrainedKeepsItsZeroShotLogit) {
  Fixture fixture({.in_vectors = 2, .in_scores = 1});
  fixture.recipe.trained[2] = false;
  auto const head = fit_head(fixture.set, all_rows(fixture.set), fixture.recipe);
  auto const& one = fixture.set.examples[0];
  auto const logits = head.logits(one.x, one.zero_shot);
  EXPECT_EQ(logits[2], head.parts().score_weight * one.zero_shot.scores[2]);
  EXPECT_NE(logits[1], head.parts().score_weight * one.zero_shot.scores[1]);
  EXPECT_EQ(head.parts().coefficients.size(), 3 * k_dims);
}

TEST(TrainHead, WhatIsIgnoredTeachesNothing) {
  // With every example of a label ignored, flipping those labels must not change a bit.
  Fixture fixture({.in_vectors = 2, .in_scores = 1, .task = Task::offer_types});
  auto flipped = fixture;
  flipped.recipe.taxonomy = &flipped.taxonomy;
  for (auto* set : {&fixture.set, &flipped.set})
    for (auto& one : set->examples) {
      std::erase(one.truth, 3u);
      one.ignored = {3};
    }
  for (auto& one : flipped.set.examples)
    one.zero_shot.scores[3] = 0.5;
  auto const rows = all_rows(fixture.set);
  auto const a = fit_head(fixture.set, rows, fixture.recipe), b = fit_head(flipped.set, rows, flipped.recipe);
  EXPECT_EQ(a.parts().score_weight, b.parts().score_weight);
  EXPECT_EQ(a.weights(), b.weights());
}

TEST(TrainHead, OfProfilesItLearntFromTheHeadInUseIsAskedWhatItSaidBefore) {
  Fixture const fixture({.in_vectors = 3, .in_scores = 0.5});
  InUse in_use{7, fit_head(fixture.set, all_rows(fixture.set), fixture.recipe), {}};
  // A head that is asked about what it was trained on looks better than it is.
  auto const flattered = compare(fixture.set, fixture.recipe, in_use, {5, 1, 1});
  for (auto const& one : fixture.set.examples)
    in_use.held_out[one.id] = {"a"};
  auto const fair = compare(fixture.set, fixture.recipe, in_use, {5, 1, 1});
  EXPECT_NEAR(fair.in_use.accuracy.value, 0.25, 1e-12);
  EXPECT_GT(flattered.in_use.accuracy.value, 0.8);
}

TEST(TrainHead, DuplicatesNeverTeachTheirOwnAnswer) {
  // Each text twice, labels at random: a head that saw the other one would be right half of the time and more.
  World const world{.in_vectors = 0, .in_scores = 0, .count = 200};
  Fixture fixture(world);
  std::mt19937_64 random(5);
  for (std::size_t i = 0; i < world.count; i += 2) {
    auto& one = fixture.set.examples[i];
    auto& twin = fixture.set.examples[i + 1];
    one.truth = twin.truth = {random() % k_labels};
    twin.x = one.x;
    twin.zero_shot = one.zero_shot;
    twin.group = one.group;
  }
  EXPECT_LT(fixture.compared().head.accuracy.value, 0.45);
}

TEST(TrainHead, FewerTextsThanFoldsAreRefused) {
  Fixture fixture({.count = 8});
  for (auto& one : fixture.set.examples)
    one.group = one.truth.front();
  testing::expect_error(Kind::bad_input, "4 different rows", [&] { fixture.compared(); });
}

TEST(TrainHead, ZeroAndEqualVectorsAreFitted) {
  Fixture fixture({.in_scores = 1});
  for (auto& one : fixture.set.examples)
    std::fill(one.x.begin(), one.x.end(), 0.0F);
  auto const head = fit_head(fixture.set, all_rows(fixture.set), fixture.recipe);
  for (double const w : head.parts().coefficients)
    EXPECT_EQ(w, 0);
}

}  // namespace
}  // namespace jvmm::commands
