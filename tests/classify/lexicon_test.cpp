#include "classify/lexicon.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace jvmm::classify {
namespace {

using ::testing::DoubleEq;
using ::testing::ElementsAre;

Taxonomy taxonomy() {
  return parse_taxonomy(
      R"({"name": "t", "task": "offer_types", "version": 1, "labels": [
        {"key": "course", "lexicon": [["course", 1], ["online course*", 1.5], ["training", 0.5]]},
        {"key": "coach", "lexicon": [["coach*", 2], ["training", 1]]}, {"key": "none"}]})",
      "t");
}

TEST(Lexicons, SumDistinctEntriesPerLabel) {
  Lexicon const lexicon(taxonomy());
  std::vector<double> sums(3);
  lexicon.sums("Online-Course, course and training; coaching by a coach", sums);
  EXPECT_THAT(sums, ElementsAre(DoubleEq(3), DoubleEq(3), DoubleEq(0)));
  lexicon.sums("", sums);
  EXPECT_THAT(sums, ElementsAre(0, 0, 0));
}

TEST(Lexicons, InAPhraseTheHeadAndLongEntriesCountMore) {
  Lexicon const lexicon(taxonomy());
  std::vector<double> best(3);
  lexicon.best_in_phrase("online course for coaches", 13, best);
  EXPECT_THAT(best, ElementsAre(DoubleEq(1.5 * (1 + .25 + .1)), DoubleEq(2 * .5), DoubleEq(0)));
  lexicon.best_in_phrase("course work", 11, best);
  EXPECT_THAT(best, ElementsAre(DoubleEq(1 + .25 * 6 / 11), DoubleEq(0), DoubleEq(0)));
}

}  // namespace
}  // namespace jvmm::classify
