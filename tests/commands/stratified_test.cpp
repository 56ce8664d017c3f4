#include "commands/export_sample/stratified.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <set>

#include "support/test_seed.hpp"

namespace jvmm::commands {
namespace {

using Sizes = std::vector<std::size_t>;

ProfileId profile(std::size_t number) {
  return *ProfileId::parse(fmt::format("10000000-0000-4000-8000-{:012}", number));
}

TEST(Allocate, GivesEachItsShareAndNoneNothing) {
  EXPECT_EQ(allocate({800, 100, 100}, 10), (Sizes{8, 1, 1}));
  EXPECT_EQ(allocate({997, 1, 1, 1}, 100), (Sizes{97, 1, 1, 1}));
  EXPECT_EQ(allocate({50, 30, 20}, 10), (Sizes{5, 3, 2}));
  EXPECT_EQ(allocate({3, 2}, 100), (Sizes{3, 2}));
  EXPECT_EQ(allocate({5, 9, 7}, 2), (Sizes{0, 1, 1})) << "the larger ones, where there are too few rows";
  EXPECT_EQ(allocate({}, 10), Sizes{});
  EXPECT_EQ(allocate({4, 0}, 3), (Sizes{3, 0}));
}

TEST(Allocate, NeverExceedsSizesNorRowsAndFollowsTheOrderOfSizes) {
  std::mt19937 random(test::test_seed());
  for (int round = 0; round < 300; ++round) {
    Sizes sizes(1 + random() % 12);
    for (auto& size : sizes)
      size = 1 + random() % (random() % 2 ? 10 : 1000);
    std::size_t const rows = 1 + random() % 300;
    auto const seats = allocate(sizes, rows);
    auto const all = std::accumulate(sizes.begin(), sizes.end(), std::size_t{0});
    EXPECT_EQ(std::accumulate(seats.begin(), seats.end(), std::size_t{0}), std::min(rows, all));
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      EXPECT_LE(seats[i], sizes[i]);
      if (rows >= sizes.size()) {
        EXPECT_GE(seats[i], 1u);
      }
      for (std::size_t j = 0; j < sizes.size(); ++j)
        if (sizes[i] > sizes[j]) {
          EXPECT_GE(seats[i], seats[j]);
        }
    }
  }
}

std::vector<ProfileId> sampled(std::vector<std::size_t> const& numbers, std::uint64_t seed, std::size_t rows = 20) {
  StratifiedSample sample(rows, seed);
  for (auto const number : numbers)
    sample.add(profile(number), number % 4 == 0 ? "few" : "many");
  return sample.take();
}

TEST(StratifiedSample, DependsOnSeedAndIdsButNotOnTheirOrder) {
  std::vector<std::size_t> numbers(500);
  std::iota(numbers.begin(), numbers.end(), 1);
  auto const first = sampled(numbers, 1);
  std::shuffle(numbers.begin(), numbers.end(), std::mt19937(test::test_seed()));
  EXPECT_EQ(sampled(numbers, 1), first);
  EXPECT_NE(sampled(numbers, 2), first);
  EXPECT_EQ(std::set<ProfileId>(first.begin(), first.end()).size(), 20u);
  EXPECT_FALSE(std::is_sorted(first.begin(), first.end())) << "the order is random too";
}

TEST(StratifiedSample, TakesEveryProfileEquallyOften) {
  std::vector<std::size_t> numbers(40), times(41);
  std::iota(numbers.begin(), numbers.end(), 1);
  for (std::uint64_t seed = 0; seed < 2'000; ++seed)
    for (auto const& id : sampled(numbers, seed))
      ++times[std::stoul(id.text().substr(24))];
  for (std::size_t i = 1; i < times.size(); ++i)
    EXPECT_NEAR(static_cast<double>(times[i]), 1'000, 6 * 22.4) << i;
}

TEST(StratifiedSample, CountsStrata) {
  std::vector<std::size_t> numbers(100);
  std::iota(numbers.begin(), numbers.end(), 1);
  StratifiedSample sample(8, 1);
  for (auto const number : numbers)
    sample.add(profile(number), number % 4 == 0 ? "few" : "many");
  EXPECT_EQ(sample.take().size(), 8u);
  ASSERT_EQ(sample.strata().size(), 2u);
  EXPECT_EQ(sample.strata()[0].name, "few");
  EXPECT_EQ(sample.strata()[0].profiles, 25u);
  EXPECT_EQ(sample.strata()[0].sampled, 2u);
  EXPECT_EQ(sample.strata()[1].sampled, 6u);
}

}  // namespace
}  // namespace jvmm::commands
