#include "text/folding.hpp"

#include <gtest/gtest.h>

namespace jvmm::text {
namespace {

TEST(Folding, DropsCaseAccentsAndWhatIsInvisible) {
  EXPECT_EQ(folded("ZOLTÁN Müller"), "zoltan muller");
  EXPECT_EQ(folded("e\u0301"), folded("\u00e9"));
  EXPECT_EQ(folded("a\u200bb\ufeff"), "ab");
  EXPECT_EQ(folded("Straße ﬁ"), "strasse fi");
  EXPECT_EQ(folded("Ø"), "ø");
  EXPECT_EQ(folded(""), "");
}

TEST(Folding, RepairsWhatIsNoUtf8) {
  EXPECT_EQ(folded("A\xff"), "a\ufffd");
  EXPECT_EQ(folded(std::string_view("a\0B", 3)), std::string_view("a\0b", 3));
}

}  // namespace
}  // namespace jvmm::text
