// What the customer will try, with the real default model.

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

}  // namespace
}  // namespace jvmm::test
