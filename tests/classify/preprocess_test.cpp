#include "classify/preprocess.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "text/canonical.hpp"

namespace jvmm::classify {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Clean, TakesOutMarkupAndMakesSignsPlain) {
  EXPECT_EQ(clean("  <p>Health &amp;amp; <b>Wellness</b></p>\n"), "Health & Wellness");
  EXPECT_EQ(clean("\u201cwomen\u2019s\u201d well\u2011being \u2014 yes"), "\"women's\" well-being - yes");
  EXPECT_EQ(clean("mind\u200bset\u00a0coach\u00ading"), "mindset coaching");
  EXPECT_EQ(clean("&lt;script&gt;x"), "x");
  EXPECT_EQ(clean(std::nullopt), "");
  EXPECT_EQ(clean(" \n\t\u3000"), "");
  EXPECT_EQ(clean("a\xff"), "a\ufffd");
}

TEST(Clean, KeepsLinesWhereTheyMatter) {
  EXPECT_EQ(clean("one \n\n two<br>three\tfour", Lines::kept), "one\ntwo\nthree four");
  EXPECT_EQ(clean("one \n two"), "one two");
}

TEST(Clean, CutsAt3000CodePoints) {
  std::string text;
  for (int i = 0; i < 4000; ++i)
    text += "é";
  EXPECT_EQ(text::code_point_count(clean(text)), 3000U);
  EXPECT_EQ(clean(std::string(2999, 'x') + " y").size(), 2999U);
  EXPECT_EQ(clean(std::string(40'000'000, '<')).size(), 3000U);
}

TEST(WholeField, IsWhatEmbeddingSeesButForBlanks) {
  for (auto const* stored : {"a coach", " a\n coach ", "\ta  coach"})
    EXPECT_TRUE(is_whole_field(clean(stored), stored)) << stored;
  for (auto const* stored : {"<b>a</b> coach", "a\u2019s coach", "a &amp; b"})
    EXPECT_FALSE(is_whole_field(clean(stored), stored)) << stored;
  EXPECT_FALSE(is_whole_field("a", "a coach"));
  EXPECT_FALSE(is_whole_field("a coach", "a"));
  EXPECT_FALSE(is_whole_field("acoach", "a coach"));
}

TEST(Sentences, EndAtSignsLinesAndBullets) {
  EXPECT_THAT(sentences("I teach. Really! Why? Because; well\nnew line\u2022bullet"),
              ElementsAre("I teach.", "Really!", "Why?", "Because;", "well", "new line", "bullet"));
  EXPECT_THAT(sentences("e.g.this stays 1.5 times"), ElementsAre("e.g.this stays 1.5 times"));
  EXPECT_THAT(sentences("abc"), IsEmpty());
  EXPECT_THAT(sentences(""), IsEmpty());
}

TEST(Phrases, ArePartedWhereListsAre) {
  EXPECT_THAT(phrases("What I bring: a course, 1:1 coaching; keynotes | retreats\nbooks. And my podcast!"),
              ElementsAre("course", "1:1 coaching", "keynotes", "retreats", "books", "podcast"));
  EXPECT_THAT(phrases("book & workbook - app + club plus talks"),
              ElementsAre("book", "workbook", "app", "club", "talks"));
  EXPECT_THAT(phrases("coaching/consulting, open 24/7"), ElementsAre("coaching", "consulting", "open 24/7"));
  EXPECT_THAT(phrases("workshops and talks"), ElementsAre("workshops and talks"));
  EXPECT_THAT(phrases("My clients get: the app; anthology"), ElementsAre("app", "anthology"));
  EXPECT_THAT(phrases("we, us, -, .,;"), IsEmpty());
}

TEST(Phrases, AreAtMost60) {
  std::string text;
  for (int i = 0; i < 1000; ++i)
    text += "item,";
  EXPECT_EQ(phrases(text).size(), 60U);
}

TEST(Heads, EndBeforeTheTopic) {
  EXPECT_EQ(head_length("keynotes for corporate teams"), 8U);
  EXPECT_EQ(head_length("Course: How to breathe"), 6U);
  EXPECT_EQ(head_length("hands-on training"), 17U);
  EXPECT_EQ(head_length("an on ramp"), 10U);
  EXPECT_EQ(head_length("podcast"), 7U);
}

}  // namespace
}  // namespace jvmm::classify
