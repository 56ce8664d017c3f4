#include "text/pattern_set.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace jvmm::text {
namespace {

using Flags = std::vector<bool>;

TEST(PatternSet, SaysWhichOccur) {
  PatternSet const set({"(?i)featured in", "^guest", "\\d{4}$"}, "of a test");
  EXPECT_EQ(set.size(), 3U);
  EXPECT_EQ(set.occurring("Featured in Forbes"), (Flags{true, false, false}));
  EXPECT_EQ(set.occurring("guest in 2021"), (Flags{false, true, true}));
  EXPECT_EQ(set.occurring("a guest, 2021 too"), (Flags{false, false, false}));
  EXPECT_EQ(set.occurring(""), (Flags{false, false, false}));
}

TEST(PatternSet, OfNoneHasNoAnswers) {
  EXPECT_EQ(PatternSet({}, "of none").occurring("text"), Flags{});
}

TEST(PatternSet, RefusesWhatIsNoPattern) {
  EXPECT_THROW(PatternSet({"fine", "(open"}, "of a test"), Error);
}

}  // namespace
}  // namespace jvmm::text
