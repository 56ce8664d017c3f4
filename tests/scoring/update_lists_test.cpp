#include "scoring/all_pairs/update_lists.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>

#include "scoring/all_pairs_support.hpp"

namespace jvmm::scoring {
namespace {

using Lists = std::vector<std::vector<Match>>;

/// Profiles before and after a change, all out of one model: a profile that changed was another one before.
struct History {
  PairModel before, now;
  std::vector<std::optional<std::uint32_t>> moved_to;  ///< by index before; absent: gone
  std::vector<std::uint32_t> scan;
};

struct Change {
  double changed = 0.1, added = 0.1, gone = 0.1;  ///< shares of the profiles
};

History random_history(Recipe const& recipe, Change const& change) {
  auto const model = random_model(recipe);
  std::mt19937_64 random(recipe.seed);
  auto const chance = [&](double share) { return std::uniform_real_distribution<double>(0, 1)(random) < share; };
  std::vector<std::uint32_t> before, now;
  History history;
  for (std::uint32_t i = 0; i < model.profiles; ++i) {
    bool const added = chance(change.added), gone = !added && chance(change.gone);
    bool const changed = chance(change.changed);
    auto const index = static_cast<std::uint32_t>(now.size());
    if (!added) {
      before.push_back(changed ? static_cast<std::uint32_t>(random() % model.profiles) : i);
      history.moved_to.push_back(gone ? std::nullopt : std::optional(index));
    }
    if (gone) continue;
    now.push_back(i);
    if (added || changed) history.scan.push_back(index);
  }
  history.before = take_profiles(model, before);
  history.now = take_profiles(model, now);
  return history;
}

/// What update_lists makes of the lists before; what it does not call changed is as it was.
Lists updated(History const& history, AllPairsOptions const& options, UpdatedLists* details = nullptr) {
  auto const scorer_before = reference_scorer(history.before), scorer = reference_scorer(history.now);
  auto const lists_before = naive_all_pairs(history.before, *scorer_before, options);
  PartnerLists published(history.now.profiles);
  std::vector<std::uint32_t> lost(history.now.profiles);
  for (std::size_t i = 0; i < lists_before.size(); ++i) {
    if (!history.moved_to[i]) continue;
    for (auto const& match : lists_before[i])
      if (auto const partner = history.moved_to[match.index])
        published[*history.moved_to[i]].push_back(*partner);
      else
        ++lost[*history.moved_to[i]];
  }
  auto const result = update_lists(history.now, *scorer, options, published, lost, history.scan, StopToken());
  EXPECT_TRUE(result.result.complete);
  if (details) *details = result;
  Lists lists(history.now.profiles);
  for (std::uint32_t i = 0; i < lists.size(); ++i)
    if (std::binary_search(result.changed.begin(), result.changed.end(), i))
      lists[i].assign(result.result.list(i).begin(), result.result.list(i).end());
    else
      for (auto const partner : published[i])
        lists[i].push_back({partner, scorer->score(std::min(i, partner), std::max(i, partner))});
  return lists;
}

std::string whole_run(History const& history, AllPairsOptions const& options) {
  return as_text(naive_all_pairs(history.now, *reference_scorer(history.now), options));
}

Recipe recipe_of(std::uint64_t seed) {
  Recipe recipe;
  recipe.seed = seed;
  recipe.profiles = 8 + seed % 5 * 13;
  recipe.dims = 8;
  recipe.dimension_mean = static_cast<DimensionMean>(seed % 3);
  recipe.source_classes = seed % 5 == 0 ? 3 : 1;
  recipe.gate_both = seed % 2 == 0;
  recipe.steps = seed % 4 >= 2;
  recipe.coarse = seed % 3 != 0;
  recipe.absent = seed % 6 == 4 ? 1 : 0.2;
  recipe.duplicates = seed % 4 == 1 ? 0.7 : 0.1;
  return recipe;
}

AllPairsOptions options_of(std::uint64_t seed) {
  AllPairsOptions options;
  options.top = seed % 7 == 6 ? 200 : 1 + seed % 7;
  if (seed % 3 == 1) options.min_score = 40 + static_cast<double>(seed % 30);
  if (seed % 4 == 3) options.all_above = 45 + static_cast<double>(seed % 25);
  options.tile = 5 + seed % 20;
  options.threads = 1;
  return options;
}

TEST(UpdateLists, AreThoseOfAWholeRun) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    double const shares[] = {0, 0.05, 0.3};
    Change const change{shares[seed % 3], shares[seed / 3 % 3], shares[seed / 9 % 3]};
    auto const history = random_history(recipe_of(seed), change);
    auto const options = options_of(seed / 2);
    ASSERT_EQ(as_text(updated(history, options)), whole_run(history, options)) << "seed " << seed;
  }
}

TEST(UpdateLists, AreThoseOfAWholeRunWhereAllScoresTie) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    auto recipe = recipe_of(seed);
    recipe.duplicates = 1;
    auto const history = random_history(recipe, {0.2, 0.2, 0.2});
    AllPairsOptions options;
    options.top = 4;
    ASSERT_EQ(as_text(updated(history, options)), whole_run(history, options)) << "seed " << seed;
  }
}

TEST(UpdateLists, ThresholdsAreReachedByEquality) {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    auto const history = random_history(recipe_of(seed), {0.2, 0.1, 0.1});
    auto const all = naive_all_pairs(history.now, *reference_scorer(history.now), {.top = 3});
    auto const some = std::find_if(all.begin(), all.end(), [](auto const& list) { return list.size() > 1; });
    if (some == all.end()) continue;
    AllPairsOptions options;
    options.top = 4;
    options.min_score = printed((*some)[1].score);
    ASSERT_EQ(as_text(updated(history, options)), whole_run(history, options)) << "seed " << seed;
    options.all_above = printed((*some)[0].score);
    ASSERT_EQ(as_text(updated(history, options)), whole_run(history, options)) << "seed " << seed;
    std::swap(options.min_score, *options.all_above);
    ASSERT_EQ(as_text(updated(history, options)), whole_run(history, options)) << "seed " << seed;
  }
}

TEST(UpdateLists, NothingChangedIsNothingToDo) {
  auto const history = random_history(recipe_of(4), {0, 0, 0});
  UpdatedLists details;
  EXPECT_EQ(as_text(updated(history, options_of(1), &details)), whole_run(history, options_of(1)));
  EXPECT_TRUE(details.changed.empty());
  EXPECT_EQ(details.scanned, 0u);
}

TEST(UpdateLists, OnlyThoseWhoLostAPartnerAreComparedWithEverybody) {
  Recipe recipe;
  recipe.profiles = 400;
  auto const history = random_history(recipe, {0, 0.01, 0});
  ASSERT_FALSE(history.scan.empty());
  AllPairsOptions options;
  options.top = 5;
  UpdatedLists details;
  EXPECT_EQ(as_text(updated(history, options, &details)), whole_run(history, options));
  EXPECT_EQ(details.scanned, history.scan.size()) << "who comes in pushes others out, and that is all";
  EXPECT_LT(details.changed.size(), 300u);

  auto const shrunk = random_history(recipe, {0, 0, 0.01});
  EXPECT_EQ(as_text(updated(shrunk, options, &details)), whole_run(shrunk, options));
  EXPECT_GT(details.scanned, 0u);
  EXPECT_LT(details.scanned, 100u);
}

TEST(UpdateLists, AStopGivesNoLists) {
  auto const history = random_history(recipe_of(4), {0.3, 0, 0});
  auto const scorer = reference_scorer(history.now);
  PartnerLists const published(history.now.profiles);
  std::vector<std::uint32_t> const lost(history.now.profiles);
  StopToken stop;
  stop.request(StopReason::signal);
  auto const result = update_lists(history.now, *scorer, {}, published, lost, history.scan, stop);
  EXPECT_FALSE(result.result.complete);
}

}  // namespace
}  // namespace jvmm::scoring
