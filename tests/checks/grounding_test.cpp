#include "checks/grounding.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "support/test_seed.hpp"

namespace jvmm::checks {
namespace {

bool grounded(std::string_view value, std::vector<std::string> const& quotes, std::string_view page) {
  return check_grounding(value, quotes, Page(page)).ok();
}

/// The same by the textbook's table.
double slow_similarity(std::string const& quote, std::string const& page) {
  std::vector<std::size_t> column(quote.size() + 1);
  for (std::size_t i = 0; i < column.size(); ++i)
    column[i] = i;
  std::size_t best = quote.size();
  for (char const c : page) {
    auto diagonal = column[0];
    for (std::size_t i = 1; i < column.size(); ++i) {
      auto const next = std::min({column[i] + 1, column[i - 1] + 1, diagonal + (quote[i - 1] != c)});
      diagonal = column[i];
      column[i] = next;
    }
    best = std::min(best, column.back());
  }
  return 1.0 - static_cast<double>(best) / static_cast<double>(quote.size());
}

TEST(QuoteSimilarity, IsThatOfTheTextbook) {
  auto const seed = test::test_seed();
  std::mt19937_64 random(seed);
  auto const word = [&](std::size_t length) {
    std::string text;
    while (text.size() < length)
      text += static_cast<char>('a' + random() % 3);
    return text;
  };
  for (int round = 0; round < 300; ++round) {
    auto const quote = word(1 + random() % 200), page = word(1 + random() % 300);
    EXPECT_DOUBLE_EQ(quote_similarity(quote, Page(page)), slow_similarity(quote, page)) << "seed " << seed;
  }
}

TEST(QuoteSimilarity, ForgivesCaseAccentsAndBlanks) {
  EXPECT_EQ(quote_similarity("Caf\xC3\xA9  M\xC3\x9CLLER", Page("the cafe muller opens")), 1.0);
  EXPECT_EQ(quote_similarity("", Page("x")), 0.0);
  EXPECT_EQ(quote_similarity("x", Page("")), 0.0);
}

TEST(Grounding, AQuoteGroundsAValueInOtherWords) {
  std::string const page =
      "Our academy teaches founders how to raise their first round of funding without losing sleep.";
  EXPECT_TRUE(grounded("Fundraising for start-ups", {"teaches founders how to raise their first round"}, page));
  EXPECT_TRUE(grounded("Fundraising for start-ups", {"teaches founder how to rise their first rounds"}, page))
      << "a few slips";
  EXPECT_FALSE(grounded("Fundraising for start-ups", {"teaches nurses to sleep through their night shifts"}, page));
  EXPECT_FALSE(grounded("Fundraising for start-ups", {"funding"}, page)) << "too short to prove anything";
}

TEST(Grounding, HalfOfTheFragmentsHaveToStandThere) {
  std::string const page = "We offer group coaching and a yearly retreat.";
  EXPECT_TRUE(grounded("group coaching, keynote speaking", {}, page));
  EXPECT_FALSE(grounded("group coaching, keynote speaking, book writing", {}, page));
}

TEST(Grounding, AShortValueDoesNotPassForLackOfFragments) {
  EXPECT_FALSE(grounded("SEO, PR", {}, "nothing of the kind"));
  EXPECT_TRUE(grounded("SEO", {}, "we do seo."));
  EXPECT_FALSE(grounded("art", {}, "we start early")) << "inside another word";
  EXPECT_TRUE(grounded("", {}, "x"));
}

TEST(Grounding, AnEmptyPageProvesNothing) {
  auto const check = check_grounding("value", {}, Page(" \n"));
  ASSERT_FALSE(check.ok());
  EXPECT_EQ(check.gravest().code, "page_empty");
  EXPECT_FALSE(check.holds());
}

TEST(Grounding, HugePagesAndQuotes) {
  std::string page;
  for (int i = 0; i < 200'000; ++i)
    page += static_cast<char>('a' + i % 7);
  EXPECT_FALSE(grounded("zzzzzzzzzz", {std::string(100'000, 'z')}, page));
}

}  // namespace
}  // namespace jvmm::checks
