// Two backends for a task: who is asked when, and whose answer counts.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <functional>

#include "inference/remote_world.hpp"
#include "support/expect_error.hpp"

namespace jvmm::test {
namespace {

using inference::Task;
using std::chrono::milliseconds;
using testing::InferenceStub;
using testing::StubKind;

struct Pair {
  Task task;
  StubKind first, second;
};

constexpr std::array k_pairs{
    Pair{Task::embed, StubKind::tei, StubKind::openai}, Pair{Task::zero_shot, StubKind::tei, StubKind::hf},
    Pair{Task::ner, StubKind::toolkit, StubKind::hf}, Pair{Task::chat, StubKind::openai, StubKind::hf},
    Pair{Task::summarise, StubKind::toolkit, StubKind::hf}};

testing::StubOptions stub_options(Pair const& pair, StubKind kind) {
  auto out = RemoteWorld::stub_options(kind);
  out.default_task = static_cast<testing::StubTask>(pair.task);  // in the same order
  return out;
}

/// Who answered each text; "" for none, with the error's kind in `kinds`.
struct Answers {
  std::vector<std::string> backends;
  std::vector<Kind> kinds;
};

template <class T>
Answers answers(std::vector<Result<T>> const& results) {
  Answers out;
  for (auto const& result : results) {
    out.backends.push_back(result ? result->backend : "");
    if (!result) out.kinds.push_back(result.error().kind());
  }
  return out;
}

using Ask = std::function<Answers(std::vector<std::string> const&)>;

Ask open(Task task, std::string const& route, inference::RouteContext const& context) {
  switch (task) {
    case Task::embed:
      return [m = std::shared_ptr(inference::open_embedder(route, context))](auto const& texts) {
        return answers(m->embed(views(texts)));
      };
    case Task::zero_shot:
      return [m = std::shared_ptr(inference::open_zero_shot(route, {{"coach", "pilot"}}, context))](auto const& texts) {
        return answers(m->classify(views(texts)));
      };
    case Task::ner:
      return [m = std::shared_ptr(inference::open_ner(route, context))](auto const& texts) {
        return answers(m->recognize(views(texts)));
      };
    case Task::chat:
      return [m = std::shared_ptr(inference::open_chat(route, {}, context))](auto const& texts) {
        return answers(m->ask(views(texts)));
      };
    case Task::summarise:
      return [m = std::shared_ptr(inference::open_summarizer(route, {}, context))](auto const& texts) {
        return answers(m->summarise(views(texts)));
      };
  }
  return {};
}

/// Two services and a client; the width of vectors is known from the second.
class Two {
 public:
  explicit Two(Pair const& pair) : first(stub_options(pair, pair.first)), second(stub_options(pair, pair.second)) {
    world.options.concurrency = 1;
    world.options.batch_items = 4;
    world.options.longest_backoff = milliseconds(1);
    first_spec = world.spec(first, pair.first);
    second_spec = world.spec(second, pair.second);
    if (pair.task == Task::embed) (void)inference::open_embedder(second_spec, world.context());
    sent = second.requests();
    ask = open(pair.task, first_spec + "," + second_spec, world.context());
  }

  InferenceStub first, second;
  RemoteWorld world;
  std::string first_spec, second_spec;
  std::uint64_t sent = 0;  ///< to the second, before anything went wrong
  Ask ask;
};

std::string trace(Pair const& pair, std::string_view fault = {}) {
  return fmt::format("{}: {}, {} {}", name(pair.task), testing::name(pair.first), testing::name(pair.second), fault);
}

TEST(RemoteFallback, TheFirstServesWhileItCan) {
  for (auto const& pair : k_pairs) {
    SCOPED_TRACE(trace(pair));
    Two two(pair);
    EXPECT_THAT(two.ask(numbered_texts(6)).backends, ::testing::Each(two.first_spec));
    EXPECT_EQ(two.second.requests(), two.sent);
  }
}

TEST(RemoteFallback, TheNextServesWhatTheFirstCannot) {
  for (auto const& pair : k_pairs)
    for (auto const* fault : {"401", "402", "404", "415", "502", "reset_after_reading", "html_in_200", "garbage",
                              "429,hint=seconds,wait=200", "503,hint=seconds,wait=200"}) {
      SCOPED_TRACE(trace(pair, fault));
      Two two(pair);
      two.first.set_faults({testing::parse_fault_rule(fault)});
      auto const texts = numbered_texts(6);
      EXPECT_THAT(two.ask(texts).backends, ::testing::Each(two.second_spec));
      EXPECT_THAT(two.world.log_text(), ::testing::HasSubstr("going on with " + two.second_spec));
      EXPECT_EQ(two.second.bill().max_times_computed, pair.second == StubKind::tei ? 2u : 1u);
      auto const asked = two.first.requests();
      EXPECT_THAT(two.ask({"another text"}).backends, ::testing::Each(two.second_spec));
      EXPECT_EQ(two.first.requests(), asked) << "what is down is asked again at once";
    }
}

TEST(RemoteFallback, EachTextSaysWhoComputedIt) {
  for (auto const& pair : k_pairs) {
    SCOPED_TRACE(trace(pair));
    Two two(pair);
    auto rule = testing::parse_fault_rule("401");
    rule.from = 2;
    two.first.set_faults({rule});
    auto const backends = two.ask(numbered_texts(8)).backends;
    auto const by_first = std::count(backends.begin(), backends.end(), two.first_spec);
    EXPECT_GT(by_first, 0);
    EXPECT_EQ(by_first + std::count(backends.begin(), backends.end(), two.second_spec), 8);
    EXPECT_EQ(two.first.requests(), 2u);
  }
}

TEST(RemoteFallback, ATextThatIsAtFaultIsNotOfferedToTheNext) {
  for (auto const& pair : k_pairs) {
    SCOPED_TRACE(trace(pair));
    Two two(pair);
    two.first.set_faults({testing::parse_fault_rule("422,text=poison")});
    auto texts = numbered_texts(4);
    texts[2] = "poison";
    auto const got = two.ask(texts);
    EXPECT_THAT(got.backends, ::testing::ElementsAre(two.first_spec, two.first_spec, "", two.first_spec));
    EXPECT_THAT(got.kinds, ::testing::ElementsAre(Kind::bad_input));
    EXPECT_EQ(two.second.requests(), two.sent);
  }
}

TEST(RemoteFallback, WhereNobodyCanTheErrorIsTheOneThatALaterRunMends) {
  for (auto const& pair : k_pairs) {
    SCOPED_TRACE(trace(pair));
    Two two(pair);
    two.first.set_faults({testing::parse_fault_rule("401")});
    two.second.set_faults({testing::parse_fault_rule("402")});
    auto const got = two.ask(numbered_texts(3));
    EXPECT_THAT(got.kinds, ::testing::ElementsAre(Kind::budget_spent, Kind::budget_spent, Kind::budget_spent));
  }
}

TEST(RemoteFallback, WhereNobodyEverCanItIsThrown) {
  for (auto const& pair : k_pairs) {
    SCOPED_TRACE(trace(pair));
    Two two(pair);
    two.first.set_faults({testing::parse_fault_rule("401")});
    two.second.set_faults({testing::parse_fault_rule("404")});
    testing::expect_error(Kind::refused, two.first_spec, [&] { (void)two.ask(numbered_texts(3)); });
  }
}

TEST(RemoteFallback, RulesComeLast) {
  for (auto const task : {Task::zero_shot, Task::ner, Task::summarise}) {
    SCOPED_TRACE(name(task));
    RemoteWorld world;
    InferenceStub stub(stub_options({task, StubKind::hf, StubKind::hf}, StubKind::hf));
    auto const route = world.spec(stub, StubKind::hf) + ",rules";
    auto const ask = open(task, route, world.context());
    stub.set_faults({testing::parse_fault_rule("402")});
    EXPECT_THAT(ask(numbered_texts(3)).backends, ::testing::Each("rules"));
  }
}

TEST(RemoteFallback, WhatCameOfAnEndpointThatWasNeverReachedIsReleased) {
  RemoteWorld world;
  auto const classifier = inference::open_zero_shot("endpoint:http://127.0.0.1:1,rules", {{"coach"}}, world.context());
  auto const texts = numbered_texts(2);
  EXPECT_EQ(classifier->classify(views(texts)).at(0)->backend, "rules");
  classifier->release(views(texts));
}

}  // namespace
}  // namespace jvmm::test
