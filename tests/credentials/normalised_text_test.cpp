#include "credentials/normalised_text.hpp"

#include <gtest/gtest.h>

#include <random>

#include "base/utf8.hpp"
#include "credentials/grounding.hpp"
#include "credentials/rules.hpp"

namespace jvmm::credentials {
namespace {

std::string shape_of(std::string_view stored) {
  return NormalisedText(stored).shape();
}

std::string cut(std::string_view stored, Place place) {
  std::string out;
  std::size_t index = 0;
  for (std::size_t at = 0; at < stored.size(); ++index) {
    auto const c = utf8::decode(stored, at);
    if (index >= place.start && index < place.end) out += stored.substr(at, c.length);
    at += c.length;
  }
  return out;
}

TEST(NormalisedText, MakesOneOfManySpellings) {
  EXPECT_EQ(shape_of("Tom &amp; Ann"), "Tom & Ann");
  EXPECT_EQ(shape_of("&amp;quot;Calm&amp;quot;"), "\"Calm\"");
  EXPECT_EQ(shape_of("&ldquo;Calm&#8217;s&rdquo; &#x27;x&#39;"), "\"Calm's\" 'x'");
  EXPECT_EQ(shape_of("«Calm» „Calm“"), "\"Calm\" \"Calm\"");
  EXPECT_EQ(shape_of("a <b>bold</b> word"), "a bold word");
  EXPECT_EQ(shape_of("<p>one</p><p>two</p>"), "one\ntwo");
  EXPECT_EQ(shape_of("one<br/>two"), "one\ntwo");
  EXPECT_EQ(shape_of("  a \t b\u00A0c  "), "a b c");
  EXPECT_EQ(shape_of("Ca\u00ADlm\u200B\uFEFF"), "Calm");
  EXPECT_EQ(shape_of("Café Über Łódź"), "Cafe Uber Lodz");
  EXPECT_EQ(shape_of("Cafe\u0301"), "Cafe");
  EXPECT_EQ(shape_of("ﬁne № 5"), "fine No 5");
  EXPECT_EQ(shape_of("静か דנה жё"), "XX XXX xx");
  EXPECT_EQ(shape_of("Calm® Coach™"), "Calm Coach");
}

TEST(NormalisedText, LeavesAloneWhatIsNoHtml) {
  EXPECT_EQ(shape_of("R&D & co; 3 < 4 > 2"), "R&D & co; 3 < 4 > 2");
  EXPECT_EQ(shape_of("&unknown; &; &#; &#x;"), "&unknown; &; &#; &#x;");
  EXPECT_EQ(shape_of("<3 you"), "<3 you");
  EXPECT_EQ(shape_of("a <b"), "a <b");
}

TEST(NormalisedText, PlacesAreThoseOfTheStoredText) {
  for (std::string const stored :
       {"Zoe\u0308 wrote “Cafe\u0301 au Lait” 🙂 in 2020", "Zoë wrote “Café au Lait” 🙂 in 2020",
        "👩\u200D👩\u200D👧 דנה wrote &quot;Cafe\u0301 au Lait&quot;", "<p>x</p> &ldquo;Café au Lait&rdquo;"}) {
    NormalisedText const text(stored);
    auto const at = text.shape().find("Cafe au Lait");
    ASSERT_NE(at, std::string::npos) << stored;
    auto const place = text.place(at, at + 12);
    EXPECT_EQ(text.slice(place), cut(stored, place));
    EXPECT_TRUE(text.slice(place) == "Café au Lait" || text.slice(place) == "Cafe\u0301 au Lait") << text.slice(place);
    EXPECT_EQ(text.positions(place), (Place{at, at + 12}));
  }
}

TEST(NormalisedText, CountsIllFormedBytesAsCodePoints) {
  NormalisedText const text("a\xFF b\xC3");
  EXPECT_EQ(text.code_points(), 5U);
  EXPECT_EQ(text.slice({0, 2}), "a\uFFFD");
}

TEST(NormalisedText, TakesAnythingAndStaysWithinIt) {
  std::mt19937 random(7);
  std::string const parts[] = {"&amp;", "&",    "<p>", "<",  ">",  "a", "É", "e\u0301", "\u0301", "🙂", "\u200D", "דנה",
                               "\"",    "\xFF", " ",   "\n", "&#", "x", ";", "ﬁ",       "\u200F", "0",  "\u0000"};
  for (int round = 0; round < 5'000; ++round) {
    std::string stored;
    for (auto n = random() % 30; n > 0; --n)
      stored += parts[random() % std::size(parts)];
    NormalisedText const text(stored);
    ASSERT_EQ(text.text().size(), text.size());
    ASSERT_EQ(text.folded().size(), text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
      auto const place = text.place(i, text.size());
      ASSERT_LT(place.start, place.end);
      ASSERT_LE(place.end, text.code_points());
      auto const c = text.shape()[i];
      ASSERT_TRUE(c == '\n' || (c >= 0x20 && c < 0x7F)) << static_cast<int>(c);
    }
  }
}

TEST(Grounding, FindsWhatIsThereHoweverItIsSpelt) {
  NormalisedText const text("Seen in FORBES. Wrote “Cafe\u0301 &amp; Co” twice; forbes again.");
  auto const forbes = ground("Forbes", text);
  ASSERT_TRUE(forbes);
  EXPECT_EQ(text.slice(*forbes), "FORBES");
  auto const near = ground(" \"forbes.\" ", text, 60);
  ASSERT_TRUE(near);
  EXPECT_EQ(text.slice(*near), "forbes");
  auto const book = ground("Café & co", text);
  ASSERT_TRUE(book);
  EXPECT_EQ(text.slice(*book), "Cafe\u0301 &amp; Co");
}

TEST(Grounding, FindsNothingElse) {
  NormalisedText const text("She was in Forbestown, not famous. \"\"");
  for (auto const* const proposed : {"Forbes", "orbestown", "TEDx", "", "\"\"", ".", "  ", "not famous."})
    EXPECT_EQ(ground(proposed, text).has_value(), std::string_view(proposed) == "not famous.") << proposed;
  EXPECT_FALSE(ground(std::string(10'000, 'a'), NormalisedText(std::string(20'000, 'a'))));
}

}  // namespace
}  // namespace jvmm::credentials
