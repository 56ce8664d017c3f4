#include "base/stop_token.hpp"

#include <gtest/gtest.h>

namespace jvmm {
namespace {

TEST(StopToken, KeepsTheFirstReason) {
  StopToken stop;
  EXPECT_FALSE(stop.requested());
  stop.request(StopReason::row_limit);
  stop.request(StopReason::signal);
  EXPECT_EQ(stop.reason(), StopReason::row_limit);
}

TEST(StopToken, APartStopsWithTheWholeAndNotTheOtherWayRound) {
  StopToken whole;
  StopToken part(&whole);
  part.request(StopReason::row_limit);
  EXPECT_FALSE(whole.requested());
  StopToken next(&whole);
  EXPECT_FALSE(next.requested());
  whole.request(StopReason::signal);
  EXPECT_EQ(next.reason(), StopReason::signal);
  EXPECT_EQ(part.reason(), StopReason::row_limit);
}

}  // namespace
}  // namespace jvmm
