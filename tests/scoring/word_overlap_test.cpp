#include "scoring/word_overlap.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <random>

#include "text/tokens.hpp"

namespace jvmm::scoring {
namespace {

using Ids = std::vector<std::uint32_t>;

OverlapSteps steps() {
  OverlapSteps out;
  out.steps = {{0.4, 10.0}, {0.25, 8.0}, {0.15, 6.0}, {0.05, 4.5}};
  return out;
}

text::StopWords const k_stop_words{"that", "this", "with",  "from",  "they",   "them",  "their", "have", "been",
                                   "were", "will", "would", "could", "should", "about", "more",  "also", "just",
                                   "some", "like", "into",  "other", "what",   "your",  "help"};

double overlap(std::string_view a, std::string_view b) {
  TokenIds ids;
  auto const a_ids = ids.ids(text::overlap_tokens(a, 4, k_stop_words));
  auto const b_ids = ids.ids(text::overlap_tokens(b, 4, k_stop_words));
  return word_overlap(a_ids, b_ids, steps());
}

/// `common` ids that both have, filled up to the sizes.
std::pair<Ids, Ids> sets(std::uint32_t common, std::uint32_t a_size, std::uint32_t b_size) {
  std::pair<Ids, Ids> out;
  for (std::uint32_t i = 0; i < a_size; ++i)
    out.first.push_back(i < common ? i * 10 : i * 10 + 1);
  for (std::uint32_t i = 0; i < b_size; ++i)
    out.second.push_back(i < common ? i * 10 : i * 10 + 2);
  return out;
}

TEST(WordOverlap, IsThatOfTheReference) {
  EXPECT_EQ(overlap("alpha beta gamma delta omega", "alpha beta zeta2 theta kappa"), 10.0);
  EXPECT_EQ(overlap("alpha", "alpha beta"), 10.0);
  EXPECT_EQ(overlap("with from that", "alpha"), 3.0);
  EXPECT_EQ(overlap("one two", "three four"), 3.0);
  EXPECT_EQ(overlap("women's coaching", "women coaches"), 10.0);
  EXPECT_EQ(overlap("self-improvement tools", "self improvement"), 10.0);
  EXPECT_EQ(overlap("naïve café société", "NAÏVE CAFÉ SOCIÉTÉ"), 10.0);
  EXPECT_EQ(overlap("", "alpha"), 3.0);
}

TEST(WordOverlap, ReachesAStepAtTheRatioItself) {
  struct Case {
    std::uint32_t common, a_size, b_size;
    double score;
  };
  Case const cases[] = {{2, 5, 9, 10.0},  {1, 8, 8, 4.5},   {1, 20, 20, 4.5}, {3, 20, 20, 6.0}, {1, 4, 4, 8.0},
                        {1, 21, 30, 3.0}, {2, 14, 14, 4.5}, {7, 28, 40, 8.0}, {0, 3, 3, 3.0},   {39, 100, 100, 8.0}};
  for (auto const& [common, a_size, b_size, score] : cases) {
    auto const [a, b] = sets(common, a_size, b_size);
    EXPECT_EQ(word_overlap(a, b, steps()), score) << common << " of " << a_size << ", " << b_size;
    EXPECT_EQ(word_overlap(b, a, steps()), score);
  }
}

TEST(WordOverlap, TakesItsConstantsFromTheSteps) {
  auto custom = steps();
  custom.blank = 1.5;
  custom.otherwise = 2.5;
  EXPECT_EQ(word_overlap({}, Ids{1}, custom), 1.5);
  EXPECT_EQ(word_overlap(Ids{1}, {}, custom), 1.5);
  EXPECT_EQ(word_overlap(Ids{1}, Ids{2}, custom), 2.5);
}

TEST(WordOverlap, CountsWhatASetIntersectionCounts) {
  std::mt19937 random(7);
  OverlapSteps hundredths;
  for (int i = 100; i >= 0; --i)
    hundredths.steps.push_back({i / 100.0, i / 10.0});
  for (int round = 0; round < 2000; ++round) {
    auto const draw = [&] {
      Ids ids(1 + random() % 30);
      for (auto& id : ids)
        id = static_cast<std::uint32_t>(random() % 40);
      std::sort(ids.begin(), ids.end());
      ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
      return ids;
    };
    auto const a = draw(), b = draw();
    Ids common;
    std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(common));
    auto const ratio = static_cast<double>(common.size()) / static_cast<double>(std::min(a.size(), b.size()));
    auto const score = word_overlap(a, b, hundredths);
    ASSERT_LE(score / 10, ratio);
    ASSERT_GT(score / 10 + 0.0100001, ratio);
  }
}

TEST(TokenIds, NumberInOrderOfAppearanceAndSort) {
  TokenIds ids;
  EXPECT_EQ(ids.ids(std::vector<std::string>{"b", "d"}), (Ids{0, 1}));
  EXPECT_EQ(ids.ids(std::vector<std::string>{"a", "b", "c", "d"}), (Ids{0, 1, 2, 3}));
  EXPECT_EQ(ids.id("c"), 3u);
  EXPECT_EQ(ids.size(), 4u);
}

}  // namespace
}  // namespace jvmm::scoring
