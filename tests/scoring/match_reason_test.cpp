#include "scoring/match_reason.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <random>
#include <unordered_map>

#include "base/utf8.hpp"
#include "json/parse.hpp"
#include "text/lines.hpp"

namespace jvmm::scoring {
namespace {

using ::testing::EndsWith;
using ::testing::StartsWith;

constexpr auto k_call = "Suggested next step: An introductory call to explore mutual referral opportunities";

template <class Use>
void for_each_row(std::string const& file, Use const& use) {
  text::LineReader lines(std::string(JVMM_SOURCE_DIR "/tests/data/golden/") + file);
  for (std::string line; lines.next(line);) {
    auto const row = json::parse(line, file);
    use(json::Ref(row, file));
  }
}

std::string reason(Profile const& reader, Profile const& partner) {
  return match_reason(reason_parts(reader), reason_parts(partner));
}

Profile alpha() {
  Profile p;
  p.name = "Alpha One";
  p.niche = "Leadership Coaching";
  p.who_you_serve = "women founders, technology executives and startup leaders";
  p.seeking = "podcast guest swaps, summit speakers, affiliate partners";
  p.offering = "group coaching program, leadership course";
  return p;
}

Profile bravo() {
  Profile p;
  p.name = "Bravo Two";
  p.who_you_serve = "startup founders and technology leaders";
  p.seeking = "leadership coaching guests, course creators";
  p.offering = "podcast guest interviews, email newsletter sponsorship";
  p.list_size = 12'000;
  p.content_platforms = json::parse(R"({"podcast_name": "The Bravo Hour", "youtube_channel": "Bravo TV"})");
  return p;
}

/// Only what the next step depends on.
Profile partner_offering(std::string offering) {
  Profile p;
  p.name = "Zed Zed";
  p.offering = std::move(offering);
  return p;
}

TEST(MatchReason, IsThatOfTheReferenceForAllGoldenPairs) {
  std::unordered_map<std::string, ReasonParts> parts;
  for_each_row("profiles.jsonl.gz",
               [&](json::Ref const& row) { parts[row["id"].string()] = reason_parts(parse_profile(row)); });
  std::size_t compared = 0, refused = 0;
  for_each_row("pairs.jsonl.gz", [&](json::Ref const& row) {
    auto const expected = row["expected"];
    if (!expected["eligible"].boolean()) return;
    auto const ours = match_reason(parts.at(row["a"].string()), parts.at(row["b"].string()));
    if (auto const theirs = expected.find("match_reason")) {
      EXPECT_EQ(ours, theirs->string()) << row["pair"].string();
      ++compared;
    } else {
      EXPECT_THAT(ours, ::testing::AnyOf(StartsWith("Both serve "), StartsWith("This partner "), StartsWith("Sugg")));
      ++refused;
    }
  });
  EXPECT_EQ(compared, 2987u);
  EXPECT_EQ(refused, 2u);
}

TEST(MatchReason, WordsThePairsOfTheSpecification) {
  EXPECT_EQ(
      reason(alpha(), bravo()),
      "Both serve founders and leaders, creating a natural audience bridge for cross-promotion. Bravo offers "
      "Podcast Guest Interviews — aligning with your partnership goals. Suggested next step: A guest appearance on "
      "The Bravo Hour to their 12K audience");
  EXPECT_THAT(reason(bravo(), alpha()),
              ::testing::HasSubstr(". Alpha offers Group Coaching Program, Leadership Course — aligning"));

  Profile charlie;
  charlie.name = "Charlie Three";
  charlie.who_you_serve = "stressed parents";
  charlie.offering = "yoga retreats and events";
  charlie.list_size = 800;
  charlie.content_platforms = json::parse(R"({"podcast_name": "Calm Cast"})");
  EXPECT_EQ(reason(bravo(), charlie),
            "Charlie reaches stressed parents. Suggested next step: A guest appearance on Calm Cast");

  auto zed = partner_offering("email swaps");
  zed.who_you_serve = "retired teachers in rural areas who want to learn how to paint and the people that support them";
  zed.list_size = 6000;
  auto reader = alpha();
  reader.list_size = 6000;
  EXPECT_EQ(
      reason(reader, zed),
      "Zed reaches retired teachers in rural areas who want to learn how to paint and the people. Zed offers Email "
      "Swaps — aligning with your partnership goals. Suggested next step: A co-promoted email campaign to your "
      "combined 12K subscribers");
}

TEST(MatchReason, TakesTheFirstNextStepThatFits) {
  auto const step = [](Profile const& partner) {
    auto const text = reason(Profile(), partner);
    EXPECT_THAT(text, StartsWith("Suggested next step: "));
    return text.substr(21);
  };
  auto partner = partner_offering("Keynote SPEAKING and a course");
  EXPECT_EQ(step(partner), "A co-hosted webinar on your shared area of focus");
  for (auto const* vague : {"Host", " N/A ", "seo", "Unknown", " "}) {
    partner.niche = vague;
    EXPECT_EQ(step(partner), "A co-hosted webinar on your shared area of focus") << vague;
  }
  partner.niche = " Money Mindset ";
  EXPECT_EQ(step(partner), "A co-hosted webinar on money mindset");
  partner.offering = "My Podcast, an event";
  EXPECT_EQ(step(partner), "A podcast guest swap to cross-pollinate audiences");
  partner.content_platforms = json::parse(R"({"podcast_name": " The Z "})");
  partner.list_size = 1000;
  EXPECT_EQ(step(partner), "A guest appearance on The Z");
  partner.list_size = 1'250'000;
  EXPECT_EQ(step(partner), "A guest appearance on The Z to their 1.2M audience");
  partner = partner_offering("course bundle");
  EXPECT_EQ(step(partner), "A joint program combining your complementary expertise");
  partner.signature_programs = " Zed Academy , Second";
  EXPECT_EQ(step(partner), "Explore a joint program building on Zed Academy");
  partner.signature_programs = std::string(49, 'x') + "éé";
  EXPECT_EQ(step(partner), "Explore a joint program building on " + std::string(49, 'x') + "é");
  EXPECT_EQ(reason(Profile(), Profile()), k_call);
}

TEST(MatchReason, TakesOddPlatformsAsNone) {
  for (auto const* odd : {R"({"podcast_name": 7})", R"({"podcast_name": " \u3000"})", R"({"podcast_name": ["x"]})",
                          R"(["podcast_name"])", R"("{\"podcast_name\": \"x\"}")", "null"}) {
    Profile partner;
    partner.content_platforms = json::parse(odd);
    EXPECT_EQ(reason(Profile(), partner), k_call) << odd;
  }
}

TEST(MatchReason, NamesANamelessPartnerNeutrally) {
  auto partner = partner_offering("podcast tours");
  for (auto const& name :
       {std::optional<std::string>(), std::optional<std::string>(""), std::optional<std::string>(" ")}) {
    partner.name = name;
    EXPECT_THAT(reason(alpha(), partner), StartsWith("This partner offers Podcast Tours — "));
  }
}

TEST(MatchReason, NeedsTwoMailingLists) {
  Profile small, large;
  small.list_size = 5000;
  large.list_size = 5001;
  EXPECT_EQ(reason(small, large), k_call);
  EXPECT_EQ(reason(large, small), k_call);
  EXPECT_THAT(reason(large, large), EndsWith("combined 10K subscribers"));
}

TEST(MatchReason, LeavesOutThePartnersOwnName) {
  Profile reader, partner;
  reader.who_you_serve = "bravo leaders";
  partner.who_you_serve = "bravo people everywhere";
  partner.name = "BRAVO Two";
  EXPECT_THAT(reason(reader, partner), StartsWith("BRAVO reaches bravo people everywhere. "));
  EXPECT_THAT(reason(partner, reader), StartsWith("Both serve bravo, creating"))
      << "it is not the reader's that counts";
  partner.name = "Bravo";
  EXPECT_EQ(reason(reader, partner), k_call) << "the text begins with the whole name";
}

TEST(MatchReason, LooksForTheNameInTheFirstThirtyCodePoints) {
  Profile reader, partner;
  reader.who_you_serve = "x";
  partner.name = "Zoé";
  partner.who_you_serve = std::string(27, 'x') + "zoé";
  EXPECT_EQ(reason(reader, partner), k_call);
  partner.who_you_serve = std::string(28, 'x') + "zoé";
  EXPECT_THAT(reason(reader, partner), StartsWith("Zoé reaches xxx"));
}

TEST(MatchReason, CutsFillerAtTheEndOfALongAudience) {
  Profile reader, partner;
  reader.who_you_serve = "x";
  partner.name = "Zed";
  auto const begin = std::string(60, 'w');
  for (std::string const filler :
       {"and", "or",   "but",  "the", "a",    "an",    "in",  "on", "at", "to",  "for",          "of",        "as",
        "by",  "with", "from", "who", "that", "their", "are", "is", "be", "its", "particularly", "including", "such"}) {
    partner.who_you_serve = begin + ", " + filler + " a " + std::string(40, 'z');
    EXPECT_EQ(reason(reader, partner), "Zed reaches " + begin + ",. " + k_call) << filler;
  }
}

TEST(MatchReason, ListsWhatIsOfferedOnce) {
  Profile reader;
  reader.seeking = "coaching now, coaching later, coaching";
  EXPECT_THAT(reason(reader, partner_offering("yoga,  Women's coaching , women's COACHING, coaching two")),
              StartsWith("Zed offers Women'S Coaching — "));
  reader.seeking = "zzzz, beta, alpha, gamma";
  EXPECT_THAT(reason(reader, partner_offering("gamma rays, alpha rays, beta rays")),
              StartsWith("Zed offers Alpha Rays, Beta Rays — "));
  reader.seeking = "one, two six";
  EXPECT_EQ(reason(reader, partner_offering("one, two, six")), k_call) << "words of three are too short";
}

TEST(MatchReason, IsWellFormedWhateverTheTexts) {
  std::vector<std::string> const pieces{" ",
                                        "  ",
                                        ".",
                                        "...",
                                        ",",
                                        "\n",
                                        "\u3000",
                                        "\xff",
                                        "\xe2\x82",
                                        "⚠️",
                                        "[",
                                        "]",
                                        "↔",
                                        "é",
                                        "\u0301",
                                        "😀",
                                        "Σ",
                                        "\u0130",
                                        "podcast",
                                        "Keyword match: ",
                                        "(score: 3)",
                                        "x_score = 1",
                                        "coaching",
                                        "founders",
                                        "event",
                                        "course",
                                        "the",
                                        "\0x",
                                        std::string("\0", 1),
                                        std::string(90, 'w')};
  std::mt19937 random(11);
  auto const draw = [&]() -> std::optional<std::string> {
    if (random() % 8 == 0) return std::nullopt;
    std::string text;
    for (auto count = random() % 12; count > 0; --count)
      text += pieces[random() % pieces.size()];
    return text;
  };
  auto const draw_profile = [&] {
    Profile p;
    for (auto member : {&Profile::name, &Profile::niche, &Profile::who_you_serve, &Profile::seeking, &Profile::offering,
                        &Profile::signature_programs})
      p.*member = draw();
    p.list_size = random() % 20'000;
    if (random() % 2) p.content_platforms = json::Object{{"podcast_name", draw().value_or("")}};
    return p;
  };
  for (int round = 0; round < 20'000; ++round) {
    auto const text = reason(draw_profile(), draw_profile());
    ASSERT_EQ(utf8::first_invalid(text), std::string::npos) << text;
    ASSERT_EQ(text.find("  "), std::string::npos) << text;
    ASSERT_NE(text.find("uggested next step"), std::string::npos) << text;
    ASSERT_FALSE(text.starts_with('.') || text.starts_with(' ') || text.ends_with('.') || text.ends_with(' ')) << text;
  }
}

}  // namespace
}  // namespace jvmm::scoring
