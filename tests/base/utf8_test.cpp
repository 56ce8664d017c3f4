#include "base/utf8.hpp"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace jvmm::utf8 {
namespace {

TEST(Utf8, LeavesSoundTextAlone) {
  std::string const text = "a\u00e9\u20ac\U0001F600\0z";
  EXPECT_EQ(first_invalid(text), std::string::npos);
  EXPECT_EQ(repaired(text), text);
}

// Expected as Python's bytes.decode("utf-8", "replace") gives it.
TEST(Utf8, ReplacesEachMaximalSubpart) {
  std::vector<std::pair<std::string, std::string>> const cases{
      {"a\xff"
       "b",
       "a\ufffdb"},
      {"\xc3", "\ufffd"},
      {"\xe2\x82", "\ufffd"},
      {"\xe2\x82"
       "A",
       "\ufffdA"},
      {"\xf0\x9f\x98", "\ufffd"},
      {"\xc0\x80", "\ufffd\ufffd"},
      {"\xed\xa0\x80", "\ufffd\ufffd\ufffd"},
      {"\xf4\x90\x80\x80", "\ufffd\ufffd\ufffd\ufffd"},
      {"\x80\x80", "\ufffd\ufffd"},
  };
  for (auto const& [bad, good] : cases) {
    EXPECT_EQ(repaired(bad), good);
    EXPECT_NE(first_invalid(bad), std::string::npos);
  }
}

TEST(Utf8, EveryScalarValueSurvivesARoundTrip) {
  for (char32_t c = 0; c < 0x110000; ++c) {
    if (c >= 0xD800 && c < 0xE000) continue;
    std::string text;
    append(text, c);
    auto const step = decode(text, 0);
    ASSERT_TRUE(step.valid && step.value == c && step.length == text.size()) << static_cast<std::uint32_t>(c);
  }
}

}  // namespace
}  // namespace jvmm::utf8
