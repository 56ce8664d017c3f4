#include "commands/batch_options.hpp"

#include <gtest/gtest.h>

#include "support/expect_error.hpp"
#include "support/temp_dir.hpp"

namespace jvmm::commands {
namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;

constexpr SystemTime k_now = sys_days(std::chrono::year(2026) / 11 / 22) + 12h;

TEST(ParseSince, ReadsDatesTimesAndAges) {
  auto const noon = sys_days(std::chrono::year(2026) / 11 / 1) + 12h;
  EXPECT_EQ(parse_since("2026-11-01", k_now), noon - 12h);
  EXPECT_EQ(parse_since("2026-11-01T12:00:00", k_now), noon);
  EXPECT_EQ(parse_since("2026-11-01 12:00:00", k_now), noon);
  EXPECT_EQ(parse_since("2026-11-01T12:00:00Z", k_now), noon);
  EXPECT_EQ(parse_since("2026-11-01T14:30:00+02:30", k_now), noon);
  EXPECT_EQ(parse_since("2026-11-01T07:00:00-05:00", k_now), noon);
  EXPECT_EQ(parse_since("90m", k_now), k_now - 90min);
  EXPECT_EQ(parse_since("36h", k_now), k_now - 36h);
  EXPECT_EQ(parse_since("7d", k_now), k_now - 168h);
  EXPECT_EQ(parse_since("0d", k_now), k_now);
}

TEST(ParseSince, RefusesWhatIsNeither) {
  for (auto const* text :
       {"", "7", "d", "7w", "-7d", "+7d", "7.5d", "2026-13-01", "2026-02-29", "2026-11-1", "2026-11-01T",
        "2026-11-01T25:00:00", "2026-11-01T12:00:00+2", "2026-11-01T12:00:00 UTC", "99999999999999d"}) {
    SCOPED_TRACE(text);
    testing::expect_error(Kind::usage, "--since", [&] { parse_since(text, k_now); });
  }
}

TEST(ParseShard, ReadsPartAndCount) {
  EXPECT_EQ(parse_shard("0/1").count, 1);
  EXPECT_EQ(parse_shard("4095/4096").index, 4095);
}

TEST(ParseShard, RefusesWhatIsNoPart) {
  for (auto const* text : {"", "/", "1", "1/", "/2", "2/2", "-1/2", "0/0", "0/4097", "0/1/2", "a/b", "0 / 1"}) {
    SCOPED_TRACE(text);
    testing::expect_error(Kind::usage, "--shard", [&] { parse_shard(text); });
  }
}

TEST(ReadProfileIds, SortsAndDropsRepetitions) {
  testing::TempDir const folder;
  auto const file = folder.write("ids",
                                 "# note\n\n\t20000000-0000-4000-8000-000000000000 \r\n"
                                 "10000000-0000-4000-8000-000000000000");
  auto const ids = read_profile_ids({file.string(), "20000000-0000-4000-8000-000000000000"});
  ASSERT_EQ(ids.size(), 2u);
  EXPECT_EQ(ids[0].text(), "10000000-0000-4000-8000-000000000000");
  EXPECT_TRUE(read_profile_ids({}).empty()) << "not given means all";
}

TEST(BatchOptions, RefusesContradictions) {
  testing::expect_error(Kind::usage, "--preview", [] {
    BatchOptions options;
    options.dry_run = true;
    options.preview = 1;
    options.validate();
  });
  testing::expect_error(Kind::usage, "--stale-days", [] {
    BatchOptions options;
    options.force = true;
    options.stale_days = 1;
    options.validate();
  });
  EXPECT_NO_THROW(BatchOptions().validate());
}

}  // namespace
}  // namespace jvmm::commands
