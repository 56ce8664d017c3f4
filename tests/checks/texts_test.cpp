#include <gtest/gtest.h>

#include <random>

#include "base/utf8.hpp"
#include "checks/sanitise.hpp"
#include "checks/text_field.hpp"
#include "support/test_seed.hpp"

namespace jvmm::checks {
namespace {

std::string clean_text(std::string_view text) {
  return sanitise(text).text;
}
std::string first(ColumnCheck const& check) {
  return check.ok() ? "" : std::string(check.gravest().code);
}

TEST(Sanitise, LooksAlikesBlanksAndInvisibleOnes) {
  EXPECT_EQ(clean_text("a\xE2\x80\x94"
                       "b \xE2\x80\x9Cq\xE2\x80\x9D it\xE2\x80\x99s\xE2\x80\xA6"),
            "a-b \"q\" it's...");
  EXPECT_EQ(clean_text("\xE2\x80\xA2 one\n\xE2\x96\xAA two"), "* one\n- two");
  EXPECT_EQ(clean_text("paral\xC2\xB7lel"), "paral\xC2\xB7lel") << "a middle dot inside a word is a letter's";
  EXPECT_EQ(clean_text("  a\xC2\xA0 \t b  \n\n\n\n c \r\n d\r"), "a b\n\nc\nd");
  EXPECT_EQ(clean_text("in\xC2\xAD"
                       "for\xE2\x80\x8Bmation\xEF\xBB\xBF"),
            "information");
  EXPECT_EQ(clean_text("a\x01"
                       "b\x7F"
                       "c\xE2\x80\xAE"),
            "abc");
}

TEST(Sanitise, NoLetterOfAnyScriptIsLost) {
  for (auto const* text :
       {"\xE4\xB8\xAA\xE4\xBA\xBA\xE6\x88\x90\xE9\x95\xBF", "\xD7\x9E\xD7\xA0\xD7\x97\xD7\xAA",
        "\xC3\x89"
        "cole \xC3\x9F \xC3\x9E",
        "\xE0\xA4\xA7\xE0\xA5\x8D\xE0\xA4\xAF\xE0\xA4\xBE\xE0\xA4\xA8", "\xD0\x96\xD0\xB8\xD0\xB7\xD0\xBD\xD1\x8C",
        "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x92\xBB", "\xF0\x9F\x99\x8F\xF0\x9F\x8F\xBD",
        "\xD9\x85\xDB\x8C\xE2\x80\x8C\xD8\xAE\xD9\x88\xD8\xA7\xD9\x87\xD9\x85"})
    EXPECT_EQ(clean_text(text), text);
}

TEST(Sanitise, JoinersBetweenLatinLettersGo) {
  EXPECT_EQ(clean_text("a\xE2\x80\x8D"
                       "b\xE2\x80\x8C"),
            "ab");
}

TEST(Sanitise, DecomposedAccentsAreComposedAlsoAcrossWhatGoes) {
  EXPECT_EQ(clean_text("Cafe\xCC\x81"), "Caf\xC3\xA9");
  EXPECT_EQ(clean_text("Cafe\xE2\x80\x8B\xCC\x81"), "Caf\xC3\xA9");
  EXPECT_TRUE(sanitise("Cafe\xCC\x81").composed);
  EXPECT_FALSE(sanitise("Caf\xC3\xA9").composed);
}

TEST(Sanitise, TwiceIsOnce) {
  auto const seed = test::test_seed();
  std::mt19937_64 random(seed);
  constexpr char32_t k_alphabet[] = {'a',     ' ',    '\n',   '\r',   '\t',   0x301,  0xA0, 0xAD,   0x200B,
                                     0x200C,  0x200D, 0x2014, 0x2019, 0x2026, 0x2022, 0xB7, 0x25AA, 0x3000,
                                     0x1F469, 0x5D0,  0x627,  0xFEFF, 0x202E, 0x1,    0x85, 0x2028, 0x1FEF,
                                     0x37E,   0x2000, 0xFFFD, '<',    '&',    0x387};
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (auto length = random() % 12; length > 0; --length)
      utf8::append(text, k_alphabet[random() % std::size(k_alphabet)]);
    auto const once = clean_text(text);
    EXPECT_EQ(clean_text(once), once) << "seed " << seed << ", text " << testing::PrintToString(text);
  }
}

TEST(WithoutHtml, TagsGoAndEntitiesBecomeCharacters) {
  EXPECT_EQ(without_html("<p>Hi <strong>you</strong></p>"), "\nHi you\n");
  EXPECT_EQ(without_html("a &amp; b &#233; &#x1F600;"), "a & b \xC3\xA9 \xF0\x9F\x98\x80");
  EXPECT_EQ(without_html("x<script>alert('<b>')</script>y<!-- z -->"), "xy");
}

TEST(WithoutHtml, WhatOnlyLooksLikeItStays) {
  for (auto const* text : {"a < b > c", "I <3 you", "R&D; AT&T", "<ann@x.org>", "<unknown>x</unknown>", "&#xD800;",
                           "&#0;", "<b", "<p <b", "&;", "&#;", "2 <p", "<!-- open"})
    EXPECT_EQ(without_html(text), text);
}

TEST(WithoutHtml, HostileRepetitionIsLinear) {
  std::string text;
  for (int i = 0; i < 100'000; ++i)
    text += i % 2 ? "<script>" : "<!--";
  EXPECT_EQ(without_html(text).size(), 200'000u);
}

TEST(CheckText, GoodTextsPass) {
  for (auto const* text : {"I help people.", "Yoga", "\xE7\x91\x9C\xE4\xBC\xBD", "a < b", "No one is left behind",
                           "NA\xC3\x8FVE art", "AI"})
    EXPECT_TRUE(check_text(text).ok()) << text << first(check_text(text));
  EXPECT_TRUE(check_text(std::nullopt).ok());
  EXPECT_TRUE(check_text("").ok());
}

TEST(CheckText, SaysWhatIsWrong) {
  EXPECT_EQ(first(check_text("TBD ")), "placeholder");
  EXPECT_EQ(first(check_text("...")), "placeholder");
  EXPECT_EQ(first(check_text("\xE2\x80\xA6")), "placeholder");
  EXPECT_EQ(first(check_text("\t\xE2\x80\x8B")), "blank");
  EXPECT_EQ(first(check_text("<p></p>")), "html");
  EXPECT_EQ(first(check_text("a\x02")), "controls");
  EXPECT_EQ(first(check_text("caf\xC3\x83\xC2\xA9")), "mojibake");
  EXPECT_TRUE(check_text("S\xC3\x83O PAULO").ok()) << "a capital of Portuguese";
  EXPECT_EQ(first(check_text("WE HELP EVERYBODY WITH EVERYTHING")), "all_caps");
  EXPECT_EQ(first(check_text(std::string(20'000, 'x'))), "very_long");
}

TEST(CheckText, ProposesTheCleanedTextAndNothingForNothing) {
  auto const check = check_text("<b>Yoga</b>  for\xC2\xA0men ");
  ASSERT_TRUE(check.proposal);
  EXPECT_EQ(check.proposal->value, "Yoga for men");
  EXPECT_TRUE(check.proposal->safe);
  EXPECT_EQ(check_text("n/a").proposal->value, std::nullopt);
  EXPECT_FALSE(check_text("good").proposal);
  EXPECT_FALSE(check_text("WE HELP EVERYBODY WITH EVERYTHING").proposal);
}

TEST(CheckText, WhatIsProposedHasNothingMoreToMend) {
  for (auto const* text : {"&amp;amp; x", "&lt;b&gt;x", "<p>a</p>\n\n\n<p>b</p>", " \xE2\x80\x9Cx\xE2\x80\x9D "}) {
    auto const once = check_text(text).proposal;
    ASSERT_TRUE(once && once->value) << text;
    auto const twice = check_text(*once->value);
    EXPECT_TRUE(!twice.proposal) << text << " -> " << *once->value << " -> " << first(twice);
  }
}

}  // namespace
}  // namespace jvmm::checks
