#include "stage/id_pages.hpp"

#include <gtest/gtest.h>

namespace jvmm::stage {
namespace {

TEST(Shards, CoverTheIdSpaceWithoutGapOrOverlap) {
  for (int count : {1, 2, 3, 7, 64, 4096}) {
    EXPECT_EQ(shard_begin({0, count}), ProfileId());
    EXPECT_EQ(shard_end({count - 1, count}), *ProfileId::parse("ffffffff-ffff-ffff-ffff-ffffffffffff"));
    for (int i = 1; i < count; ++i)
      EXPECT_EQ(shard_begin({i, count}), shard_end({i - 1, count})) << i << '/' << count;
  }
}

TEST(Shards, HalvesMeetInTheMiddle) {
  EXPECT_EQ(shard_end({0, 2}).text(), "7fffffff-ffff-ffff-ffff-ffffffffffff");
}

}  // namespace
}  // namespace jvmm::stage
