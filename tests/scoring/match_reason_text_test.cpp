#include "scoring/match_reason_text.hpp"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace jvmm::scoring {
namespace {

using Cases = std::vector<std::pair<std::string, std::string>>;

void expect_all(void (*change)(std::string&), Cases const& cases) {
  for (auto const& [text, expected] : cases) {
    auto changed = text;
    change(changed);
    EXPECT_EQ(changed, expected) << text;
  }
}

TEST(Reach, IsHalfEvenInMillionsAndCutInThousands) {
  std::pair<double, std::string> const cases[] = {
      {0, ""},
      {1, "1"},
      {999, "999"},
      {1000, "1K"},
      {12'000, "12K"},
      {1999, "1K"},
      {999'999, "999K"},
      {1e6, "1.0M"},
      {1'250'000, "1.2M"},
      {1'350'000, "1.4M"},
      {1'750'000, "1.8M"},
      {2'147'483'647, "2147.5M"},
      {4'294'967'294, "4295.0M"},
  };
  for (auto const& [people, text] : cases)
    EXPECT_EQ(reach(people), text) << people;
}

TEST(RemoveKeywordMatches, TakesTwoBracketsOfOneLine) {
  expect_all(remove_keyword_matches, {{"a Keyword match: ['a', 'b'] ↔ ['c'] z", "a  z"},
                                      {"Keyword match: [] ⟷ []Keyword match: [x]↔[y]!", "!"},
                                      {"Keyword match: [a] b] ↔ [c]", ""},
                                      {"Keyword match: [a\n] ↔ [c]", "Keyword match: [a\n] ↔ [c]"},
                                      {"Keyword match: [a] ↔ [c", "Keyword match: [a] ↔ [c"},
                                      {"Keyword match: [a] -> [c]", "Keyword match: [a] -> [c]"},
                                      {"Keyword match: Keyword match: [a] ↔ [c].", "Keyword match: ."},
                                      {"keyword match: [a] ↔ [c]", "keyword match: [a] ↔ [c]"}});
}

TEST(RemoveWarnings, GoesToTheNextFullStop) {
  expect_all(remove_warnings, {{"x ⚠️ low data. y", "x y"},
                               {"⚠️.⚠️ a.\n\u3000b", "b"},
                               {"\u26A0 low data. y", "\u26A0 low data. y"},
                               {"x ⚠️ low data", "x ⚠️ low data"}});
}

TEST(RemoveScores, TakesOneNumberInBrackets) {
  expect_all(remove_scores, {{"a (score: 12.3) b", "a  b"},
                             {"(score:7)(score: 0.)", ""},
                             {"(score: x) (score: ) (score: 3", "(score: x) (score: ) (score: 3"},
                             {"(score: (score: 3)", "(score: "}});
}

TEST(RemoveAssignments, TakesTheWholeName) {
  expect_all(remove_assignments, {{"too synergy_score = 0.85 low", "too  low"},
                                  {"é_x_score=1", ""},
                                  {"a_score_score = 2.", ""},
                                  {"a_score = 1b_score=2 c", " c"},
                                  {"_score = 1", "_score = 1"},
                                  {"a_scores = 1", "a_scores = 1"},
                                  {"a_score = x", "a_score = x"},
                                  {"a_score", "a_score"}});
}

TEST(JoinFullStops, GoesOverTheTextOnce) {
  expect_all(join_full_stops, {{"a..b", "a.b"},
                               {"a. \u00a0\n.b", "a.b"},
                               {"a...b", "a..b"},
                               {"a....b", "a..b"},
                               {"a. b. c", "a. b. c"},
                               {".", "."}});
}

TEST(JoinBlanks, LeavesSingleOnes) {
  expect_all(join_blanks, {{"a  b", "a b"},
                           {"a \u3000\n\tb  ", "a b "},
                           {"a\nb\u00a0c d", "a\nb\u00a0c d"},
                           {"a\u200b b", "a\u200b b"},
                           {"  ", " "},
                           {"", ""}});
}

TEST(StripEnds, TakesBlanksAndFullStops) {
  expect_all(strip_ends, {{" . a. b. . ", "a. b"}, {"...", ""}, {"", ""}, {"\na\n", "\na\n"}});
}

}  // namespace
}  // namespace jvmm::scoring
