// What remains when no model can be asked.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "base/utf8.hpp"
#include "inference/open_route.hpp"
#include "support/expect_error.hpp"

namespace jvmm::inference {
namespace {

using ::testing::DoubleEq;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// Texts that are none, or none that the rules were made for.
std::vector<std::string> degenerate_texts() {
  std::vector<std::string> out{"",
                               " \t\r\n\u00A0\u3000",
                               "...!?!...",
                               ". . .",
                               "\u2014 \u2022 \u00B7",
                               "\u65E5\u672C\u8A9E\u306E\u6587\u7AE0\u3067\u3059\u3002",
                               "\u0645\u0631\u062D\u0628\u0627 \u0628\u0627\u0644\u0639\u0627\u0644\u0645",
                               "\xff\xfe \xc3 \xe2\x82 Bob\xff Carl",
                               std::string("a\0b Bob\0", 8),
                               "\U0001F600 \U0001F680\U0001F680",
                               std::string(1 << 20, 'x'),
                               std::string(1 << 20, '.')};
  std::string huge;
  while (huge.size() < (1u << 20))
    huge += "Many words Of no Consequence. ";
  out.push_back(huge);
  return out;
}

std::vector<double> scores(ZeroShotParameters parameters, std::string_view text) {
  std::string_view const texts[]{text};
  auto const results = open_zero_shot("rules", std::move(parameters), {})->classify(texts);
  EXPECT_TRUE(results.at(0));
  EXPECT_EQ(results[0]->backend, "rules");
  return results[0]->scores;
}

std::vector<std::string> entities(std::string const& text) {
  std::string_view const texts[]{text};
  std::vector<std::string> out;
  auto const results = open_ner("rules", {})->recognize(texts);
  for (auto const& entity : results.at(0)->entities)
    out.push_back(text.substr(entity.begin, entity.end - entity.begin));
  return out;
}

std::string summary(std::string const& text, std::size_t max_tokens = 12) {
  std::string_view const texts[]{text};
  return open_summarizer("rules", {1, max_tokens}, {})->summarise(texts).at(0)->text;
}

// --- zero-shot ------------------------------------------------------------------------------------------------------

TEST(ZeroShotByWords, DividesByTheShareOfEachLabelsWords) {
  EXPECT_THAT(scores({{"business coaching", "software"}}, "I do Business, mostly."),
              ElementsAre(DoubleEq(1), DoubleEq(0)));
  EXPECT_THAT(scores({{"business coaching", "software"}}, "Software for business"),
              ElementsAre(DoubleEq(1.0 / 3), DoubleEq(2.0 / 3)));
  EXPECT_THAT(scores({{"a b", "b c"}, "This is {}.", true}, "anything"), ElementsAre(0, 0));
}

TEST(ZeroShotByWords, KeepsEachShareWhereLabelsDoNotExcludeEachOther) {
  EXPECT_THAT(scores({{"business coaching", "software"}, "This is {}.", true}, "software for business"),
              ElementsAre(DoubleEq(0.5), DoubleEq(1)));
}

TEST(ZeroShotByWords, IsEvenWhereNothingIsInCommon) {
  EXPECT_THAT(scores({{"one thing", "another"}}, "nothing"), ElementsAre(DoubleEq(0.5), DoubleEq(0.5)));
}

TEST(ZeroShotByWords, ComparesOtherAlphabetsWithoutRegardToCase) {
  EXPECT_THAT(scores({{"\u041A\u043E\u0443\u0447\u0438\u043D\u0433", "\u00C9tudes"}},
                     "\u043A\u043E\u0443\u0447\u0438\u043D\u0433"),
              ElementsAre(DoubleEq(1), DoubleEq(0)));
}

TEST(ZeroShotByWords, AnswersWhateverTheTextIs) {
  for (bool const multi_label : {false, true})
    for (auto const& text : degenerate_texts()) {
      auto const found = scores({{"words of consequence", "!!!", "\xff\xfe"}, "This is {}.", multi_label}, text);
      ASSERT_EQ(found.size(), 3u);
      for (auto const score : found)
        EXPECT_TRUE(score >= 0 && score <= 1) << score;
      if (!multi_label) {
        EXPECT_NEAR(std::accumulate(found.begin(), found.end(), 0.0), 1, 1e-12);
      }
    }
}

TEST(ZeroShotByWords, RefusesLabelsThatAreNone) {
  testing::expect_error(Kind::usage, "label", [] { (void)open_zero_shot("rules", {}, {}); });
  testing::expect_error(Kind::usage, "twice", [] { (void)open_zero_shot("rules", {{"a", "a"}}, {}); });
}

// --- entities -------------------------------------------------------------------------------------------------------

TEST(EntitiesByCapitals, FindsRunsOfCapitalisedWordsWithinASentence) {
  EXPECT_THAT(entities("Today Ada Lovelace met Bob in Paris. Then she left."),
              ElementsAre("Ada Lovelace", "Bob", "Paris"));
}

TEST(EntitiesByCapitals, DoesNotTakeTheFirstWordOfASentence) {
  EXPECT_THAT(entities("Coaching is fun! Writing too? \"Yes.\" Really."), IsEmpty());
  EXPECT_THAT(entities("\u2022 Coaching \u2014 Writing"), ElementsAre("Writing"));
}

TEST(EntitiesByCapitals, PunctuationEndsARun) {
  EXPECT_THAT(entities("with Ada, Bob (Carl) and \u201CDora\u201D's"),
              ElementsAre("Ada", "Bob", "Carl", "Dora\u201D's"));
}

TEST(EntitiesByCapitals, TellsCapitalsOfOtherAlphabetsFromSmallLetters) {
  EXPECT_THAT(entities("chez \u00C9mile \u00E9t\u00E9 \u00FCber \u0410\u043D\u043D\u0430 \u0438 \u65E5\u672C"),
              ElementsAre("\u00C9mile", "\u0410\u043D\u043D\u0430"));
}

TEST(EntitiesByCapitals, AnswersWhateverTheTextIs) {
  for (auto const& text : degenerate_texts()) {
    std::string_view const texts[]{text};
    auto const results = open_ner("rules", {})->recognize(texts);
    ASSERT_TRUE(results.at(0));
    std::size_t last = 0;
    for (auto const& [type, begin, end, score] : results[0]->entities) {
      EXPECT_EQ(type, "MISC");
      EXPECT_EQ(score, 0.5);
      ASSERT_TRUE(last <= begin && begin < end && end <= text.size());
      last = end;
    }
  }
  EXPECT_THAT(entities("of \xff\xfe and \xc3"), IsEmpty());
}

// --- summaries ------------------------------------------------------------------------------------------------------

TEST(SummaryByFirstSentences, TakesWholeSentencesWhileTheyFit) {
  EXPECT_EQ(summary("One is here. Two is here. Three is here. Four is here."),
            "One is here. Two is here. Three is here.");
  EXPECT_EQ(summary("  All of it. And more  ", 100), "All of it. And more");
}

TEST(SummaryByFirstSentences, CutsAFirstSentenceBetweenWords) {
  EXPECT_EQ(summary("a sentence that is by far too long to be taken as it stands", 8), "a sentence that is by");
}

TEST(SummaryByFirstSentences, CutsAWordThatIsTooLongAtACodePoint) {
  std::string text;
  for (int i = 0; i < 100; ++i)
    text += "\u65E5";
  auto const found = summary(text, 8);
  EXPECT_EQ(found.size(), 24u);
  EXPECT_EQ(utf8::first_invalid(found), std::string::npos);
  EXPECT_EQ(summary("\u65E5\u672C", 0), "\u65E5");
}

TEST(SummaryByFirstSentences, AnswersWhateverTheTextIs) {
  for (auto const& text : degenerate_texts())
    for (std::size_t const tokens : {0, 1, 3, 130, 1 << 30}) {
      auto const found = summary(text, tokens);
      EXPECT_NE(text.find(found), std::string::npos);
      EXPECT_EQ(found.empty(), text.empty() || text[0] == ' ');
    }
}

}  // namespace
}  // namespace jvmm::inference
