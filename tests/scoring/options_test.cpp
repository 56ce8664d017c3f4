// What each option of a scoring profile changes: first what the reference does, then what the option makes of it. And
// the factors that only 'smooth' has.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/clock.hpp"
#include "json/parse.hpp"
#include "scoring/scorer.hpp"

namespace jvmm::scoring {
namespace {

using enum FactorId;
using Score = std::optional<double>;

ScoringProfile with(std::string const& changes) {
  return parse_scoring_profile(fmt::format(R"({{"extends": "calibrated", {}}})", changes), "mine.json");
}

ScoringProfile option(std::string const& name, std::string const& value) {
  return with(fmt::format(R"("options": {{"{}": "{}"}})", name, value));
}

ScoringProfile reference() {
  return load_scoring_profile("calibrated");
}

ScoringProfile smooth() {
  return load_scoring_profile("smooth");
}

ScoringContext any_context() {
  ScoringContext context;
  context.now = *parse_iso8601("2026-11-01T00:00:00Z");
  context.offering_seeking = context.audience = SimilarityMap{{{0, 0}, {1, 10}}};
  return context;
}

Profile person(int number) {
  Profile p;
  p.id = *ProfileId::parse(fmt::format("10000000-0000-4000-8000-{:012}", number));
  p.seeking = "podcast guests";
  p.offering = "keynote speeches";
  return p;
}

/// Two people, and what a scoring profile says of them.
struct Two {
  Profile a = person(1), b = person(2);

  PairBreakdown breakdown(ScoringProfile const& rules, ScoringContext const& context = any_context()) const {
    Scorer scorer(rules, context);
    auto const prepared_a = scorer.prepare(a), prepared_b = scorer.prepare(b);
    return scorer.breakdown(a, prepared_a, b, prepared_b);
  }

  /// Of the factor from a to b; absent where it does not fire.
  Score factor(FactorId id, ScoringProfile const& rules, ScoringContext const& context = any_context()) const {
    auto const pair = breakdown(rules, context);
    for (auto const& line : pair.ab[info(id).dimension].factors)
      if (line.id == id) return line.score;
    return std::nullopt;
  }
};

TEST(Option, ZeroIsNull) {
  using Member = std::optional<double> Profile::*;
  for (auto const& [id, member] :
       {std::pair<FactorId, Member>{audience_engagement, &Profile::audience_engagement_score},
        {email_list_activity, &Profile::email_list_activity_score},
        {enrichment_confidence, &Profile::profile_confidence}}) {
    Two two;
    two.b.*member = 0;
    auto const mended = with(fmt::format(R"("factors": {{"{}": {{"zero_is_null": true}}}})", info(id).key));
    EXPECT_EQ(two.factor(id, reference()), 0) << info(id).key;
    EXPECT_EQ(two.factor(id, mended), std::nullopt) << info(id).key;
    EXPECT_EQ(two.factor(id, smooth()), std::nullopt) << info(id).key;
    two.b.*member = 0.5;
    EXPECT_EQ(two.factor(id, mended), 5) << info(id).key;
  }
}

TEST(Option, ZeroIsNullMendsTheCliffOfMomentum) {
  Two two;
  auto const before = two.breakdown(reference()).harmonic_mean;
  two.b.audience_engagement_score = 0;
  EXPECT_LT(two.breakdown(reference()).harmonic_mean, 1.5);
  auto const mended = with(R"("factors": {"audience_engagement": {"zero_is_null": true}})");
  EXPECT_EQ(two.breakdown(mended).harmonic_mean, before);
}

TEST(Option, UnrankedRevenueMayBeSkipped) {
  Two two;
  two.a.revenue_tier = "solo";
  two.b.revenue_tier = "premium";
  EXPECT_EQ(two.factor(revenue_tier, reference()), 5);
  EXPECT_EQ(two.factor(revenue_tier, with(R"("factors": {"revenue_tier": {"rule": {"unranked": null}}})")),
            std::nullopt);
}

TEST(Option, PlatformsHaveAliases) {
  Two two;
  two.a.content_platforms = json::parse(R"({"youtube": "A", "apple_podcast": "B"})");
  two.b.content_platforms = json::parse(R"({"youtube_channel": "C", "podcast_name": "D"})");
  EXPECT_EQ(two.factor(platform_overlap, reference()), std::nullopt);
  EXPECT_EQ(two.factor(platform_overlap, smooth()), 8);
}

TEST(Option, RoleSource) {
  Two two;
  two.a.network_role = "Hub ";
  two.b.network_role = "Coach";
  EXPECT_EQ(two.factor(role_compatibility, reference()), 8) << "as a connector";
  EXPECT_EQ(two.factor(role_compatibility, option("role_source", "jv_role")), 5) << "as unknown";
}

TEST(Option, NetworkThresholdsByPercentile) {
  std::vector<Profile> crowd;
  for (int i = 1; i <= 100; ++i) {
    crowd.push_back(person(i));
    crowd.back().pagerank_score = i * 1e-6;
  }
  auto context = any_context();
  context.network = network_cuts(crowd, {99, 95, 85, 60});
  EXPECT_EQ(context.network.pagerank, (std::vector<double>{99 * 1e-6, 95 * 1e-6, 85 * 1e-6, 60 * 1e-6}));
  Two two;
  two.a.pagerank_score = 100 * 1e-6;
  two.b.pagerank_score = 1e-6;
  auto const mended = with(R"("factors": {"network_influence": {"rule": {"thresholds": "percentile"}}})");
  EXPECT_EQ(two.factor(network_influence, reference(), context), 4);
  EXPECT_EQ(two.factor(network_influence, mended, context), (10 + 4) / 2.0);
}

TEST(Option, OfferingFallback) {
  Two two;
  two.a.seeking = "leadership coaching";
  two.b.offering = " \t";
  two.b.what_you_do = "coaching in leadership";
  EXPECT_EQ(two.factor(offering_seeking, reference()), 3);
  EXPECT_EQ(two.factor(offering_seeking, option("offering_fallback", "non_blank")), 10);
}

TEST(Option, UnknownTier) {
  Two two;
  two.a.revenue_tier = two.b.revenue_tier = "Unknown";
  auto const mended = option("unknown_tier", "case_insensitive");
  EXPECT_EQ(two.factor(revenue_tier, reference()), 5);
  EXPECT_EQ(two.factor(revenue_tier, mended), std::nullopt);
  EXPECT_EQ(two.factor(revenue_known, reference()), 8);
  EXPECT_EQ(two.factor(revenue_known, mended), 3);
}

TEST(Option, JsonStrings) {
  Two two;
  two.b.jv_history = "[1, 2, 3]";
  two.a.content_platforms = two.b.content_platforms = R"({"podcast_name": "P"})";
  auto const mended = option("json_strings", "decode");
  EXPECT_EQ(two.factor(jv_history, reference()), 4);
  EXPECT_EQ(two.factor(jv_history, mended), 10);
  EXPECT_EQ(two.factor(platform_overlap, reference()), std::nullopt);
  EXPECT_EQ(two.factor(platform_overlap, mended), 6);
}

TEST(Option, RequireSameModel) {
  Two two;
  two.a.embeddings[index(EmbeddingField::seeking)] = {1, 0};
  two.b.embeddings[index(EmbeddingField::offering)] = {1, 0};
  two.a.embeddings_model = "ours";
  two.b.embeddings_model = "another";
  auto context = any_context();
  context.model = "ours";
  auto const mended = with(R"("similarity": {"require_same_model": true})");
  EXPECT_EQ(two.factor(offering_seeking, reference(), context), 10);
  EXPECT_EQ(two.factor(offering_seeking, mended, context), 3) << "by words";
  two.b.embeddings_model = "ours";
  EXPECT_EQ(two.factor(offering_seeking, mended, context), 10);
  context.dims = 3;
  EXPECT_EQ(two.factor(offering_seeking, mended, context), 3) << "of another width";
}

TEST(Option, CountedOutcomes) {
  Two two;
  auto context = any_context();
  context.outcomes[two.b.id] = {{"connected_promising", 3}, {"no_response", 1}, {"contact_made", 4}};
  auto const mended =
      with(R"("factors": {"outcome_track_record": {"rule": {"counted": ["connected_promising", "no_response"]}}})");
  EXPECT_EQ(two.factor(outcome_track_record, reference(), context), 4.5);
  EXPECT_EQ(two.factor(outcome_track_record, mended, context), 9);
  context.outcomes[two.b.id] = {{"connected_promising", 1}, {"no_response", 1}, {"contact_made", 4}};
  EXPECT_EQ(two.factor(outcome_track_record, mended, context), std::nullopt) << "below min_signals";
}

TEST(Option, PairGateMode) {
  Two two;
  two.b.offering.reset();
  auto const mended = with(R"("eligibility": {"pair_gate": {"mode": "any_below"}})");
  EXPECT_TRUE(two.breakdown(reference()).eligible);
  EXPECT_FALSE(two.breakdown(mended).eligible);
  two.a.offering.reset();
  EXPECT_FALSE(two.breakdown(reference()).eligible);
}

// --- what only 'smooth' has -----------------------------------------------------------------------------------------

Score offer_score(std::vector<Labelled> a, std::vector<Labelled> b, Score list_of_a = std::nullopt) {
  Two two;
  two.a.offer_types = std::move(a);
  two.b.offer_types = std::move(b);
  two.a.list_size = list_of_a;
  auto const score = two.factor(offer_type_compatibility, smooth());
  std::swap(two.a, two.b);
  EXPECT_EQ(two.factor(offer_type_compatibility, smooth()), score) << "not symmetric";
  return score;
}

TEST(OfferTypes, BestOfTheTable) {
  EXPECT_EQ(offer_score({{"online_course", .9}}, {{"podcast", .9}}), 8.5);
  EXPECT_EQ(offer_score({{"agency", .9}, {"online_course", .9}}, {{"agency", .6}, {"membership_community", .9}}), 9);
  EXPECT_EQ(offer_score({{"podcast", .9}}, {{"podcast", .9}}), 7);
  EXPECT_EQ(offer_score({{"never heard of", .9}}, {{"never heard of", .9}}), 7);
  EXPECT_EQ(offer_score({{"agency", .9}}, {{"podcast", .9}}), 4);
  EXPECT_EQ(offer_score({{"never heard of", .9}}, {{"podcast", .9}}), 4);
}

TEST(OfferTypes, NoneAndUnsure) {
  EXPECT_EQ(offer_score({}, {{"podcast", .9}}), std::nullopt);
  EXPECT_EQ(offer_score({{"online_course", .4}}, {{"podcast", .9}}), 5) << "listed, but none is sure";
}

TEST(OfferTypes, AListOwnerGoesWithCourses) {
  EXPECT_EQ(offer_score({}, {{"online_course", .9}}, 10'000), 9);
  EXPECT_EQ(offer_score({}, {{"online_course", .9}}, 9'999), std::nullopt);
  EXPECT_EQ(offer_score({}, {{"online_course", .4}}, 10'000), std::nullopt);
  EXPECT_EQ(offer_score({}, {{"podcast", .9}}, 10'000), std::nullopt);
  EXPECT_EQ(offer_score({{"affiliate_network", .9}}, {{"online_course", .9}}), 9) << "an affiliate network owns a list";
  EXPECT_EQ(offer_score({{"podcast", .9}}, {{"digital_product", .9}}, 50'000), 9) << "the rule beats the table";
}

TEST(Persona, SameComplementUnknown) {
  auto const rules = parse_scoring_profile(
      R"({"extends": "smooth", "tables": {"persona_complementarity": {"healers": {"seekers": 9}}}})", "mine.json");
  auto const score = [&](std::optional<std::string> a, std::optional<std::string> b) {
    Two two;
    two.a.audience_persona = std::move(a);
    two.b.audience_persona = std::move(b);
    return two.factor(persona_complementarity, rules);
  };
  EXPECT_EQ(score("healers", "seekers"), 9);
  EXPECT_EQ(score("seekers", "healers"), 9);
  EXPECT_EQ(score("artists", "artists"), 7);
  EXPECT_EQ(score("artists", "seekers"), std::nullopt) << "not in the table";
  EXPECT_EQ(score("artists", std::nullopt), std::nullopt);
  EXPECT_EQ(score("", ""), std::nullopt);
}

TEST(Credibility, FiresWithCredentials) {
  Two two;
  two.b.credibility_score = .45;
  EXPECT_EQ(two.factor(credibility, smooth()), std::nullopt);
  two.b.has_credentials = true;
  EXPECT_EQ(two.factor(credibility, smooth()), 4.5);
  EXPECT_EQ(two.factor(credibility, reference()), std::nullopt);
  two.b.credibility_score.reset();
  EXPECT_EQ(two.factor(credibility, smooth()), std::nullopt);
  EXPECT_EQ(two.factor(credibility, load_scoring_profile("strategy-2026-02")), 0);
}

TEST(ContentStyle, SameNeutralClashUnsure) {
  auto const score = [](std::string a, std::string b, double confidence = .9) {
    Two two;
    two.a.content_style = Labelled{std::move(a), .9};
    two.b.content_style = Labelled{std::move(b), confidence};
    return two.factor(content_style, smooth());
  };
  EXPECT_EQ(score("tactical", "tactical"), 9);
  EXPECT_EQ(score("educational", "inspirational"), 5);
  EXPECT_EQ(score("provocative", "nurturing"), 2);
  EXPECT_EQ(score("nurturing", "provocative"), 2);
  EXPECT_EQ(score("tactical", "never heard of"), 5);
  EXPECT_EQ(score("tactical", "tactical", .49), std::nullopt);
  EXPECT_EQ(score("tactical", "tactical", .5), 9);
}

}  // namespace
}  // namespace jvmm::scoring
