#include "text/tokens.hpp"

#include <gtest/gtest.h>

#include "json/parse.hpp"
#include "json/ref.hpp"
#include "text/lines.hpp"

namespace jvmm::text {
namespace {

using Tokens = std::vector<std::string>;

Tokens tokens(std::string_view text) {
  return overlap_tokens(text, 4, {"that", "with"});
}

TEST(IsWord, TakesLettersNumbersAndTheUnderscoreOnly) {
  for (char32_t const c : std::u32string_view(U"aZ09_éßǅʰªא中Ⅷ½²٣𝔘"))
    EXPECT_TRUE(is_word(c)) << static_cast<std::uint32_t>(c);
  for (char32_t const c : std::u32string_view(U"-' .\u0301\u0903\u20DD‿’\u200B\uFFFD\u00A0€😀\uE000\U0010FFFF"))
    EXPECT_FALSE(is_word(c)) << static_cast<std::uint32_t>(c);
}

TEST(IsWord, HoldsForAsManyAsInPython) {
  std::size_t count = 0;
  for (char32_t c = 0; c < 0x1000; ++c)
    count += is_word(c) ? 1 : 0;
  EXPECT_EQ(count, 2523u) << "by str.isalnum, and the underscore, of Python 3.11";
}

TEST(SplitWhitespace, DropsEmptyParts) {
  using Parts = std::vector<std::string_view>;
  EXPECT_EQ(split_whitespace(""), Parts{});
  EXPECT_EQ(split_whitespace(" \u3000\n"), Parts{});
  EXPECT_EQ(split_whitespace("a\u00a0 b\u200bc\u2029é"), (Parts{"a", "b\u200bc", "é"}));
}

TEST(OverlapTokens, AreLowerCasedRunsOfWordCharacters) {
  EXPECT_EQ(tokens("Women's self-improvement, WOMEN_1 & TOOLS"),
            (Tokens{"improvement", "self", "tools", "women", "women_1"}));
  EXPECT_EQ(tokens("ΟΔΟΣ οδος Οδοσ"), (Tokens{"οδος", "οδοσ"})) << "capital sigma at the end is the final one";
  EXPECT_EQ(tokens("Ñandú \u0130nce"), Tokens{"ñandú"}) << "the dot of the small i splits";
}

TEST(OverlapTokens, CountsCodePointsAndDropsStopWords) {
  EXPECT_EQ(tokens("été étés That WITH café"), (Tokens{"café", "étés"}));
  EXPECT_EQ(tokens("cafe\u0301 societe\u0301s"), (Tokens{"cafe", "societe"})) << "a combining mark splits";
  EXPECT_EQ(tokens(" \u3000 a bb ccc"), Tokens{});
  EXPECT_EQ(tokens("abcd\xff"
                   "efgh\xe2\x82"),
            (Tokens{"abcd", "efgh"}));
}

TEST(OverlapTokens, AreASetInCodePointOrder) {
  EXPECT_EQ(tokens("zeta alpha ZETA \U0001D518\U0001D518\U0001D518\U0001D518 ｚｚｚｚ alpha"),
            (Tokens{"alpha", "zeta", "ｚｚｚｚ", "\U0001D518\U0001D518\U0001D518\U0001D518"}));
}

TEST(OverlapTokens, AreThoseOfPythonForRandomTexts) {
  LineReader lines(JVMM_SOURCE_DIR "/tests/data/casing/texts.jsonl.gz");
  for (std::string line; lines.next(line);) {
    auto const value = json::parse(line);
    json::Ref const row(value, "texts.jsonl.gz");
    Tokens words;
    for (auto const& word : row[3].items())
      words.push_back(word.string());
    EXPECT_EQ(overlap_tokens(row[0].string(), 4, {}), words) << row[0].string();
  }
  EXPECT_EQ(lines.line_number(), 2000u);
}

}  // namespace
}  // namespace jvmm::text
