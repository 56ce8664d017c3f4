// Part C of the specification: hand-made profiles and what the reference computes for them.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>

#include "base/clock.hpp"
#include "json/parse.hpp"
#include "scoring/scorer.hpp"

namespace jvmm::scoring {
namespace {

using std::chrono::days;
using Change = void (*)(Profile&);

SystemTime now() {
  return *parse_iso8601("2026-03-08T12:00:00Z");
}

Profile profile(int number, std::string_view json) {
  auto const document = json::parse(json);
  auto members = *document.get_if<json::Object>();
  members.push_back({"id", fmt::format("00000000-0000-0000-0000-{:012}", number)});
  json::Value const row(std::move(members));
  return parse_profile(json::Ref(row, "profile"));
}

Profile p1() {
  return profile(1, R"({"name": "Alpha One", "email": "mail-a", "company": "Alpha Studio", "website": "site-a",
    "niche": "Leadership Coaching", "what_you_do": "Executive coaching for women founders",
    "who_you_serve": "women founders, technology executives and startup leaders",
    "seeking": "podcast guest swaps, summit speakers, affiliate partners",
    "offering": "group coaching program, leadership course", "status": "Member"})");
}

Profile p2() {
  auto p = profile(2, R"({"name": "Bravo Two", "email": "mail-b", "phone": "555", "company": "Bravo Media",
    "website": "site-b", "linkedin": "li-b", "niche": "Podcasting",
    "what_you_do": "Hosts a weekly podcast about startup leadership",
    "who_you_serve": "startup founders and technology leaders",
    "seeking": "leadership coaching guests, course creators",
    "offering": "podcast guest interviews, email newsletter sponsorship", "booking_link": "book-b",
    "bio": "Podcast host", "tags": ["podcast", "media"], "audience_type": "B2B", "network_role": "Broadcaster",
    "revenue_tier": "established", "jv_history": [{}, {}, {}], "status": "Qualified", "seniority": "Founder ",
    "intent_signal": true, "engagement_likelihood": false, "promotion_willingness_score": 0.8,
    "content_platforms": {"podcast_name": "The Bravo Hour", "youtube_channel": "Bravo TV"},
    "audience_engagement_score": 0.75, "social_reach": 25000, "list_size": 12000,
    "current_projects": "Launching season five of the show", "email_list_activity_score": 0.65,
    "profile_confidence": 0.62, "recommendation_pressure_30d": 2, "signature_programs": "Bravo Accelerator, Guest Lab",
    "business_size": "Small ", "pagerank_score": 0.0021, "degree_centrality": 0.04, "betweenness_centrality": 0.01})");
  p.profile_updated_at = now() - days(45);
  p.last_active_at = now() - days(5);
  return p;
}

Profile p3() {
  auto p = profile(3, R"({"name": "Charlie Three", "company": "Charlie Co", "linkedin": "li-c", "niche": "other",
    "what_you_do": "Yoga retreats", "who_you_serve": "stressed parents", "seeking": "retreat venues",
    "offering": "yoga retreats and events", "network_role": "coach / mentor", "revenue_tier": "premium",
    "jv_history": [{}], "status": "Prospect",
    "content_platforms": {"podcast_name": "Calm Cast", "newsletter_name": "Calm Letter"}, "list_size": 800,
    "social_reach": 0, "profile_confidence": 0.0, "business_size": "large", "pagerank_score": 0.0004,
    "degree_centrality": 0.2})");
  p.last_active_at = now() - days(181);
  p.profile_updated_at = now() + days(3);
  return p;
}

Profile p4() {
  return profile(4, R"({"name": "Delta Four", "what_you_do": "Helps people", "seeking": "   ", "status": "Inactive"})");
}

Profile with(Profile p, Change change) {
  change(p);
  return p;
}

Profile copy_of(Profile p, Change change = [](Profile&) {}) {
  p.id = *ProfileId::parse("00000000-0000-0000-0000-0000000000ff");
  p.name = "Alpha Copy";
  change(p);
  return p;
}

std::vector<float>& vector(Profile& p, EmbeddingField field) {
  return p.embeddings[index(field)];
}

Profile e3(Profile p) {
  vector(p, EmbeddingField::seeking) = {1, 0, 0};
  vector(p, EmbeddingField::offering) = {0.65F, 0.7599342076785331F, 0};
  vector(p, EmbeddingField::who_you_serve) = {1, 0, 0};
  vector(p, EmbeddingField::what_you_do) = {0, 1, 0};
  return p;
}

Profile e4(Profile p) {
  vector(p, EmbeddingField::seeking) = {0.76F, 0.6499230723708769F, 0};
  vector(p, EmbeddingField::offering) = {0.61F, 0.7924014134263011F, 0};
  vector(p, EmbeddingField::who_you_serve) = {0.54F, 0.8416650165000328F, 0};
  return p;
}

void three_vectors(Profile& p) {
  for (auto const field : {EmbeddingField::seeking, EmbeddingField::offering, EmbeddingField::who_you_serve})
    vector(p, field) = {1, 0};
}

Profile quebec() {
  auto p = profile(5, R"({"name": "Quebec Test", "seeking": "podcast partners wanted",
    "offering": "group coaching programs", "what_you_do": "some text here", "website": "w", "email": "e",
    "status": "Member", "network_role": "Connector", "jv_history": [1, 2, 3], "social_reach": 100000})");
  three_vectors(p);
  return p;
}

Profile romeo() {
  auto p = profile(6, R"({"name": "Romeo Test", "seeking": "abcde alpha beta", "offering": "zzzzz yyyyy",
    "who_you_serve": "qqqqq wwwww", "jv_history": [1, 2, 3], "promotion_willingness_score": 1.0, "intent_signal": true,
    "engagement_likelihood": true, "seniority": "owner", "status": "Qualified", "audience_engagement_score": 1.0,
    "list_size": 200000, "social_reach": 200000, "email_list_activity_score": 1.0, "phone": "p",
    "network_role": "Affiliate/Promoter"})");
  three_vectors(p);
  return p;
}

struct Expected {
  std::array<double, 4> ab, ba;  ///< intent, synergy, momentum (-1: null), context
  double score_ab, score_ba, harmonic_mean;
  std::optional<double> lightweight{};
};

void check(std::string const& rules, std::string const& name, Profile const& a, Profile const& b,
           Expected const& expected, std::unordered_map<ProfileId, OutcomeCounts> outcomes = {}) {
  SCOPED_TRACE(name);
  Scorer scorer(load_scoring_profile(rules), {now(), std::move(outcomes), {}, {}, {}, 0, {}});
  auto const pa = scorer.prepare(a), pb = scorer.prepare(b);
  auto const score = scorer.score(pa, pb);
  auto const dims = [](DirectedScore const& s) {
    return std::array{s.intent.value_or(-1), s.synergy.value_or(-1), s.momentum.value_or(-1), s.context.value_or(-1)};
  };
  EXPECT_EQ(dims(score.ab), expected.ab);
  EXPECT_EQ(dims(score.ba), expected.ba);
  EXPECT_EQ(rounded(score.ab.score, 2), expected.score_ab);
  EXPECT_EQ(rounded(score.ba.score, 2), expected.score_ba);
  EXPECT_EQ(rounded(score.harmonic_mean, 2), expected.harmonic_mean);
  if (expected.lightweight) {
    EXPECT_EQ(rounded(scorer.lightweight(pa, pb).harmonic_mean, 2), *expected.lightweight);
  }
}

void calibrated(std::string const& name, Profile const& a, Profile const& b, Expected const& expected,
                std::unordered_map<ProfileId, OutcomeCounts> outcomes = {}) {
  check("calibrated", name, a, b, expected, std::move(outcomes));
}

constexpr std::array k_alpha{5.08, 5.89, -1.0, 6.66};

TEST(Conformance, CalibratedPairs) {
  calibrated("T01", p1(), p2(), {{8.40, 7.83, 7.53, 8.62}, {5.08, 8.61, -1, 6.66}, 80.96, 61.97, 70.20, 72.07});
  calibrated("T02", p2(), p1(), {{5.08, 8.61, -1, 6.66}, {8.40, 7.83, 7.53, 8.62}, 61.97, 80.96, 70.20, 72.07});
  calibrated("T03", p2(), p3(), {{5.20, 5.11, 3.11, 6.49}, {8.40, 5.11, 7.53, 8.62}, 47.76, 72.77, 57.67, 50.03});
  calibrated("T04", p1(), copy_of(p1()), {k_alpha, k_alpha, 55.04, 55.04, 55.04, 40.24});
  calibrated("T05", e3(p1()), e4(p2()), {{8.40, 5.22, 7.53, 8.62}, {5.08, 6.78, -1, 6.66}, 73.16, 57.51, 64.40, 72.07});
  calibrated("T06", p1(), copy_of(p1(), [](Profile& p) { p.audience_engagement_score = 0; }),
             {{5.08, 5.89, 0, 6.66}, k_alpha, 0.39, 55.04, 0.78, 40.24});
}

TEST(Conformance, CalibratedTiersAndRoles) {
  auto const tier = [](Profile p, char const* t) {
    p.revenue_tier = t;
    return p;
  };
  auto const role = [](Profile p, char const* r) {
    p.network_role = r;
    return p;
  };
  calibrated("T07", tier(p1(), "solo"), tier(copy_of(p1()), "small_biz"),
             {{5.08, 5.73, -1, 8.22}, {5.08, 5.73, -1, 8.22}, 56.02, 56.02, 56.02, 40.88});
  calibrated("T08", tier(p1(), "micro"), tier(copy_of(p1()), "premium"),
             {{5.08, 5.18, -1, 8.22}, {5.08, 5.18, -1, 8.22}, 54.28, 54.28, 54.28, 40.88});
  calibrated("T09", role(p1(), "Community Builder"), role(copy_of(p1()), "generalist"),
             {{5.23, 6.31, -1, 6.66}, {5.23, 6.31, -1, 6.66}, 57.16, 57.16, 57.16, 41.95});
  calibrated("T10", role(p1(), "Coach"), role(copy_of(p1()), "expert"),
             {{5.23, 5.89, -1, 6.66}, {5.23, 5.89, -1, 6.66}, 55.94, 55.94, 55.94, 41.95});
}

TEST(Conformance, CalibratedOutcomesAndGate) {
  calibrated("T11", p1(), p2(), {{8.16, 7.83, 7.53, 8.62}, {5.08, 8.61, -1, 6.66}, 79.91, 61.97, 69.81},
             {{p2().id, {{"connected_promising", 2}, {"no_response", 1}, {"contact_made", 1}}}});
  calibrated("T12", p1(), p2(), {{8.40, 7.83, 7.53, 8.62}, {5.08, 8.61, -1, 6.66}, 80.96, 61.97, 70.20},
             {{p2().id, {{"connected_promising", 2}}}});
  calibrated("T13", p4(), copy_of(p4()), {{-1, -1, -1, -1}, {-1, -1, -1, -1}, 0, 0, 0, 22.26});
  calibrated("T14", p1(), p4(), {{2.60, 3.56, -1, 2.23}, {5.08, 3.56, -1, 6.66}, 28.14, 47.02, 35.21, 28.67});
}

TEST(Conformance, CalibratedVectors) {
  auto const seeking = [](Profile& p) { vector(p, EmbeddingField::seeking) = {1, 0}; };
  calibrated("T15", with(p1(), seeking),
             with(p2(), [](Profile& p) { vector(p, EmbeddingField::offering) = {1, 0, 0}; }),
             {{8.40, 5.89, 7.53, 8.62}, {5.08, 8.61, -1, 6.66}, 75.40, 61.97, 68.03});
  calibrated("T16", with(p1(), seeking),
             with(p2(), [](Profile& p) { vector(p, EmbeddingField::what_you_do) = {0.8F, 0.6F}; }),
             {{8.40, 8.61, 7.53, 8.62}, {5.08, 8.61, -1, 6.66}, 82.91, 61.97, 70.92});
  constexpr std::array q{6.37, 8.89, 10.0, 5.29}, r{6.99, 9.72, 9.75, 4.04};
  calibrated("T17", quebec(), copy_of(quebec()), {q, q, 74.38, 74.38, 74.38, 34.43});
  calibrated("T18", romeo(), copy_of(romeo(), [](Profile& p) { p.network_role = "Product Creator"; }),
             {r, r, 76.80, 76.80, 76.80, 30.66});
  calibrated("T19", p1(), copy_of(p1(), [](Profile& p) { p.offering = "   "; }),
             {{4.92, 5.89, -1, 6.41}, k_alpha, 53.80, 55.04, 54.41});
  calibrated("T20", p1(), copy_of(p1(), [](Profile& p) { p.offering.reset(); }),
             {{4.92, 5.89, -1, 6.10}, k_alpha, 53.46, 55.04, 54.24});
}

TEST(Conformance, StrategyPairs) {
  auto const strategy = [](std::string const& name, Profile const& a, Profile const& b, Expected const& expected) {
    check("strategy-2026-02", name, a, b, expected);
  };
  auto const o1 = [](Profile p) {
    p.offer_types = {{"online_course", .91}, {"coaching_1on1", .72}};
    return p;
  };
  auto const o2 = [](Profile p) {
    p.offer_types = {{"membership_community", .66}, {"book_author", .49}};
    p.has_credentials = true;
    p.credibility_score = .45;
    return p;
  };
  strategy("S01", p1(), p2(), {{8.09, 7.06, 7.30, 9.35}, {6.00, 7.72, 3.55, 6.66}, 77.44, 55.95, 64.96});
  strategy("S02", p2(), p3(), {{5.86, 4.39, 3.80, 7.79}, {8.09, 4.39, 7.30, 9.35}, 50.20, 66.37, 57.16});
  strategy("S03", e3(p1()), e4(p2()), {{8.09, 5.21, 7.30, 9.35}, {6.00, 6.53, 3.55, 6.66}, 70.57, 54.16, 61.29});
  strategy("S04", o1(p1()), o2(p2()), {{8.09, 7.41, 7.30, 8.54}, {6.00, 7.95, 3.55, 6.66}, 77.84, 56.24, 65.30});
  strategy("S05", o1(e3(p1())), o2(e4(p2())),
           {{8.09, 5.84, 7.30, 8.54}, {6.00, 6.94, 3.55, 6.66}, 72.71, 54.83, 62.52});
  constexpr std::array delta{3.41, 3.44, 3.55, 2.23};
  strategy("S06", p4(), copy_of(p4()), {delta, delta, 32.70, 32.70, 32.70});
}

TEST(Conformance, EngineOfFebruary16) {
  check("engine-2026-02-16", "P1-P2", p1(), p2(),
        {{8.09, 6.75, 7.30, 9.35}, {6.00, 7.35, 3.55, 6.66}, 76.48, 55.44, 64.28});
  Scorer scorer(load_scoring_profile("engine-2026-02-16"), {now(), {}, {}, {}, {}, 0, {}});
  auto const mean = [&](Profile const& a, Profile const& b) {
    return rounded(scorer.score(scorer.prepare(a), scorer.prepare(b)).harmonic_mean, 2);
  };
  EXPECT_EQ(mean(p2(), p3()), 58.03);
  EXPECT_EQ(mean(p4(), copy_of(p4())), 32.83);
}

TEST(Conformance, ProfileFilter) {
  Scorer scorer(load_scoring_profile("calibrated"), {now(), {}, {}, {}, {}, 0, {}});
  auto const classify = [&](std::string_view json) { return scorer.classify(profile(9, json)); };
  EXPECT_EQ(classify(R"({"seeking": "123456789"})"), ProfileClass::ineligible);
  EXPECT_EQ(classify(R"({"seeking": "1234567890"})"), ProfileClass::eligible);
  EXPECT_EQ(classify(R"({"who_you_serve": "12345678  "})"), ProfileClass::ineligible);
  EXPECT_EQ(classify(R"({"what_you_do": "01234567890123456789012345678901234567890123456789"})"),
            ProfileClass::enrichment_candidate);
  EXPECT_EQ(classify(R"({"bio": " "})"), ProfileClass::ineligible);
  EXPECT_EQ(classify(R"({"website": "w"})"), ProfileClass::enrichment_candidate);
}

}  // namespace
}  // namespace jvmm::scoring
