#include "text/phrase_finder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <tuple>

#include "base/utf8.hpp"
#include "support/test_seed.hpp"
#include "text/canonical.hpp"
#include "text/casing.hpp"
#include "text/tokens.hpp"

namespace jvmm::text {
namespace {

using Found = std::set<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>>;

Found find(std::vector<std::string> const& phrases, std::string const& text) {
  std::vector<PhraseFinder::Match> matches;
  PhraseFinder(phrases).find(lower(text), matches);
  Found out;
  for (auto const& match : matches)
    out.emplace(match.phrase, match.begin, match.end);
  return out;
}

bool has(std::string const& phrase, std::string const& text) {
  return !find({phrase}, text).empty();
}

TEST(PhraseFinder, MatchesWholeWordsWithoutRegardToCase) {
  EXPECT_TRUE(has("Art", "the ART of"));
  EXPECT_FALSE(has("art", "start"));
  EXPECT_FALSE(has("art", "arts"));
  EXPECT_FALSE(has("art", "art_x"));
  EXPECT_FALSE(has("art", "arté"));
  EXPECT_FALSE(has("art", "éart"));
  EXPECT_TRUE(has("art", "(art)"));
  EXPECT_TRUE(has("öl", "Heißes ÖL"));
}

TEST(PhraseFinder, AStarIsTheRestOfTheWord) {
  EXPECT_EQ(find({"coach*"}, "my coaching, ok"), (Found{{0, 3, 11}}));
  EXPECT_TRUE(has("coach*", "coach"));
  EXPECT_FALSE(has("coach*", "a stagecoach"));
}

TEST(PhraseFinder, BlanksAndHyphensAreOne) {
  for (auto const* text :
       {"well-being", "well being", "well - being", "well\n\tbeing", "well--being", "well\u00a0being"})
    EXPECT_TRUE(has("well being", text)) << text;
  EXPECT_TRUE(has("well-being", "well being"));
  EXPECT_FALSE(has("well being", "wellbeing"));
  EXPECT_FALSE(has("wellbeing", "well-being"));
}

TEST(PhraseFinder, SignsHaveNoWordBoundary) {
  EXPECT_TRUE(has("%", "37% more"));
  EXPECT_TRUE(has("1:1", "my 1:1 coaching"));
  EXPECT_FALSE(has("1:1", "11:12"));
  EXPECT_TRUE(has("a/b test*", "A/B testing"));
}

TEST(PhraseFinder, ANumberSignIsADigit) {
  EXPECT_TRUE(has("in 19##", "born in 1987"));
  EXPECT_FALSE(has("in 19##", "in 19 days"));
  EXPECT_FALSE(has("in 20##", "in 20 minutes"));
}

TEST(PhraseFinder, SaysWhatIsWrongWithAPhrase) {
  for (auto const* bad : {"", " ", " a", "a-", "a *", "*", "a*b", "**", "###", "\xff"})
    EXPECT_NE(PhraseFinder::problem(bad), "") << bad;
  for (auto const* good : {"a", "a*", "%", "in 20##", "l&d", "naïve", "she's", "{x}", "a, b"})
    EXPECT_EQ(PhraseFinder::problem(good), "") << good;
}

// The rule as its comment has it, tried at every place of the text.
class Naive {
 public:
  explicit Naive(std::string text) : m_text(std::move(text)) {}

  Found find(std::vector<std::string> const& phrases) const {
    Found out;
    for (std::uint32_t i = 0; i < phrases.size(); ++i)
      for (std::size_t at = 0; at < m_text.size(); ++at)
        if (auto const end = match(PhraseFinder::canonical(phrases[i]), at); end > 0)
          out.emplace(i, static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(end));
    return out;
  }

 private:
  bool word(std::size_t at) const { return at < m_text.size() && is_word(utf8::decode(m_text, at).value); }
  bool separator(std::size_t at) const {
    if (at >= m_text.size()) return false;
    auto const c = utf8::decode(m_text, at).value;
    return c == '-' || is_space(c);
  }
  bool word_ends_at(std::size_t at) const {
    for (std::size_t i = 0; i < at;) {
      auto const c = utf8::decode(m_text, i);
      i += c.length;
      if (i == at) return is_word(c.value);
    }
    return false;
  }

  std::size_t match(std::string phrase, std::size_t begin) const {
    bool const open = phrase.ends_with('*');
    if (open) phrase.pop_back();
    auto at = begin;
    for (std::size_t i = 0; i < phrase.size(); ++i) {
      if (phrase[i] == ' ') {
        if (!separator(at)) return 0;
        while (separator(at))
          at += utf8::decode(m_text, at).length;
      } else if (at < m_text.size() &&
                 (m_text[at] == phrase[i] || (phrase[i] == '#' && m_text[at] >= '0' && m_text[at] <= '9'))) {
        ++at;
      } else {
        return 0;
      }
    }
    bool const word_first = phrase[0] == '#' || is_word(utf8::decode(phrase, 0).value);
    if (word_first && word_ends_at(begin)) return 0;
    if (open) {
      while (word(at))
        at += utf8::decode(m_text, at).length;
      return at;
    }
    return word_ends_at(at) && word(at) ? 0 : at;
  }

  std::string m_text;
};

std::string random_text(std::mt19937& random, std::size_t most, std::vector<std::string> const& parts) {
  std::string out;
  for (auto count = 1 + random() % most; count > 0; --count)
    out += parts[random() % parts.size()];
  return out;
}

TEST(PhraseFinder, FindsWhatTheRuleSaysInRandomTexts) {
  auto const seed = test::test_seed();
  SCOPED_TRACE(testing::Message() << "JVMM_TEST_SEED=" << seed);
  std::mt19937 random(seed);
  std::vector<std::string> const letters{"a", "b", "ab",     "a",  " ", "-",  "é", "1",
                                         "%", "_", "\u00a0", "\n", "A", "日", ":"};
  std::vector<std::string> const phrase_parts{"a", "b", "ab", " ", "-", "é", "1", "#", "%", ":", "日"};
  for (int round = 0; round < 3000; ++round) {
    std::vector<std::string> phrases;
    std::set<std::string> known;
    for (int i = 0; i < 6; ++i) {
      auto phrase = random_text(random, 5, phrase_parts);
      if (random() % 3 == 0) phrase += '*';
      if (PhraseFinder::problem(phrase).empty() && known.insert(PhraseFinder::canonical(phrase)).second)
        phrases.push_back(phrase);
    }
    auto const text = random_text(random, 25, letters);
    ASSERT_EQ(find(phrases, text), Naive(lower(text)).find(phrases)) << "'" << text << "' in round " << round;
  }
}

// 20,000 words that begin every phrase anew; what is not linear does not come to an end here.
TEST(PhraseFinder, HostileTextsTakeLinearTime) {
  std::vector<std::string> phrases;
  for (std::string phrase = "a"; phrase.size() < 80; phrase += " a")
    phrases.push_back(phrase + " b*");
  PhraseFinder const finder(phrases);
  std::vector<PhraseFinder::Match> matches;
  std::string text;
  for (int i = 0; i < 20'000; ++i)
    text += "a ";
  finder.find(text, matches);
  EXPECT_TRUE(matches.empty());
  finder.find(std::string(1 << 20, 'a'), matches);
  EXPECT_TRUE(matches.empty());
  finder.find(std::string(1 << 20, '-'), matches);
  EXPECT_TRUE(matches.empty());
}

}  // namespace
}  // namespace jvmm::text
