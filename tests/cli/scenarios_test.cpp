// What the customer will try, with the real default model.

#include <algorithm>
#include <optional>

#include "cli/cli_db.hpp"

namespace jvmm::test {
namespace {

using json::Ref;

CliOptions real_model() {
  return {.env = {{"JVMM_MODEL", "all-MiniLM-L6-v2"}}};
}

json::Value explained(CliDb const& db, std::string const& scoring) {
  auto const result =
      db.run({"explain", profile_id(1), profile_id(2), "--scoring", scoring, "--format", "json"}, real_model());
  EXPECT_EQ(result.exit_code, 0) << result;
  return json::parse(result.out);
}

/// The offering-seeking factor of the first direction, and the whole dimension.
std::pair<double, double> synergy_of(json::Value const& explained) {
  auto const synergy = Ref(explained, "explain")["ab"]["dimensions"]["synergy"];
  return {synergy["factors"][std::size_t{0}]["score"].number(), synergy["score"].number()};
}

TEST(Scenarios, AGrowthCoachAndAScalingMentorAreFoundToFit) {
  CliDb const db;
  db.add_profile(1,
                 "name = 'Ada', seeking = 'Business growth coach', who_you_serve = 'founders of small firms', "
                 "offering = 'introductions to investors'");
  db.add_profile(2,
                 "name = 'Bea', offering = 'Company scaling mentor', who_you_serve = 'owners who want to expand', "
                 "seeking = 'capital'");
  ASSERT_EQ(db.run({"backfill-embeddings"}, real_model()).exit_code, 0);
  auto const [words, synergy_before] = synergy_of(explained(db, "engine-2026-02-16"));
  auto const [meaning, synergy_now] = synergy_of(explained(db, "smooth"));
  EXPECT_LE(words, 3);
  EXPECT_GE(meaning, 7);
  EXPECT_GT(synergy_now, synergy_before);
}

/// The labels in a profile's niche_categories.
std::vector<std::string> niches_of(CliDb const& db, int profile) {
  std::vector<std::string> out;
  auto const rows = db.sql_json("select niche_categories from profiles where id = '" + profile_id(profile) + "'");
  for (auto const& one : Ref(rows, "niches").items())
    out.push_back(one["category"].string());
  return out;
}

TEST(Scenarios, StressManagementAndMentalHealthShareALabel) {
  CliDb const db;
  db.add_profile(1, "name = 'Ada', niche = 'Stress Management'");
  db.add_profile(2, "name = 'Bea', niche = 'Mental Health'");
  ASSERT_EQ(db.run({"classify-niche"}, real_model()).exit_code, 0);
  auto const first = niches_of(db, 1), second = niches_of(db, 2);
  EXPECT_TRUE(
      std::any_of(first.begin(), first.end(),
                  [&](auto const& label) { return std::find(second.begin(), second.end(), label) != second.end(); }))
      << ::testing::PrintToString(first) << " and " << ::testing::PrintToString(second);
}

/// The factor of a name in one direction, or absent.
std::optional<double> factor_of(json::Value const& explained, std::string const& dimension, std::string const& name) {
  for (auto const& factor : Ref(explained, "explain")["ab"]["dimensions"][dimension]["factors"].items())
    if (factor["name"].string() == name) return factor["score"].number();
  return std::nullopt;
}

TEST(Scenarios, ACourseCreatorAndAnOwnerOfAnEmailListFitTogether) {
  CliDb const db;
  db.add_profile(
      1, "name = 'Ada', offering = 'online course on watercolour painting', seeking = 'partners who promote it'");
  db.add_profile(2,
                 "name = 'Bea', offering = 'one-on-one coaching', list_size = 25000, seeking = 'offers for my list'");
  db.add_profile(3, "name = 'Cid', offering = 'affiliate program and referral network', seeking = 'offers'");
  EXPECT_FALSE(factor_of(explained(db, "smooth"), "synergy", "Offer-type Compatibility")) << "no types: no signal";
  ASSERT_EQ(db.run({"classify-offers"}, real_model()).exit_code, 0);
  EXPECT_EQ(factor_of(explained(db, "smooth"), "synergy", "Offer-type Compatibility"), 9.0);
  auto const other =
      db.run({"explain", profile_id(1), profile_id(3), "--scoring", "smooth", "--format", "json"}, real_model());
  EXPECT_EQ(factor_of(json::parse(other.out), "synergy", "Offer-type Compatibility"), 9.0);
}

TEST(Scenarios, ATedxSpeakerAndAPodcastHostFitByCredibilityAndPlatforms) {
  CliDb const db;
  db.add_profile(1,
                 "name = 'Ada', social_proof = 'TEDx speaker, featured in Forbes', seeking = 'podcasts to talk on', "
                 "offering = 'talks on leadership', "
                 "content_platforms = '{\"podcast_name\": \"Ada speaks\", \"youtube_channel\": \"talks\"}'");
  db.add_profile(2,
                 "name = 'Bea', bio = 'Hosts a podcast on leadership. ICF PCC coach.', seeking = 'speakers', "
                 "offering = 'an audience of leaders', "
                 "content_platforms = '{\"podcast_name\": \"The Lead\"}'");
  EXPECT_FALSE(factor_of(explained(db, "smooth"), "context", "Credibility")) << "nothing extracted: no signal";
  ASSERT_EQ(db.run({"extract-credentials"}).exit_code, 0);
  EXPECT_EQ(db.sql("select count(*) from profiles, jsonb_array_elements(credentials -> 'speaking_events') as one "
                   "where one ->> 'name' like '%TEDx%'"),
            "1");
  auto const score =
      std::stod(db.sql("select credentials ->> 'credibility_score' from profiles where id = '" + profile_id(1) + "'"));
  EXPECT_GE(score, 0.45) << "TEDx, an outlet, and one for any";
  for (auto const* scoring : {"smooth", "strategy-2026-02"}) {
    auto const result =
        db.run({"explain", profile_id(2), profile_id(1), "--scoring", scoring, "--format", "json"}, real_model());
    ASSERT_EQ(result.exit_code, 0) << result;
    auto const pair = json::parse(result.out);
    auto const credibility = factor_of(pair, "context", "Credibility");
    ASSERT_TRUE(credibility) << scoring;
    EXPECT_NEAR(*credibility, 10 * score, 1e-9) << scoring;
    auto const platforms = factor_of(pair, "synergy", "Platform Overlap");
    ASSERT_TRUE(platforms) << scoring;
    EXPECT_GT(*platforms, 0) << scoring;
  }
}

}  // namespace
}  // namespace jvmm::test
