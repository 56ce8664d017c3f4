#include "base/clock.hpp"

#include <gtest/gtest.h>

namespace jvmm {
namespace {

TEST(Iso8601, IsUtcWithOffsetAndMilliseconds) {
  EXPECT_EQ(iso8601(SystemTime(std::chrono::milliseconds(1793491200123))), "2026-11-01T00:00:00.123+00:00");
  EXPECT_EQ(iso8601(SystemTime(std::chrono::milliseconds(-1))), "1969-12-31T23:59:59.999+00:00");
}

}  // namespace
}  // namespace jvmm
