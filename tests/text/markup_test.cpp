#include "text/markup.hpp"

#include <gtest/gtest.h>

namespace jvmm::text {
namespace {

TEST(Markup, ResolvesReferencesAsBrowsersDo) {
  EXPECT_EQ(unescape_html("Health &amp; Wellness &lt;3 &#39;hi&#x27; &eacute;"), "Health & Wellness <3 'hi' é");
  EXPECT_EQ(unescape_html("a&nbsp;b"), "a\u00a0b");
  EXPECT_EQ(unescape_html("Q&A AT&T R&D;"), "Q&A AT&T R&D;");
  EXPECT_EQ(unescape_html("&amp"), "&");
  EXPECT_EQ(unescape_html("&#150;&#0;&#xD800;&#99999999999;"), "\u2013\ufffd\ufffd\ufffd");
  EXPECT_EQ(unescape_html("&#;&#x;&;&"), "&#;&#x;&;&");
  EXPECT_EQ(unescape_html("&thetasym;&zwnj;&AElig;"), "ϑ\u200cÆ");
}

TEST(Markup, TakesTagsOutAndKeepsWhatIsNone) {
  EXPECT_EQ(strip_tags("<b>bold</b>"), " bold ");
  EXPECT_EQ(strip_tags("one<br/>two<P class='x'>three</p><pre>"), "one\ntwo\nthree\n ");
  EXPECT_EQ(strip_tags("5 < 6 and <> stay"), "5 < 6 and <> stay");
  EXPECT_EQ(strip_tags("<<<"), "<<<");
}

TEST(Markup, StaysLinearOnNothingButOpeners) {
  std::string const hostile(1 << 20, '<');
  EXPECT_EQ(strip_tags(hostile), hostile);
  std::string const ampersands(1 << 20, '&');
  EXPECT_EQ(unescape_html(ampersands), ampersands);
}

TEST(Markup, ComposesCompatibleForms) {
  EXPECT_EQ(nfkc("ﬁt e\u0301 ２"), "fit é 2");
  EXPECT_EQ(nfkc("a\xff"), "a\ufffd");
  EXPECT_EQ(nfkc(""), "");
}

}  // namespace
}  // namespace jvmm::text
