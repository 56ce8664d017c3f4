#include "inference/answer_store_fixture.hpp"
#include "inference/cache/memory_store.hpp"

namespace jvmm::inference {
namespace {

using ::testing::ElementsAre;
using namespace std::chrono_literals;

// --- memory ---------------------------------------------------------------------------------------------------------

TEST(MemoryStore, DropsTheLeastRecentlyUsedAndStaysWithinItsBytes) {
  MemoryStore memory(10'000);
  std::string const thousand(1000, 'x');
  memory.put(key(0), {thousand, ""});
  for (int i = 1; i < 100; ++i) {
    memory.put(key(i), {thousand, ""});
    EXPECT_TRUE(memory.find(key(0)));
    EXPECT_LE(memory.bytes(), 10'000u);
  }
  EXPECT_FALSE(memory.find(key(1)));
  EXPECT_TRUE(memory.find(key(99)));
}

TEST(MemoryStore, ReplacesWithoutGrowing) {
  MemoryStore memory(10'000);
  memory.put(key(1), {"a", ""});
  auto const bytes = memory.bytes();
  memory.put(key(1), {"b", ""});
  EXPECT_EQ(memory.bytes(), bytes);
  EXPECT_EQ(memory.find(key(1))->bytes, "b");
}

TEST(MemoryStore, LeavesOutWhatIsTooBig) {
  MemoryStore memory(1000);
  memory.put(key(1), {std::string(5000, 'x'), ""});
  EXPECT_FALSE(memory.find(key(1)));
  EXPECT_EQ(memory.bytes(), 0u);
  MemoryStore none(0);
  none.put(key(1), {"", ""});
  EXPECT_FALSE(none.find(key(1)));
}

// --- the size of the file -------------------------------------------------------------------------------------------

struct CachePrune : AnswerStoreTest {
  CachePrune() { options.memory_bytes = 0; }

  std::vector<int> kept(int most) {
    std::vector<int> out;
    auto const store = open();
    for (int i = 0; i < most; ++i)
      if (find(*store, i)) out.push_back(i);
    return out;
  }

  /// Answers of 2 kB, released one day after another.
  void fill(int count) {
    auto const store = open();
    for (int i = 0; i < count; ++i) {
      settle(*store, i, std::string(2000, 'x'));
      release(*store, i);
      clock.advance(25h);
    }
  }
};

TEST_F(CachePrune, TheFileStaysWithinItsSize) {
  options.max_bytes = 1'000'000;
  auto const store = open();
  for (int i = 0; i < 100; ++i) {
    Settlement settlement{.usage = k_usage};
    std::vector<AnswerKey> keys;
    for (int j = 0; j < 20; ++j) {
      keys.push_back(key(20 * i + j));
      settlement.answers.emplace_back(keys.back(), StoredAnswer{std::string(1500, 'x'), "hf"});
    }
    store->settle(settlement);
    store->release(keys);
    clock.advance(1min);
  }
  EXPECT_TRUE(find(*store, 20 * 99));
  EXPECT_FALSE(find(*store, 0));
  EXPECT_LT(std::filesystem::file_size(options.file), 1'300'000u);
}

TEST_F(CachePrune, WhatIsUnsettledStaysHoweverBigTheFileGets) {
  options.max_bytes = 300'000;
  auto const store = open();
  for (int i = 0; i < 200; ++i)
    settle(*store, i, std::string(2000, 'x'));
  for (int i = 0; i < 200; ++i)
    ASSERT_TRUE(find(*store, i)) << i;
  for (int i = 0; i < 200; ++i)
    release(*store, i);
  settle(*store, 1000);
  settle(*store, 1001);
  int left = 0;
  for (int i = 0; i < 200; ++i)
    left += find(*store, i) ? 1 : 0;
  EXPECT_LT(left, 120);
  EXPECT_TRUE(find(*store, 1000));
}

TEST_F(CachePrune, TakesTheLeastRecentlyUsed) {
  fill(6);
  EXPECT_TRUE(find(*open(), 0));  // used again, today
  EXPECT_EQ(prune_cache(options.file, {.older_than = 24h * 3}, clock).answers, 3u);
  EXPECT_THAT(kept(6), ElementsAre(0, 4, 5));
}

TEST_F(CachePrune, AHitIsNotedOnceADay) {
  fill(1);
  auto const unused_for = [&](std::chrono::hours time) {
    return prune_cache(options.file, {.older_than = time, .dry_run = true}, clock).answers == 1;
  };
  EXPECT_TRUE(unused_for(24h));
  EXPECT_TRUE(find(*open(), 0));
  EXPECT_FALSE(unused_for(1h));
  clock.advance(90min);
  EXPECT_TRUE(find(*open(), 0));
  EXPECT_TRUE(unused_for(1h));
}

TEST_F(CachePrune, ADryRunSaysTheSameAndDeletesNothing) {
  fill(50);
  settle(*open(), 100);
  for (auto const& prune : {PruneOptions{.older_than = 24h * 10},
                            {.max_bytes = 130'000},
                            {.max_bytes = 0},
                            {.unsettled = true},
                            {.max_bytes = 0, .unsettled = true},
                            {.max_bytes = 150'000, .older_than = 24h * 40}}) {
    auto dry = prune;
    dry.dry_run = true;
    auto const copy = dir.path() / "copy.sqlite";
    std::filesystem::copy_file(options.file, copy, std::filesystem::copy_options::overwrite_existing);
    auto const expected = prune_cache(copy, dry, clock);
    EXPECT_EQ(cache_stats(copy).answers, 51u);
    auto const pruned = prune_cache(copy, prune, clock);
    EXPECT_EQ(cache_stats(copy).answers, 51u - pruned.answers);
    EXPECT_EQ(expected.kept_unsettled, pruned.kept_unsettled);
    if (!prune.max_bytes || *prune.max_bytes == 0) {
      EXPECT_EQ(expected.answers, pruned.answers);
      EXPECT_EQ(expected.bytes, pruned.bytes);
    } else {
      EXPECT_NEAR(static_cast<double>(expected.answers), static_cast<double>(pruned.answers), 15);
    }
  }
}

TEST_F(CachePrune, MakesTheFileSmaller) {
  fill(100);
  auto const before = std::filesystem::file_size(options.file);
  auto const pruned = prune_cache(options.file, {.max_bytes = 100'000}, clock);
  EXPECT_GT(pruned.answers, 30u);
  EXPECT_LT(std::filesystem::file_size(options.file), before / 2);
  EXPECT_LE(std::filesystem::file_size(options.file), 110'000u);
}

TEST_F(CachePrune, KeepsWhatIsUnsettledUnlessAskedAndNeverALivingProcesses) {
  settle(*open(), 1);
  auto const living = open();
  settle(*living, 2);
  clock.advance(24h);
  auto pruned = prune_cache(options.file, {.max_bytes = 0}, clock);
  EXPECT_EQ(pruned.answers, 0u);
  EXPECT_EQ(pruned.kept_unsettled, 2u);
  pruned = prune_cache(options.file, {.older_than = 1h, .unsettled = true}, clock);
  EXPECT_EQ(pruned.answers, 1u);
  EXPECT_EQ(pruned.kept_unsettled, 1u);
  EXPECT_TRUE(find(*living, 2));
  EXPECT_FALSE(find(*living, 1));
}

TEST_F(CachePrune, AnAnswerIsUnsettledUntilTheLastLivingProcessReleasedIt) {
  auto first = open();
  auto const second = open();
  settle(*first, 1);
  settle(*second, 1);
  release(*second, 1);
  settle(*second, 2);  // after the release
  EXPECT_EQ(stats().unsettled, 2u);
  first.reset();  // ends without releasing
  EXPECT_EQ(stats().unsettled, 2u);
  release(*second, 1);
  settle(*second, 2);
  EXPECT_EQ(stats().unsettled, 1u);
}

TEST_F(CachePrune, StatsTellTasksModelsAndAges) {
  auto const start = clock.now();
  {
    auto const store = open();
    settle(*store, 1, "12345");
    settle(*store, 2, "12345");
    clock.advance(48h);
    store->settle({.usage = {"tei", "other", Task::ner}, .answers = {{key(3), {"123", "tei"}}}});
  }
  auto const found = stats();
  EXPECT_EQ(found.file, options.file);
  EXPECT_EQ(found.file_bytes, std::filesystem::file_size(options.file));
  EXPECT_EQ(found.answers, 3u);
  EXPECT_EQ(found.unsettled, 3u);
  ASSERT_EQ(found.groups.size(), 2u);
  EXPECT_EQ(found.groups[0].task, "embed");
  EXPECT_EQ(found.groups[0].answers, 2u);
  EXPECT_EQ(found.groups[0].bytes, 10u);
  EXPECT_EQ(found.groups[1].model, "other");
  EXPECT_EQ(found.oldest, start);
  EXPECT_EQ(found.newest, start + 48h);
}

TEST_F(CachePrune, OfNoFileIsMissingInputAndMakesNone) {
  testing::expect_error(Kind::missing_input, options.file.string(), [&] { stats(); });
  testing::expect_error(Kind::missing_input, options.file.string(), [&] { prune_cache(options.file, {}, clock); });
  EXPECT_FALSE(std::filesystem::exists(options.file));
}

TEST_F(CachePrune, OfAnEmptyCacheIsNothing) {
  open();
  EXPECT_EQ(stats().answers, 0u);
  EXPECT_FALSE(stats().oldest);
  EXPECT_EQ(prune_cache(options.file, {.max_bytes = 0, .older_than = 0h, .unsettled = true}, clock).answers, 0u);
}

// --- money ----------------------------------------------------------------------------------------------------------

TEST(MicroUsd, IsRoundedHalfUpOnce) {
  EXPECT_EQ(micro_usd(0), 0);
  EXPECT_EQ(micro_usd(499'999), 0);
  EXPECT_EQ(micro_usd(500'000), 1);
  EXPECT_EQ(micro_usd(1'499'999), 1);
  EXPECT_EQ(micro_usd(-500'000), 0);
  EXPECT_EQ(micro_usd(-500'001), -1);
  EXPECT_EQ(micro_usd(INT64_MAX), 9'223'372'036'855);
  EXPECT_EQ(micro_usd(INT64_MIN), -9'223'372'036'855);
}

}  // namespace
}  // namespace jvmm::inference
