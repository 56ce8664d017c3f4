#include "text/canonical.hpp"

#include <gtest/gtest.h>

#include "base/utf8.hpp"

namespace jvmm::text {
namespace {

TEST(Strip, TakesExactlyTheTwentyNineBlanks) {
  int blanks = 0;
  for (char32_t c = 0; c < 0x110000; ++c) {
    if (c >= 0xD800 && c < 0xE000) continue;
    std::string text;
    utf8::append(text, c);
    bool const stripped = strip(text + "x" + text) == "x";
    ASSERT_EQ(stripped, is_space(c)) << static_cast<std::uint32_t>(c);
    blanks += stripped ? 1 : 0;
  }
  EXPECT_EQ(blanks, 29);
}

TEST(Strip, LeavesInvisibleOthersAndBrokenBytes) {
  for (std::string const text : {"\u200bx\u200b", "\ufeffx", "x\u2060", "\xa0", "x\x85", "\x80\x80\x80\x80\x80"})
    EXPECT_EQ(strip(text), text);
}

TEST(Strip, KnowsEmptyAndBlank) {
  EXPECT_EQ(strip(""), "");
  EXPECT_EQ(strip(" \u3000\n\u2029"), "");
  EXPECT_EQ(strip("\u00a0a b\u00a0 "), "a b");
}

TEST(CodePointCount, CountsBrokenSequencesAsOne) {
  EXPECT_EQ(code_point_count(""), 0u);
  EXPECT_EQ(code_point_count("aé€😀"), 4u);
  EXPECT_EQ(code_point_count("a\xe2\x82z"), 3u);
}

TEST(FirstCodePoints, NeverCutsOneApart) {
  EXPECT_EQ(first_code_points("aé€😀z", 0), "");
  EXPECT_EQ(first_code_points("aé€😀z", 3), "aé€");
  EXPECT_EQ(first_code_points("aé€😀z", 4), "aé€😀");
  EXPECT_EQ(first_code_points("aé€😀z", 9), "aé€😀z");
}

TEST(InputHash, IsThatOfTheStrippedText) {
  EXPECT_EQ(input_hash(" abc\u3000"), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(input_hash("\n"), "d41d8cd98f00b204e9800998ecf8427e");
}

}  // namespace
}  // namespace jvmm::text
