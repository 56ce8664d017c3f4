#include "base/ids.hpp"

#include <gtest/gtest.h>

namespace jvmm {
namespace {

TEST(ProfileId, ReadsBothCasesAndWritesLower) {
  auto const id = ProfileId::parse("5379688A-4a43-4b84-8302-a6df78f11010");
  ASSERT_TRUE(id);
  EXPECT_EQ(id->text(), "5379688a-4a43-4b84-8302-a6df78f11010");
}

TEST(ProfileId, RefusesWhatIsNotAUuid) {
  for (char const* bad : {"", "5379688a", "5379688a-4a43-4b84-8302-a6df78f1101",
                          "5379688a-4a43-4b84-8302-a6df78f11010 ", "5379688a_4a43_4b84_8302_a6df78f11010",
                          "g379688a-4a43-4b84-8302-a6df78f11010", "5379688a4a43-4b84-8302-a6df78f110100-"})
    EXPECT_FALSE(ProfileId::parse(bad)) << bad;
}

// PostgreSQL compares uuid by memcmp; keyset pages depend on the same order here.
TEST(ProfileId, OrdersByBytes) {
  EXPECT_LT(*ProfileId::parse("0fffffff-ffff-ffff-ffff-ffffffffffff"),
            *ProfileId::parse("10000000-0000-0000-0000-000000000000"));
  EXPECT_LT(*ProfileId::parse("7fffffff-0000-0000-0000-000000000000"),
            *ProfileId::parse("80000000-0000-0000-0000-000000000000"));
  EXPECT_LT(ProfileId{}, *ProfileId::parse("00000000-0000-0000-0000-000000000001"));
}

}  // namespace
}  // namespace jvmm
