#include "base/clock.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace jvmm {
namespace {

TEST(Iso8601, IsUtcWithOffsetAndMilliseconds) {
  EXPECT_EQ(iso8601(SystemTime(std::chrono::milliseconds(1793491200123))), "2026-11-01T00:00:00.123+00:00");
  EXPECT_EQ(iso8601(SystemTime(std::chrono::milliseconds(-1))), "1969-12-31T23:59:59.999+00:00");
}

TEST(ParseIso8601, ReadsEveryFormOfOffsetAndFraction) {
  // Seconds since 1970 as Python's datetime gives them.
  std::pair<char const*, std::int64_t> const cases[] = {
      {"2026-03-16T16:48:10.042Z", 1773679690'042'000'000},
      {"2026-03-16 16:48:10.042+00", 1773679690'042'000'000},
      {"2026-11-01T00:00:00.000001+05:30", 1793471400'000'001'000},
      {"2026-11-01T00:00:00.000000001+0530", 1793471400'000'000'001},
      {"2024-02-29T23:59:59-0800", 1709279999'000'000'000},
      {"1969-12-31T23:59:59.9+00:00", -100'000'000},
  };
  for (auto const& [text, nanoseconds] : cases)
    EXPECT_EQ(parse_iso8601(text), SystemTime(std::chrono::nanoseconds(nanoseconds))) << text;
}

TEST(ParseIso8601, IsTheInverseOfIso8601) {
  for (std::int64_t millis = -4'000'000'000'000; millis < 4'000'000'000'000; millis += 7'777'777'777) {
    SystemTime const time{std::chrono::milliseconds(millis)};
    ASSERT_EQ(parse_iso8601(iso8601(time)), time) << millis;
  }
}

TEST(ParseIso8601, HoldsFarYearsAtTheEnds) {
  EXPECT_EQ(parse_iso8601("0001-01-01T00:00:00Z"), parse_iso8601("1800-01-01T00:00:00Z"));
  EXPECT_EQ(parse_iso8601("9999-12-31T23:59:59-23:59"), parse_iso8601("2200-01-01T00:00:00Z"));
}

TEST(ParseIso8601, RefusesWhatIsNoTime) {
  for (auto const* text :
       {"", "2026-11-01", "2026-11-01T00:00:00", "2026-02-30T00:00:00Z", "2026-11-01T24:00:00Z", "2026-11-01T00:00Z",
        "2026-11-01T00:00:00.Z", "2026-11-01T00:00:00.1234567891Z", "2026-11-01T00:00:00+5", "2026-11-01T00:00:00+05:3",
        "2026-11-01T00:00:00+24:00", "2026-11-01T00:00:00Z ", " 2026-11-01T00:00:00Z", "-026-11-01T00:00:00Z",
        "2026-11-01T00:00:-1Z", "2026-11-01T00:00:+1Z", "2026-11-01T00:00:00+", "infinity"})
    EXPECT_FALSE(parse_iso8601(text)) << text;
}

}  // namespace
}  // namespace jvmm
