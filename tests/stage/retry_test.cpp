#include "stage/retry.hpp"

#include <gtest/gtest.h>

#include "support/captured_stream.hpp"
#include "support/fake_clock.hpp"

namespace jvmm::stage {
namespace {

using std::chrono::milliseconds;

class RetrierTest : public testing::Test {
 protected:
  Retrier retrier() { return {{milliseconds(1000), 4, milliseconds(1), milliseconds(2)}, m_clock, m_log, m_stop}; }

  test::CapturedStream m_text;
  test::FakeClock m_clock;
  log::Logger m_log{m_text.file(), log::Level::debug, log::Format::text, m_clock};
  StopToken m_stop;
};

TEST_F(RetrierTest, GoesOnAfterAnOutageAndRecoversFirst) {
  auto retry = retrier();
  int calls = 0, recoveries = 0;
  int const result = retry(
      [&] {
        if (++calls < 3) throw Error(Kind::unavailable, "gone");
        return 42;
      },
      [&] { ++recoveries; });
  EXPECT_EQ(result, 42);
  EXPECT_EQ(recoveries, 2);
  EXPECT_EQ(retry.retries(), 2u);
}

TEST_F(RetrierTest, GivesUpAfterItsAttempts) {
  auto retry = retrier();
  int calls = 0;
  EXPECT_THROW(retry(
                   [&] {
                     ++calls;
                     throw Error(Kind::unavailable, "gone");
                   },
                   [] {}),
               Error);
  EXPECT_EQ(calls, 4);
}

TEST_F(RetrierTest, GivesUpWhenItsTimeIsSpent) {
  auto retry = retrier();
  int calls = 0;
  EXPECT_THROW(retry(
                   [&] {
                     ++calls;
                     m_clock.advance(milliseconds(600));
                     throw Error(Kind::unavailable, "gone");
                   },
                   [] {}),
               Error);
  EXPECT_EQ(calls, 2);
}

TEST_F(RetrierTest, DoesNotRepeatWhatCannotHelpNorAfterASignal) {
  auto retry = retrier();
  int calls = 0;
  EXPECT_THROW(retry(
                   [&] {
                     ++calls;
                     throw Error(Kind::refused, "no");
                   },
                   [] {}),
               Error);
  EXPECT_EQ(calls, 1);
  m_stop.request(StopReason::signal);
  EXPECT_THROW(retry(
                   [&] {
                     ++calls;
                     throw Error(Kind::unavailable, "gone");
                   },
                   [] {}),
               Error);
  EXPECT_EQ(calls, 2);
  try {
    retry([&]() -> int { throw Error(Kind::unavailable, "gone"); }, [] {});
    FAIL();
  } catch (Error const& error) {
    EXPECT_EQ(error.kind(), Kind::stopped);
  }
}

}  // namespace
}  // namespace jvmm::stage
