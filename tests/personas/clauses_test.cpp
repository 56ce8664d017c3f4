#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "base/utf8.hpp"
#include "personas/clauses.hpp"
#include "personas/clean_row.hpp"
#include "personas/corpus.hpp"
#include "support/test_seed.hpp"

namespace jvmm::personas {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> heads(std::string const& text) {
  return heads_of(clean_text(text));
}

TEST(AudienceHeads, LeadInsAndTailsAreCutOff) {
  EXPECT_THAT(heads("Mostly stressed knowledge workers, some desk-bound staff with sixty-hour weeks"),
              ElementsAre("stressed knowledge workers", "desk-bound staff with sixty-hour weeks"));
  EXPECT_THAT(heads("I serve accelerator graduates who want to raise a seed round"),
              ElementsAre("accelerator graduates"));
  EXPECT_THAT(heads("My clients are: new moms, particularly those on a budget. Our readers are empaths"),
              ElementsAre("new moms", "empaths"));
  EXPECT_THAT(heads("Primary audience: retirees. Secondary: older adults"), ElementsAre("retirees", "older adults"));
  EXPECT_THAT(heads("The sort of client who says 'I am done with self-doubt': nurses"), ElementsAre("nurses"));
  EXPECT_THAT(heads("guides facing relapse. Guides looking to grow"), ElementsAre("guides"));
}

TEST(AudienceHeads, ATailWithNothingBeforeItStays) {
  EXPECT_THAT(heads("who want to leave"), ElementsAre("who want to leave"));
  EXPECT_THAT(heads("surfacing divers"), ElementsAre("surfacing divers"));
}

TEST(AudienceHeads, ClausesPartAtSignsAndSomeSlashes) {
  EXPECT_THAT(heads("Founders/course creators; singles | couples\n• artists"),
              ElementsAre("founders", "course creators", "singles", "couples", "artists"));
  EXPECT_THAT(heads("24/7 carers and/or nurses"), ElementsAre("24/7 carers and/or nurses"));
  EXPECT_THAT(heads("owners of v2.0 tools"), ElementsAre("owners of v2.0 tools"));
}

TEST(AudienceHeads, MarkupAndInvisibleSignsAreGone) {
  EXPECT_THAT(heads("<p>New&nbsp;moms</p><p>wo\u00ADmen over\u200B 45</p>"), ElementsAre("new moms", "women over 45"));
  EXPECT_THAT(heads("\uFF28\uFF32 leaders"), ElementsAre("hr leaders"));
  EXPECT_EQ(clean_text("\u201CQuoted\u201D\t it\u2019s  so"), "\"quoted\" it's so");
}

TEST(AudienceHeads, OtherLanguagesStayWholeClauses) {
  EXPECT_THAT(heads("Alleinerziehende Mütter; 创业者"), ElementsAre("alleinerziehende mütter", "创业者"));
  EXPECT_THAT(heads("предприниматели, которые ищут клиентов"), ElementsAre("предприниматели, которые ищут клиентов"));
}

TEST(AudienceHeads, NothingToTellGivesNone) {
  for (auto const* text : {"", "  \n ", "...", "--", "12 / 34", ";;||", "I", "\xFF\xFE"})
    EXPECT_THAT(heads(text), IsEmpty()) << text;
}

TEST(AudienceHeads, AnyBytesGiveBoundedUtf8) {
  std::mt19937 random(test::test_seed());
  static constexpr char k_signs[] = "ab ,;.:/'\"<>&#-\n\xC3\xA9\xE2\x80\xFF\xF0";
  for (int round = 0; round < 400; ++round) {
    std::string text;
    for (auto length = random() % 300; length > 0; --length)
      text += k_signs[random() % (sizeof k_signs - 1)];
    for (auto const& head : heads(text)) {
      EXPECT_EQ(utf8::first_invalid(head), std::string::npos);
      EXPECT_FALSE(head.empty());
    }
  }
}

TEST(AudienceHeads, HugeTextsAreCut) {
  std::string many, nested(300000, '<'), one(1000000, 'x');
  for (int i = 0; i < 100000; ++i)
    many += "people number " + std::to_string(i) + "; ";
  EXPECT_EQ(heads(many).size(), k_most_heads);
  EXPECT_LE(clean_text(nested).size(), k_most_field_bytes);
  EXPECT_THAT(heads(one), ElementsAre(std::string(k_most_phrase_code_points, 'x')));
}

TEST(AudienceRow, GenericAudienceTypesSayNothing) {
  AudienceText row;
  row.id = "a";
  row.audience_type = " B2B ";
  EXPECT_THAT(clean_row(row).types, IsEmpty());
  EXPECT_TRUE(clean_row(row).has_text);
  row.audience_type = "Yoga studio owners";
  EXPECT_THAT(clean_row(row).types, ElementsAre("yoga studio owners"));
  EXPECT_FALSE(clean_row({"a", " ", "", "<br>", "", "", "", ""}).has_text);
}

TEST(AudienceRow, IdealCustomersFollowThoseServed) {
  AudienceText row;
  row.id = "a";
  row.who_you_serve = "founders";
  row.ideal_customer = "Founders; angel investors";
  EXPECT_THAT(clean_row(row).heads, ElementsAre("founders", "angel investors"));
}

TEST(Conjunctions, PartOnlyWhereEachPartStandsAlone) {
  auto const alone = [](std::string_view text) { return text == "dentists" || text == "nurses" || text == "b and c"; };
  EXPECT_THAT(parted("dentists and nurses", alone), ElementsAre("dentists", "nurses"));
  EXPECT_THAT(parted("husbands and wives in crisis", alone), ElementsAre("husbands and wives in crisis"));
  EXPECT_THAT(parted("dentists, b and c & nurses", alone), ElementsAre("dentists", "b and c", "nurses"));
  EXPECT_THAT(parted("b and c", alone), ElementsAre("b and c"));
}

TEST(Corpus, CountsRowsAndFindsThePhrasesElsewhere) {
  std::vector<AudienceText> rows(5);
  for (std::size_t i = 0; i < rows.size(); ++i)
    rows[i].id = std::to_string(i);
  rows[0].who_you_serve = "Retirees and new moms";
  rows[1].who_you_serve = "Retirees. Retirees";
  rows[2].who_you_serve = "New moms/retirees";
  rows[3].audience_type = "new moms";
  rows[4].seeking = "pages read by RETIREES, not pre-retirees' or new  moms";
  std::vector<CleanRow> cleaned;
  std::vector<CleanRow const*> list;
  for (auto const& row : rows)
    cleaned.push_back(clean_row(row));
  for (auto const& row : cleaned)
    list.push_back(&row);
  auto const corpus = gather(list, {});
  ASSERT_EQ(corpus.phrases.size(), 2U);
  EXPECT_EQ(corpus.phrases[0].text, "new moms");
  EXPECT_EQ(corpus.phrases[0].rows, 3U);
  EXPECT_EQ(corpus.phrases[1].rows, 3U);
  EXPECT_THAT(corpus.rows[0].heads, ElementsAre(1U, 0U));
  EXPECT_THAT(corpus.rows[3].types, ElementsAre(0U));
  EXPECT_THAT(corpus.rows[4].hits, ElementsAre(0U, 1U));
}

TEST(Corpus, AnAudienceTypeOfManyRowsIsGeneric) {
  std::vector<AudienceText> rows(100);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].id = std::to_string(i);
    rows[i].audience_type = i < 12 ? "Families" : i < 15 ? "Poets" : "";
  }
  std::vector<CleanRow> cleaned;
  std::vector<CleanRow const*> list;
  for (auto const& row : rows)
    cleaned.push_back(clean_row(row));
  for (auto const& row : cleaned)
    list.push_back(&row);
  auto const corpus = gather(list, {});
  EXPECT_THAT(corpus.generic, ElementsAre("families"));
  ASSERT_EQ(corpus.phrases.size(), 1U);
  EXPECT_EQ(corpus.phrases[0].text, "poets");
}

}  // namespace
}  // namespace jvmm::personas
