#include "log/progress.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "support/captured_stream.hpp"
#include "support/fake_clock.hpp"

namespace jvmm::log {
namespace {

using namespace std::chrono_literals;

TEST(ProgressLine, ShowsShareRateAndEta) {
  EXPECT_EQ(progress_line("embed", {1200, 2, 5}, 3143, 1200 / 41.0),
            "embed  1200/3143 38%  41 rows/s  eta 47s  failed 2  retried 5");
}

TEST(ProgressLine, WithoutTotalOrTimeHasNoEta) {
  EXPECT_EQ(progress_line("embed", {3, 0, 0}, std::nullopt, 2), "embed  3  1.5 rows/s");
  EXPECT_EQ(progress_line("embed", {0, 0, 0}, 0, 0), "embed  0  0.0 rows/s");
}

TEST(ShortDuration, RoundsAndNeverLies) {
  EXPECT_EQ(short_duration(59.4), "59s");
  EXPECT_EQ(short_duration(185), "3m 05s");
  EXPECT_EQ(short_duration(7800), "2h 10m");
  EXPECT_EQ(short_duration(-1), "?");
  EXPECT_EQ(short_duration(std::numeric_limits<double>::infinity()), "?");
}

TEST(Progress, IsALogLineEvery30SecondsAwayFromATerminal) {
  test::CapturedStream out;
  test::FakeClock clock;
  Logger logger(out.file(), Level::info, Format::text, clock);
  Progress progress(logger, clock, ProgressMode::automatic, "embed", 100);
  clock.advance(29s);
  progress.update({10, 0, 0});
  EXPECT_EQ(out.text(), "");
  clock.advance(1s);
  progress.update({30, 0, 0});
  progress.update({31, 0, 0});
  EXPECT_NE(out.text().find("embed  30/100 30%  1.0 rows/s  eta 1m 10s"), std::string::npos) << out.text();
  EXPECT_EQ(out.text().find("31/100"), std::string::npos);
}

TEST(Progress, NeverMeansNever) {
  test::CapturedStream out;
  test::FakeClock clock;
  Logger logger(out.file(), Level::info, Format::text, clock);
  Progress progress(logger, clock, ProgressMode::never, "embed", 100);
  clock.advance(1h);
  progress.update({30, 0, 0});
  EXPECT_EQ(out.text(), "");
}

}  // namespace
}  // namespace jvmm::log
