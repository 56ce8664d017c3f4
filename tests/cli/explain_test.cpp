#include <fmt/format.h>

#include <cmath>

#include "cli/cli_db.hpp"
#include "json/writer.hpp"

namespace jvmm::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// The slice with vectors, and matches between its first profiles in both directions, scored.
struct Scored {
  Scored() {
    db.run_json({"backfill-embeddings"});
    db.sql(
        "with p as (select id, row_number() over (order by id) as n from profiles where length(seeking) > 20 and "
        "length(offering) > 20 limit 4) "
        "insert into match_suggestions (profile_id, suggested_profile_id, match_score) "
        "select a.id, b.id, 50 from p a, p b where a.n <> b.n");
    db.run_json({"rescore"});
    a = db.sql("select min(profile_id::text) from match_suggestions");
    b = db.sql("select max(profile_id::text) from match_suggestions");
  }

  json::Value explain() const { return db.run_json({"explain", a, b}); }

  /// Of the row that suggests b to a; `set` is SQL.
  void update_match(std::string const& set) const {
    db.sql(fmt::format("update match_suggestions set {} where profile_id = '{}' and suggested_profile_id = '{}'", set,
                       a, b));
  }

  CliDb db{Rows::slice};
  std::string a, b;
};

json::Ref stored(json::Value const& report, std::size_t number = 0) {
  return json::Ref(report, "explain")["stored"][number];
}

std::vector<std::string> reasons(json::Ref const& row) {
  std::vector<std::string> texts;
  for (auto const& reason : row["reasons"].items())
    texts.push_back(reason.string());
  return texts;
}

/// The score of a direction, from nothing but the factors that are shown.
double recomputed(json::Ref const& direction) {
  double logs = 0, weights = 0;
  for (auto const& [name, dimension] : direction["dimensions"].members()) {
    double total = 0, fired = 0;
    for (auto const& factor : dimension["factors"].items()) {
      total += factor["score"].number() * factor["weight"].number();
      fired += factor["weight"].number();
    }
    EXPECT_NEAR(dimension["fired_weight"].number(), fired, 1e-9);
    EXPECT_LE(fired, dimension["possible_weight"].number() + 1e-9);
    if (fired == 0) {
      EXPECT_FALSE(dimension.find("score"));
      continue;
    }
    EXPECT_NEAR(dimension["score"].number(), total / fired, 0.00501) << name;
    logs += dimension["weight"].number() * std::log(std::max(dimension["score"].number(), 1e-10));
    weights += dimension["weight"].number();
  }
  return 10 * std::exp(logs / weights);
}

TEST(Explain, ShowsAllThatAScoreIsMadeOf) {
  Scored const scored;
  auto const report = scored.explain();
  json::Ref const root(report, "explain");
  double const ab = recomputed(root["ab"]), ba = recomputed(root["ba"]);
  EXPECT_NEAR(root["ab"]["score"].number(), ab, 1e-9);
  EXPECT_NEAR(root["ba"]["score"].number(), ba, 1e-9);
  EXPECT_NEAR(root["harmonic_mean"].number(), 2 / (1 / ab + 1 / ba), 1e-9);
  auto const cosine = scored.db.sql(fmt::format(
      "select 1 - (a.embedding_seeking <=> b.embedding_offering) from profiles a, profiles b where a.id = '{}' and "
      "b.id = '{}'",
      scored.a, scored.b));
  auto const factor = root["ab"]["dimensions"]["synergy"]["factors"][std::size_t{0}];
  EXPECT_EQ(factor["factor"].string(), "offering_seeking");
  EXPECT_NEAR(factor["cosine"].number(), std::stod(cosine), 1e-6);
}

TEST(Explain, FindsFreshScoresCurrentInBothDirections) {
  Scored const scored;
  auto const report = scored.explain();
  ASSERT_EQ(json::Ref(report, "explain")["stored"].items().size(), 2u);
  for (std::size_t i : {0u, 1u}) {
    auto const row = stored(report, i);
    EXPECT_EQ(row["direction"].string(), i == 0 ? "ab" : "ba");
    EXPECT_EQ(row["freshness"].string(), "current");
    EXPECT_TRUE(row["differences"].items().empty()) << json::to_text(row["differences"].value());
    auto const now = json::Ref(report, "explain")[i == 0 ? "ab" : "ba"]["score"].number();
    EXPECT_NEAR(row["score_ab"].number(), now, 0.00501);
  }
}

TEST(Explain, TurnedAroundSaysTheSame) {
  Scored const scored;
  auto const there = scored.explain(), back = scored.db.run_json({"explain", scored.b, scored.a});
  json::Ref const x(there, "x"), y(back, "y");
  EXPECT_EQ(json::to_text(x["ab"].value()), json::to_text(y["ba"].value()));
  EXPECT_EQ(json::to_text(x["ba"].value()), json::to_text(y["ab"].value()));
  EXPECT_EQ(x["harmonic_mean"].number(), y["harmonic_mean"].number());
  EXPECT_EQ(x["lightweight"]["score_ab"].number(), y["lightweight"]["score_ba"].number());
}

TEST(Explain, NamesTheProfileAndTheFactorThatChanged) {
  Scored const scored;
  scored.db.sql(fmt::format(
      "update profiles set list_size = case when list_size > 400000 then 10 else 900000 end where id = '{}'",
      scored.b));
  auto const report = scored.explain();
  auto const row = stored(report);
  EXPECT_EQ(row["freshness"].string(), "out of date");
  EXPECT_THAT(reasons(row), ::testing::ElementsAre(HasSubstr(scored.b)));
  bool named = false;
  for (auto const& each : row["differences"].items())
    named |= each["direction"].string() == "ab" && each.find("factor") && each["factor"].string() == "List Size";
  EXPECT_TRUE(named) << json::to_text(row["differences"].value());
}

TEST(Explain, NamesTheScoringThatAScoreIsOf) {
  Scored const scored;
  auto const report = scored.db.run_json({"explain", scored.a, scored.b, "--scoring", "strategy-2026-02"});
  EXPECT_EQ(stored(report)["freshness"].string(), "out of date");
  EXPECT_THAT(reasons(stored(report)).at(0), HasSubstr("scored by smooth/1"));
}

TEST(Explain, ReadsAContextWithinAString) {
  Scored const scored;
  scored.db.sql("delete from jvmm.ledger where stage = 'rescore'");
  scored.update_match("match_context = to_jsonb(match_context::text)");
  auto const report = scored.explain();
  EXPECT_EQ(stored(report)["context_form"].string(), "string");
  EXPECT_EQ(stored(report)["freshness"].string(), "current");
  EXPECT_TRUE(stored(report)["differences"].items().empty());
  EXPECT_THAT(scored.db.run({"explain", scored.a, scored.b}).out, HasSubstr("--repair-context"));
}

TEST(Explain, ReadsTheCompactContextOfAnAllPairsRun) {
  Scored const scored;
  scored.update_match(
      "match_context = jsonb_build_object('generation', 1, 'methods', 'sss', 'scoring', match_context -> 'scoring', "
      "'dimensions', jsonb_build_array(jsonb_build_array(match_context #> '{breakdown_ab,intent,score}', 0.01, "
      "match_context #> '{breakdown_ab,momentum,score}', match_context #> '{breakdown_ab,context,score}'), "
      "jsonb_build_array(match_context #> '{breakdown_ba,intent,score}', match_context #> "
      "'{breakdown_ba,synergy,score}', match_context #> '{breakdown_ba,momentum,score}', match_context #> "
      "'{breakdown_ba,context,score}'))), harmonic_mean = 99");
  auto const report = scored.explain();
  EXPECT_EQ(stored(report)["freshness"].string(), "current");
  auto const differences = stored(report)["differences"].items();
  ASSERT_EQ(differences.size(), 1u);
  EXPECT_EQ(differences[0]["direction"].string(), "ab");
  EXPECT_EQ(differences[0]["dimension"].string(), "synergy");
  EXPECT_EQ(differences[0]["stored"].number(), 0.01);
  EXPECT_FALSE(differences[0].find("factor"));
}

TEST(Explain, TellsAForeignScoreAndAnUnscoredMatch) {
  Scored const scored;
  scored.update_match("harmonic_mean = 12.34");
  EXPECT_THAT(reasons(stored(scored.explain())).at(0), HasSubstr("somebody else"));
  scored.db.sql("delete from jvmm.ledger where stage = 'rescore'");
  scored.update_match("match_context = '{\"source\": \"contact_ingestion\"}'");
  EXPECT_EQ(stored(scored.explain())["freshness"].string(), "unknown");
  scored.update_match("harmonic_mean = null, match_context = '[1]'");
  EXPECT_EQ(stored(scored.explain())["freshness"].string(), "unscored");
}

TEST(Explain, SurvivesAContextOfAnyForm) {
  Scored const scored;
  scored.db.sql("delete from jvmm.ledger where stage = 'rescore'");
  for (auto const* context :
       {"null", "'7'", "'\"not json\"'", "'{\"scoring\": 1, \"breakdown_ab\": 2, \"dimensions\": [[], {}]}'",
        "'{\"breakdown_ab\": {\"intent\": {\"score\": \"x\", \"factors\": [1, {\"name\": 3}]}}}'"}) {
    scored.update_match(fmt::format("match_context = {}", context));
    EXPECT_EQ(scored.db.run({"explain", scored.a, scored.b}).exit_code, 0) << context;
    scored.explain();
  }
}

TEST(Explain, SaysWhyAPairIsNoMatch) {
  CliDb const db;
  db.add_profile(1, "seeking = 'podcast guests'");
  db.add_profile(2, "");
  auto const report = db.run_json({"explain", profile_id(1), profile_id(2)});
  json::Ref const root(report, "explain");
  EXPECT_FALSE(root["eligible"].boolean());
  EXPECT_THAT(root["ineligible_reason"].string(), HasSubstr("Profile 1 has 1 fields, Profile 2 has 0 fields"));
  EXPECT_EQ(root["harmonic_mean"].number(), 0);
  EXPECT_EQ(root["a"]["class"].string(), "eligible");
  EXPECT_EQ(root["b"]["class"].string(), "ineligible");
  EXPECT_TRUE(root["stored"].items().empty());
}

TEST(Explain, TextKeepsToItsColumnsAndCannotDriveTheTerminal) {
  Scored const scored;
  scored.db.sql(
      fmt::format("update profiles set name = E'\\x1b[2J' || repeat('long ', 50), revenue_tier = E'a\\nb' "
                  "where id = '{}'",
                  scored.b));
  auto const out = scored.db.run({"explain", scored.a, scored.b}).out;
  EXPECT_THAT(out, Not(HasSubstr("\x1b")));
  std::size_t width = 0;
  for (char const c : out) {
    if (c == '\n') width = 0;
    width += c != '\n' && (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    ASSERT_LE(width, 100u) << out;
  }
}

TEST(Explain, WritesNothing) {
  Scored const scored;
  auto const trace = [&] {
    return scored.db.trace_all() + scored.db.trace("match_suggestions") + scored.db.trace("jvmm.calibration");
  };
  auto const before = trace();
  scored.explain();
  EXPECT_EQ(trace(), before);
}

TEST(Explain, RefusesWhatIsNoPair) {
  CliDb const db;
  db.add_profile(1, "");
  auto const one = profile_id(1);
  expect_failure(db.run({"explain", one, one}), 64, {"same profile"});
  expect_failure(db.run({"explain", one, "somebody"}), 64, {"somebody", "uuid"});
  EXPECT_EQ(db.run({"explain", one}).exit_code, 64);
  expect_failure(db.run({"explain", one, profile_id(2)}), 65, {profile_id(2), "does not exist"});
  expect_failure(db.run({"explain", one, profile_id(2), "--scoring", "none"}), 64, {"none"});
  expect_failure(run_cli({"explain", one, profile_id(2)}), 78, {"DATABASE_URL"});
}

TEST(Explain, SaysWhatCannotBeReadInAProfile) {
  CliDb const db;
  db.add_profile(1, "");
  db.add_profile(2, "");
  db.sql("alter table profiles alter column list_size type text using 'many'");
  expect_failure(db.run({"explain", profile_id(1), profile_id(2)}), 65, {"list_size"});
}

}  // namespace
}  // namespace jvmm::test
