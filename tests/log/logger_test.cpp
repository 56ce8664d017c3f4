#include "log/logger.hpp"

#include <gtest/gtest.h>

#include "support/captured_stream.hpp"
#include "support/fake_clock.hpp"

namespace jvmm::log {
namespace {

TEST(Logger, TextLineHasTimeLevelRunAndMessage) {
  test::CapturedStream out;
  test::FakeClock clock;
  Logger logger(out.file(), Level::info, Format::text, clock);
  logger.info("before {}", 1);
  logger.set_run(RunId{7});
  logger.warn("after");
  EXPECT_EQ(out.text(),
            "2026-11-01T00:00:00.000+00:00 info  before 1\n"
            "2026-11-01T00:00:00.000+00:00 warn  run 7 after\n");
}

TEST(Logger, LevelDecidesWhatIsWritten) {
  test::CapturedStream out;
  test::FakeClock clock;
  Logger logger(out.file(), Level::warn, Format::text, clock);
  logger.info("no");
  logger.debug("no");
  EXPECT_EQ(out.text(), "");
}

TEST(Logger, DataCannotForgeALineNorBreakTheJson) {
  test::FakeClock clock;
  std::string const hostile = "a\n2026 error \"forged\"\x1b[2J\\";
  test::CapturedStream text;
  Logger(text.file(), Level::info, Format::text, clock).info("{}", hostile);
  EXPECT_EQ(text.text(), "2026-11-01T00:00:00.000+00:00 info  a\\x0a2026 error \"forged\"\\x1b[2J\\\n");
  test::CapturedStream json;
  Logger(json.file(), Level::info, Format::json, clock).info("{}", hostile);
  EXPECT_EQ(json.text(),
            "{\"time\":\"2026-11-01T00:00:00.000+00:00\",\"level\":\"info\","
            "\"message\":\"a\\u000a2026 error \\\"forged\\\"\\u001b[2J\\\\\"}\n");
}

}  // namespace
}  // namespace jvmm::log
