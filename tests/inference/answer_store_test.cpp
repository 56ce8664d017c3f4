#include "inference/cache/answer_store.hpp"

#include <limits>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "inference/answer_store_fixture.hpp"
#include "support/test_seed.hpp"

namespace jvmm::inference {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// --- keys -----------------------------------------------------------------------------------------------------------

TEST(AnswerKey, IsSha256OfLengthPrefixedFields) {
  // python3: hashlib.sha256(b''.join(len(f).to_bytes(8, 'little') + f for f in
  //          (b'1', b'embed', b'm', b'r', b'p', 'ü'.encode()))).hexdigest()
  std::string hex;
  for (auto const byte : answer_key(Task::embed, "m", "r", "p", "ü"))
    hex += fmt::format("{:02x}", byte);
  EXPECT_EQ(hex, "045ff0b05095af6509da46b23b2d980f62905ea926375c825e1ec90dcdd792d5");
}

TEST(AnswerKey, TellsFieldsApart) {
  std::string const nul(1, '\0');
  std::set<AnswerKey> const keys{
      answer_key(Task::embed, "ab", "c", "", ""),  answer_key(Task::embed, "a", "bc", "", ""),
      answer_key(Task::embed, "abc", "", "", ""),  answer_key(Task::ner, "ab", "c", "", ""),
      answer_key(Task::embed, "ab", "", "c", ""),  answer_key(Task::embed, "ab", "", "", "c"),
      answer_key(Task::embed, "ab", "", "", nul),  answer_key(Task::embed, "ab", "", "", nul + nul),
      answer_key(Task::embed, "ab", "", nul, nul), answer_key(Task::embed, "", "", "", ""),
  };
  EXPECT_THAT(keys, SizeIs(10));
}

// --- answers --------------------------------------------------------------------------------------------------------

TEST_F(AnswerStoreTest, KeepsAnAnswerForTheNextProcess) {
  settle(*open(), 1, std::string("by\0tes", 6));
  auto const store = open();
  std::array const keys{key(2), key(1), key(1)};
  EXPECT_THAT(store->find(keys), ElementsAre(std::nullopt, StoredAnswer{std::string("by\0tes", 6), "hf"},
                                             StoredAnswer{std::string("by\0tes", 6), "hf"}));
}

TEST_F(AnswerStoreTest, TakesEmptyAndBigAnswersAndNames) {
  std::string const big(5'000'000, 'x');
  settle(*open(), 1, "");
  settle(*open(), 2, big);
  open()->settle({.answers = {{key(3), {"", ""}}}});
  auto const store = open();
  EXPECT_EQ(find(*store, 1), (StoredAnswer{"", "hf"}));
  EXPECT_EQ(find(*store, 2), (StoredAnswer{big, "hf"}));
  EXPECT_EQ(find(*store, 3), (StoredAnswer{"", ""}));
  EXPECT_THAT(store->find({}), IsEmpty());
}

TEST_F(AnswerStoreTest, ReplacesAnAnswerThatIsSettledAgain) {
  settle(*open(), 1, "damaged");
  auto const store = open();
  EXPECT_EQ(find(*store, 1)->bytes, "damaged");
  settle(*store, 1, "whole");
  EXPECT_EQ(find(*store, 1)->bytes, "whole");
  EXPECT_EQ(find(*open(), 1)->bytes, "whole");
  EXPECT_EQ(stats().answers, 1u);
}

TEST_F(AnswerStoreTest, SettlesARequestOnce) {
  auto const store = open();
  auto const request = store->open(k_usage, 5);
  store->settle({.request = request, .usage = k_usage, .cost = 5});
  testing::expect_error(Kind::internal, "settled twice",
                        [&] { store->settle({.request = request, .usage = k_usage, .cost = 5}); });
  EXPECT_EQ(store->usage().at(0).cost, 5);
}

TEST_F(AnswerStoreTest, WithoutAFileKeepsWhatFitsIntoMemory) {
  options.file.clear();
  options.memory_bytes = 20'000;
  auto const store = open();
  for (int i = 0; i < 100; ++i)
    settle(*store, i, std::string(1000, 'x'), 3);
  EXPECT_TRUE(find(*store, 99));
  EXPECT_FALSE(find(*store, 0));
  EXPECT_EQ(store->usage().at(0).cost, 300);
  store->bind_run("db", 1);
  store->reported(0);
  EXPECT_THAT(store->orphans("db"), IsEmpty());
  EXPECT_TRUE(std::filesystem::is_empty(dir.path()));
}

TEST_F(AnswerStoreTest, MakesFolderAndFileForTheUserAlone) {
  auto const store = open();
  settle(*store, 1);
  using std::filesystem::perms;
  auto const mode = [](std::filesystem::path const& path) { return std::filesystem::status(path).permissions(); };
  EXPECT_EQ(mode(options.file.parent_path()), perms::owner_all);
  for (auto const& entry : std::filesystem::directory_iterator(options.file.parent_path()))
    EXPECT_EQ(mode(entry.path()), perms::owner_read | perms::owner_write) << entry.path();
}

TEST_F(AnswerStoreTest, LeavesNothingButTheFile) {
  settle(*open(), 1);
  std::vector<std::string> names;
  for (auto const& entry : std::filesystem::directory_iterator(options.file.parent_path()))
    names.push_back(entry.path().filename());
  EXPECT_THAT(names, ElementsAre("answers.sqlite"));
}

TEST_F(AnswerStoreTest, TakesANameThatLooksLikeAUri) {
  options.file = dir.path() / "file:x?mode=memory&y%41";
  settle(*open(), 1);
  EXPECT_TRUE(std::filesystem::exists(options.file));
  EXPECT_TRUE(find(*open(), 1));
}

// --- usage ----------------------------------------------------------------------------------------------------------

TEST_F(AnswerStoreTest, SumsUsageByBackendModelAndTask) {
  auto const store = open();
  UsageKey const other{"tei", "m", Task::zero_shot};
  Metered const metered{.requests = 1, .inputs = 2, .input_tokens = 3, .output_tokens = 4, .compute_microseconds = 5};
  store->settle({.usage = k_usage, .metered = metered, .cost = 10});
  store->settle({.usage = k_usage, .metered = metered, .cost = 20});
  store->settle({.usage = k_usage, .in_doubt = 7, .retried = true});
  store->settle({.usage = other, .metered = metered, .priced = false});
  auto const rows = store->usage();
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_EQ(rows[0].key, k_usage);
  EXPECT_EQ(rows[0].metered, (Metered{2, 4, 6, 8, 10}));
  EXPECT_EQ(rows[0].cost, 30);
  EXPECT_EQ(rows[0].in_doubt, 7);
  EXPECT_EQ(rows[0].in_doubt_requests, 1u);
  EXPECT_EQ(rows[0].retries, 1u);
  EXPECT_TRUE(rows[0].priced);
  EXPECT_EQ(rows[1].key, other);
  EXPECT_FALSE(rows[1].priced);
}

TEST_F(AnswerStoreTest, SumsSaturateInMemoryAndInTheFile) {
  constexpr auto k_most = std::numeric_limits<std::int64_t>::max();
  auto const work = [&] {
    auto const store = open();
    store->bind_run("db", 1);
    for (int i = 0; i < 2; ++i)
      store->settle({.usage = k_usage,
                     .metered = {.requests = std::numeric_limits<std::uint64_t>::max() - 1},
                     .cost = k_most - 1,
                     .in_doubt = k_most});
    EXPECT_EQ(store->usage().at(0).cost, k_most);
    EXPECT_EQ(store->usage().at(0).metered.requests, std::numeric_limits<std::uint64_t>::max());
    die_at_once();
  };
  ASSERT_TRUE(was_killed(in_child(work)));
  auto const orphan = open()->orphans("db").at(0).usage.at(0);
  EXPECT_EQ(orphan.cost, k_most);
  EXPECT_EQ(orphan.in_doubt, k_most);
  EXPECT_EQ(orphan.metered.requests, static_cast<std::uint64_t>(k_most));
}

// --- threads, and a model -------------------------------------------------------------------------------------------

TEST_F(AnswerStoreTest, ManyThreadsSettleAndFindAtOnce) {
  constexpr int k_threads = 16, k_rounds = 20;
  auto const store = open();
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < k_threads; ++t)
      threads.emplace_back([&, t] {
        for (int i = 0; i < k_rounds; ++i) {
          settle(*store, t * k_rounds + i, std::to_string(t * k_rounds + i), 1);
          EXPECT_EQ(find(*store, t * k_rounds + i)->bytes, std::to_string(t * k_rounds + i));
          if (i % 2 == 0) release(*store, t * k_rounds + i);
        }
      });
  }
  EXPECT_EQ(store->usage().at(0).cost, k_threads * k_rounds);
  auto const other = open();
  for (int i = 0; i < k_threads * k_rounds; ++i)
    EXPECT_EQ(find(*other, i)->bytes, std::to_string(i));
}

TEST_F(AnswerStoreTest, BehavesAsAMap) {
  auto const seed = test::test_seed();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  auto const draw = [&](int most) { return std::uniform_int_distribution(0, most)(random); };
  options.memory_bytes = 3000;
  auto store = open();
  std::map<int, std::string> model;
  std::set<int> unsettled;
  PicoUsd cost = 0;
  for (int step = 0; step < 400; ++step) {
    auto const number = draw(40);
    switch (draw(19)) {
      case 0:
        store.reset();
        store = open();
        cost = 0;
        break;
      case 1:
      case 2:
      case 3:
      case 4:
      case 5:
        model[number] = std::string(static_cast<std::size_t>(draw(600)), static_cast<char>('a' + draw(25)));
        settle(*store, number, model[number], number);
        unsettled.insert(number);
        cost += number;
        break;
      case 6:
      case 7:
        release(*store, number);
        unsettled.erase(number);
        break;
      default:
        auto const found = find(*store, number);
        ASSERT_EQ(found.has_value(), model.contains(number)) << step;
        ASSERT_EQ(found ? found->bytes : "", found ? model[number] : "") << step;
    }
    auto const usage = store->usage();
    ASSERT_EQ(usage.empty() ? 0 : usage.front().cost, cost);
  }
  store.reset();
  EXPECT_EQ(stats().answers, model.size());
  EXPECT_EQ(stats().unsettled, unsettled.size());
}

}  // namespace
}  // namespace jvmm::inference
