// How many requests at once, when none, what they may cost: the parts of lib/inference/remote that know no wire.

#include <gtest/gtest.h>

#include <random>
#include <thread>

#include "inference/remote/aimd.hpp"
#include "inference/remote/budget.hpp"
#include "inference/remote/circuit_breaker.hpp"
#include "inference/remote/gate.hpp"
#include "inference/remote/in_flight.hpp"
#include "inference/remote/worker_pool.hpp"
#include "support/expect_error.hpp"
#include "support/test_seed.hpp"

namespace jvmm::inference {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using namespace std::chrono_literals;

// --- AimdLimit ------------------------------------------------------------------------------------------------------

TEST(AimdLimit, DoublesUntilTheFirstCutThenGrowsByOneAWindow) {
  AimdLimit limit({4, 64});
  for (int i = 0; i < 4; ++i)
    limit.on_success(10ms);
  EXPECT_EQ(limit.limit(), 8u);
  limit.on_congestion();
  EXPECT_EQ(limit.limit(), 5u);  // 8 * 0.7 = 5.6
  for (int i = 0; i < 5; ++i)
    limit.on_success(10ms);
  EXPECT_EQ(limit.limit(), 6u);
}

TEST(AimdLimit, CutsOncePerWindow) {
  AimdLimit limit({10, 64});
  for (int i = 0; i < 5; ++i)
    limit.on_congestion();
  EXPECT_EQ(limit.limit(), 7u);
}

TEST(AimdLimit, TakesAMedianTwiceTheLowestLatencyForCongestion) {
  AimdLimit slow({8, 8}), noisy({8, 8});
  slow.on_success(300ms);
  noisy.on_success(1ms);
  for (int i = 0; i < 9; ++i) {
    slow.on_success(900ms);
    noisy.on_success(20ms);  // twenty times as much, but nothing to speak of
  }
  EXPECT_LT(slow.limit(), 8u);
  EXPECT_EQ(noisy.limit(), 8u);
}

TEST(AimdLimit, StaysBetweenOneAndItsCeilingWhateverHappens) {
  std::mt19937 random(test::test_seed());
  for (std::size_t ceiling : {0u, 1u, 3u, 50u}) {
    AimdLimit limit({random() % 100, ceiling});
    for (int i = 0; i < 2000; ++i) {
      random() % 3 == 0 ? limit.on_congestion() : limit.on_success(milliseconds(random() % 1000));
      ASSERT_GE(limit.limit(), 1u);
      ASSERT_LE(limit.limit(), std::max<std::size_t>(ceiling, 1));
    }
  }
}

// --- CircuitBreaker -------------------------------------------------------------------------------------------------

SteadyTime at(seconds since) {
  return SteadyTime{} + since;
}

CircuitBreaker opened() {
  CircuitBreaker breaker;
  for (int i = 0; i < 5; ++i)
    breaker.on_outage(at(0s));
  return breaker;
}

TEST(CircuitBreaker, OpensAfterFiveOutagesInARow) {
  CircuitBreaker breaker;
  for (int i = 0; i < 4; ++i)
    breaker.on_outage(at(0s));
  EXPECT_TRUE(breaker.admits(at(0s)));
  breaker.on_success();
  for (int i = 0; i < 4; ++i)
    breaker.on_outage(at(0s));
  EXPECT_TRUE(breaker.admits(at(0s)));
  breaker.on_outage(at(0s));
  EXPECT_FALSE(breaker.admits(at(14s)));
}

TEST(CircuitBreaker, OpensWhenMoreThanHalfOfTwentyFail) {
  CircuitBreaker breaker;
  for (int i = 0; i < 30 && breaker.state() == CircuitBreaker::State::closed; ++i)
    i % 3 == 0 ? breaker.on_success() : breaker.on_outage(at(0s));
  EXPECT_EQ(breaker.state(), CircuitBreaker::State::open);
}

TEST(CircuitBreaker, LetsOneProbeThroughWhichClosesIt) {
  auto breaker = opened();
  EXPECT_TRUE(breaker.admits(at(15s)));
  EXPECT_FALSE(breaker.admits(at(15s))) << "one probe at a time";
  breaker.on_success();
  EXPECT_EQ(breaker.state(), CircuitBreaker::State::closed);
  EXPECT_TRUE(breaker.admits(at(15s)));
}

TEST(CircuitBreaker, WaitsTwiceAsLongAfterAProbeThatFailed) {
  auto breaker = opened();
  ASSERT_TRUE(breaker.admits(at(15s)));
  breaker.on_outage(at(15s));
  EXPECT_FALSE(breaker.admits(at(44s)));
  EXPECT_TRUE(breaker.admits(at(45s)));
}

TEST(CircuitBreaker, AProbeThatSaysNothingLetsTheNextProbe) {
  auto breaker = opened();
  ASSERT_TRUE(breaker.admits(at(15s)));
  breaker.on_neither();
  EXPECT_TRUE(breaker.admits(at(15s)));
}

// --- Budget ---------------------------------------------------------------------------------------------------------

TEST(Budget, RefusesTheRequestThatWouldExceedItAndAsksTheRunToEnd) {
  StopToken stop;
  Budget budget(std::nullopt, 100, stop);
  budget.reserve(60);
  budget.settle(60, 60);
  testing::expect_error(Kind::budget_spent, "--max-cost", [&] { budget.reserve(41); });
  EXPECT_EQ(stop.reason(), StopReason::cost_budget);
  budget.reserve(40);
  EXPECT_EQ(budget.spent(), 100);
}

TEST(Budget, WaitsForWhatIsUnderWayAsItMayTurnOutCheap) {
  StopToken stop;
  Budget budget(std::nullopt, 100, stop);
  budget.reserve(60);
  std::thread other([&] {
    std::this_thread::sleep_for(20ms);
    budget.settle(60, 10);
  });
  budget.reserve(90);
  other.join();
  EXPECT_EQ(budget.spent(), 100);
  EXPECT_EQ(stop.reason(), StopReason::none);
  stop.request(StopReason::signal);
  testing::expect_error(Kind::stopped, "stopped", [&] { budget.reserve(10); });
}

TEST(Budget, CountsRequests) {
  StopToken stop;
  Budget budget(2, std::nullopt, stop);
  budget.reserve(1'000'000);
  budget.reserve(0);
  testing::expect_error(Kind::budget_spent, "--max-requests 2", [&] { budget.reserve(0); });
  EXPECT_EQ(stop.reason(), StopReason::request_budget);
}

TEST(Budget, IsNeverExceededByManyThreads) {
  StopToken stop;
  Budget budget(std::nullopt, 1'000, stop);
  std::vector<std::thread> threads;
  std::atomic<int> granted{0};
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 1'000; ++i)
        try {
          budget.reserve(3);
          budget.settle(3, 3);
          ++granted;
        } catch (Error const&) {
        }
    });
  for (auto& thread : threads)
    thread.join();
  EXPECT_EQ(granted, 333);
}

// --- Gate -----------------------------------------------------------------------------------------------------------

class GateTest : public ::testing::Test {
 protected:
  Gate make(std::size_t places, milliseconds budget = 2s) {
    return Gate({{places, places}, budget, std::nullopt}, system_clock(), m_stop);
  }
  static Verdict verdict(Kind kind, bool outage, std::optional<milliseconds> wait = {}) {
    Verdict out;
    out.kind = kind;
    out.reason = "HTTP 5xx";
    out.outage = outage;
    out.wait = wait;
    return out;
  }
  StopToken m_stop;
};

TEST_F(GateTest, LetsNoMoreInThanThereArePlaces) {
  auto gate = make(3);
  std::atomic<int> inside{0}, most{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 12; ++t)
    threads.emplace_back([&] {
      gate.enter(Patience::all);
      int const now = ++inside;
      for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
      }
      std::this_thread::sleep_for(2ms);
      --inside;
      gate.leave_with_success(1ms);
    });
  for (auto& thread : threads)
    thread.join();
  EXPECT_EQ(most, 3);
}

TEST_F(GateTest, KeepsEverybodyWaitingAsLongAsTheServiceSays) {
  auto gate = make(2);
  gate.enter(Patience::all);
  gate.leave_with(verdict(Kind::rate_limited, false, 200ms));
  auto const start = std::chrono::steady_clock::now();
  gate.enter(Patience::all);
  EXPECT_GE(std::chrono::steady_clock::now() - start, 190ms);
}

TEST_F(GateTest, GivesUpAtOnceWhereTheWaitExceedsTheBudget) {
  auto gate = make(2, 100ms);
  gate.enter(Patience::all);
  gate.leave_with(verdict(Kind::rate_limited, false, 60s));
  testing::expect_error(Kind::rate_limited, "HTTP 5xx", [&] { gate.enter(Patience::all); });
}

TEST_F(GateTest, OfAServiceThatIsDownOnlyThePatientWait) {
  auto gate = make(2, 100ms);
  for (int i = 0; i < 5; ++i) {
    gate.enter(Patience::all);
    gate.leave_with(verdict(Kind::unavailable, true));
  }
  EXPECT_EQ(gate.breaker(), CircuitBreaker::State::open);
  testing::expect_error(Kind::unavailable, "HTTP 5xx", [&] { gate.enter(Patience::none); });
}

TEST_F(GateTest, AStoppedServiceAndAStoppedRunEndEveryWait) {
  auto gate = make(1);
  gate.enter(Patience::all);
  std::thread stopper([&] {
    std::this_thread::sleep_for(20ms);
    gate.stop_service(Error(Kind::refused, "HTTP 401"));
  });
  testing::expect_error(Kind::refused, "HTTP 401", [&] { gate.enter(Patience::all); });
  stopper.join();
  auto other = make(1);
  m_stop.request(StopReason::signal);
  testing::expect_error(Kind::stopped, "stopped", [&] { other.enter(Patience::all); });
  testing::expect_error(Kind::stopped, "stopped", [&] { other.sleep(10s); });
}

// --- InFlight -------------------------------------------------------------------------------------------------------

TEST(InFlight, WhoComesSecondGetsTheAnswerOfTheFirst) {
  InFlight all;
  AnswerKey const key{1};
  auto first = std::make_unique<InFlight::Claim>(all, std::span(&key, 1));
  ASSERT_TRUE(first->is_mine(0));
  std::thread second([&] {
    InFlight::Claim claim(all, std::span(&key, 1));
    EXPECT_FALSE(claim.is_mine(0));
    EXPECT_EQ(claim.wait_for(0).answer->bytes, "x");
  });
  std::this_thread::sleep_for(20ms);
  first->resolve(0, {StoredAnswer{"x", "b"}});
  second.join();
  InFlight::Claim third(all, std::span(&key, 1));
  EXPECT_TRUE(third.is_mine(0)) << "it is over";
}

TEST(InFlight, WhoGivesUpLeavesNobodyWaiting) {
  InFlight all;
  AnswerKey const keys[]{AnswerKey{1}, AnswerKey{1}};
  auto first = std::make_unique<InFlight::Claim>(all, keys);
  EXPECT_TRUE(first->is_mine(0));
  EXPECT_FALSE(first->is_mine(1)) << "the same text twice in one call";
  InFlight::Claim second(all, std::span(keys, 1));
  first.reset();
  EXPECT_EQ(second.wait_for(0).error->kind(), Kind::stopped);
}

TEST(WorkerPool, DoesAllJobsOnNoMoreThreadsThanAllowed) {
  std::atomic<int> done{0}, inside{0}, most{0};
  {
    WorkerPool pool(3);
    for (int i = 0; i < 200; ++i)
      pool.post([&] {
        int const now = ++inside;
        for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
        }
        std::this_thread::sleep_for(100us);
        --inside;
        ++done;
      });
  }
  EXPECT_EQ(done, 200);
  EXPECT_LE(most, 3);
}

}  // namespace
}  // namespace jvmm::inference
