#include "inference/cache/answer_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/captured_stream.hpp"
#include "support/expect_error.hpp"
#include "support/fake_clock.hpp"
#include "support/temp_dir.hpp"

namespace jvmm::inference {
namespace {

AnswerKey key(int number) {
  return answer_key(Task::embed, "m", "r", "p", std::to_string(number));
}

UsageKey const k_usage{"hf", "m", Task::embed};

struct Fixture {
  jvmm::testing::TempDir dir;
  test::FakeClock clock;
  test::CapturedStream out;
  log::Logger log{out.file(), log::Level::debug, log::Format::text, clock};
  AnswerStoreOptions options{.file = dir.path() / "a/answers.sqlite"};

  std::unique_ptr<AnswerStore> open() { return open_answer_store(options, clock, log); }
};

TEST(AnswerStore, KeepsAnAnswer) {
  Fixture f;
  {
    auto const store = f.open();
    auto const request = store->open(k_usage, 50);
    store->settle({.request = request, .usage = k_usage, .cost = 7, .answers = {{key(1), {"bytes", "hf"}}}});
    EXPECT_EQ(store->usage().at(0).cost, 7);
  }
  auto const store = f.open();
  auto const keys = std::array{key(1), key(2)};
  auto const found = store->find(keys);
  EXPECT_EQ(found[0], (StoredAnswer{"bytes", "hf"}));
  EXPECT_FALSE(found[1]);
}

}  // namespace
}  // namespace jvmm::inference
