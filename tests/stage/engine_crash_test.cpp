// The test that carries the design: whatever fails at whichever step, the same command run again leads to the tables of
// a run that nothing disturbed.

#include <gtest/gtest.h>

#include <atomic>

#include "stage/embed_world.hpp"
#include "support/tcp_proxy.hpp"

namespace jvmm::stage {
namespace {

using test::Crash;
using test::EmbedWorld;
using test::FaultyStage;
using test::StepHook;

/// Throws the n-th time it is called, once, by whichever thread.
std::function<void()> crash_at(int n) {
  auto calls = std::make_shared<std::atomic<int>>(0);
  return [calls, n] {
    if (++*calls == n) throw Crash();
  };
}

struct Place {
  char const* name;
  std::function<void(FaultyStage&, int)> arm_stage;
  std::optional<Step> step;
};

std::vector<Place> places() {
  return {
      {"in_candidates", [](FaultyStage& s, int n) { s.in_candidates = crash_at(n); }, {}},
      {"after_read", {}, Step::read},
      {"in_compute", [](FaultyStage& s, int n) { s.in_compute = crash_at(n); }, {}},
      {"after_compute", {}, Step::computed},
      {"before_write", {}, Step::before_write},
      {"in_write", [](FaultyStage& s, int n) { s.in_write = crash_at(n); }, {}},
      {"after_write", [](FaultyStage& s, int n) { s.after_write = crash_at(n); }, {}},
      {"before_commit", {}, Step::before_commit},
      {"after_commit", {}, Step::after_commit},
  };
}

struct When {
  int nth = 1;
  std::size_t compute_threads = 1;
};

std::ostream& operator<<(std::ostream& stream, When const& when) {
  return stream << "time " << when.nth << " with " << when.compute_threads << " threads";
}

class EngineCrash : public testing::TestWithParam<When> {};

TEST_P(EngineCrash, AtAnyStepLosesAndDoublesNothing) {
  auto const [nth, compute_threads] = GetParam();
  for (auto const& place : places()) {
    SCOPED_TRACE(place.name);
    EmbedWorld world;
    world.compute_threads = compute_threads;
    FaultyStage stage(world.embedder());
    if (place.arm_stage) place.arm_stage(stage, nth);
    auto const crash = crash_at(nth);
    StepHook hook([&](Step step, std::int64_t) {
      if (step == place.step) crash();
    });
    EXPECT_THROW(world.run(stage, &hook), Crash);
    EXPECT_EQ(world.db().sql("select count(*) from jvmm.run where outcome = 'failed'"), "1");
    EXPECT_NE(world.snapshot(), test::undisturbed_snapshot());

    world.run();
    EXPECT_EQ(world.snapshot(), test::undisturbed_snapshot());
    EXPECT_EQ(world.run().candidates, 0u);
  }
}

INSTANTIATE_TEST_SUITE_P(NthTime, EngineCrash, testing::Values(When{1, 1}, When{2, 1}, When{4, 1}, When{2, 4}));

TEST(EngineCrash, LostConnectionAtAnyMessageIsWaitedOutInTheSameRun) {
  for (int messages = 5; messages < 60; messages += 3) {
    SCOPED_TRACE(messages);
    EmbedWorld world;
    test::TcpProxy proxy(test::test_server_host(), test::test_server_port());
    bool armed = false;
    StepHook hook([&](Step step, std::int64_t) {
      if (step == Step::before_write && !armed) {
        proxy.set({.cut_after_messages = messages});
        armed = true;
      }
    });
    FaultyStage stage(world.embedder());
    auto const summary = world.run(stage, &hook, world.db().url_with(test::TcpProxy::k_host, proxy.port()));
    EXPECT_EQ(summary.done, static_cast<std::uint64_t>(EmbedWorld::k_with_text));
    EXPECT_EQ(summary.superseded, 0u);
    EXPECT_EQ(world.snapshot(), test::undisturbed_snapshot());
  }
}

class CommitInDoubt : public testing::TestWithParam<test::CommitCut> {};

TEST_P(CommitInDoubt, IsSettledByTheLedger) {
  EmbedWorld world;
  test::TcpProxy proxy(test::test_server_host(), test::test_server_port());
  bool armed = false;
  StepHook hook([&](Step step, std::int64_t batch) {
    if (step == Step::before_commit && batch == 2 && !armed) {
      proxy.set({.commit = GetParam()});
      armed = true;
    }
  });
  FaultyStage stage(world.embedder());
  int writes = 0;
  stage.in_write = [&] { ++writes; };
  auto const summary = world.run(stage, &hook, world.db().url_with(test::TcpProxy::k_host, proxy.port()));
  EXPECT_EQ(summary.in_doubt, 1u);
  EXPECT_EQ(summary.done, static_cast<std::uint64_t>(EmbedWorld::k_with_text));
  EXPECT_EQ(summary.superseded, 0u);
  EXPECT_EQ(world.snapshot(), test::undisturbed_snapshot());
  auto const batches = static_cast<int>(summary.batches);
  EXPECT_EQ(writes, GetParam() == test::CommitCut::before_client_hears ? batches : batches + 1)
      << "a commit that happened must not be written again, one that did not must be";
}

INSTANTIATE_TEST_SUITE_P(Lost, CommitInDoubt,
                         testing::Values(test::CommitCut::before_server_hears, test::CommitCut::before_client_hears),
                         [](auto const& cut) {
                           return cut.param == test::CommitCut::before_server_hears ? "BeforeTheServerHears"
                                                                                    : "BeforeTheClientHears";
                         });

}  // namespace
}  // namespace jvmm::stage
