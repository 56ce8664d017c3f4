#include <fmt/format.h>

#include <cmath>

#include "cli/cli_db.hpp"
#include "json/writer.hpp"

namespace jvmm::test {
namespace {

using ::testing::HasSubstr;

/// The slice with vectors, each profile matched with the seven that follow it.
struct Matched {
  Matched() {
    db.run_json({"backfill-embeddings"});
    db.sql(
        "with p as (select id, row_number() over (order by id) as n from profiles) "
        "insert into match_suggestions (profile_id, suggested_profile_id) "
        "select a.id, b.id from p a, p b where b.n - a.n between 1 and 7");
  }

  std::int64_t matches() const { return std::stoll(db.sql("select count(*) from match_suggestions")); }

  CliDb db{Rows::slice};
};

json::Ref gates(json::Value const& report) {
  return json::Ref(report, "diff")["gates"];
}

TEST(ScoringDiff, OfAScoringWithItselfPasses) {
  Matched const matched;
  auto const report = matched.db.run_json({"scoring", "diff", "smooth", "smooth", "--gate"});
  EXPECT_NEAR(gates(report)["spearman"]["value"].number(), 1, 1e-12);
  EXPECT_EQ(gates(report)["tier_changes"]["value"].number(), 0);
  EXPECT_EQ(gates(report)["mean_shift"]["value"].number(), 0);
  EXPECT_EQ(gates(report)["verdict"].string(), "pass");
  json::Ref const root(report, "diff");
  EXPECT_EQ(root["matches"].integer(), matched.matches());
  EXPECT_EQ(gates(report)["pairs"].integer() + root["left_out"]["ineligible"].integer(), matched.matches());
  EXPECT_TRUE(root["gains"].items().empty());
}

/// What PostgreSQL says of scores that two runs of rescore stored.
TEST(ScoringDiff, AgreesWithScoresThatWereStored) {
  Matched const matched;
  auto const now = "2026-12-01T00:00:00Z";
  matched.db.run_json({"rescore", "--scoring", "engine-2026-02-16", "--now", now});
  matched.db.sql("create table first as select id, harmonic_mean as x from match_suggestions");
  matched.db.run_json({"rescore", "--scoring", "smooth", "--now", now});
  auto const expected = matched.db.sql_json(
      "with pair as (select x, harmonic_mean as y from match_suggestions join first using (id) "
      "              where x <> 0 or harmonic_mean <> 0), "
      "ranked as (select x, y, rank() over (order by x) + (count(*) over (partition by x) - 1) / 2.0 as rx, "
      "                        rank() over (order by y) + (count(*) over (partition by y) - 1) / 2.0 as ry from pair) "
      "select jsonb_build_object('rho', corr(rx, ry), 'shift', avg(y - x), 'far', count(*) filter (where abs(y - x) >= "
      "5), 'near', count(*) filter (where abs(y - x) < 1), 'pairs', count(*)) from ranked");
  json::Ref const want(expected, "expected");
  auto const check = [&](json::Value const& report) {
    EXPECT_NEAR(gates(report)["spearman"]["value"].number(), want["rho"].number(), 1e-9);
    EXPECT_NEAR(gates(report)["mean_shift"]["value"].number(), want["shift"].number(), 1e-9);
    EXPECT_EQ(gates(report)["pairs"].integer(), want["pairs"].integer());
    EXPECT_EQ(gates(report)["divergence"][std::size_t{0}].integer(), want["near"].integer());
    EXPECT_EQ(gates(report)["divergence"][3].integer(), want["far"].integer());
  };
  check(matched.db.run_json({"scoring", "diff", "engine-2026-02-16", "smooth", "--now", now}));
  matched.db.run_json({"rescore", "--scoring", "engine-2026-02-16", "--now", now});
  check(matched.db.run_json({"scoring", "diff", "--stored", "smooth", "--now", now}));
  auto const report =
      matched.db.run_json({"rescore", "--force", "--scoring", "engine-2026-02-16", "--shadow", "smooth", "--now", now});
  auto const shadow = json::Ref(report, "rescore")["report"]["shadow"]["impact"]["gates"];
  EXPECT_NEAR(shadow["spearman"]["value"].number(), want["rho"].number(), 1e-9);
  EXPECT_EQ(shadow["pairs"].integer(), want["pairs"].integer());
}

TEST(ScoringDiff, AFailedGateFailsOnlyWhereItIsAsked) {
  Matched const matched;
  matched.db.sql("update match_suggestions set harmonic_mean = 99");
  auto const report = matched.db.run_json({"scoring", "diff", "--stored", "smooth"});
  EXPECT_EQ(gates(report)["verdict"].string(), "fail");
  EXPECT_FALSE(gates(report)["spearman"].find("value")) << "one side is constant";
  matched.db.run_json({"scoring", "diff", "--stored", "smooth", "--gate"}, 1);
  EXPECT_THAT(matched.db.run({"scoring", "diff", "--stored", "smooth"}).out, HasSubstr("fail"));
}

TEST(ScoringDiff, TheSeedChoosesTheSample) {
  Matched const matched;
  auto const sample = [&](std::string const& seed) {
    auto report =
        matched.db.run_json({"scoring", "diff", "engine-2026-02-16", "smooth", "--sample", "100", "--seed", seed});
    EXPECT_EQ(json::Ref(report, "diff")["matches"].integer(), 100);
    return json::to_text(gates(report).value());
  };
  EXPECT_EQ(sample("1"), sample("1"));
  EXPECT_NE(sample("1"), sample("2"));
}

TEST(ScoringDiff, CountsWhatItLeavesOut) {
  Matched const matched;
  matched.db.sql(
      "update match_suggestions set harmonic_mean = 50;"
      "update match_suggestions set harmonic_mean = null, match_score = null "
      "where id = (select id from match_suggestions where profile_id = (select min(id::text)::uuid from profiles) "
      "            order by id limit 1);"
      "insert into match_suggestions (profile_id, suggested_profile_id, harmonic_mean) "
      "select id, gen_random_uuid(), 60 from profiles limit 3");
  auto const report = matched.db.run_json({"scoring", "diff", "--stored", "smooth"});
  auto const out = json::Ref(report, "diff")["left_out"];
  EXPECT_EQ(out["no_profile"].integer(), 3);
  EXPECT_EQ(out["unscored"].integer(), 1);
  EXPECT_EQ(gates(report)["pairs"].integer() + out["ineligible"].integer() + 4, matched.matches());
}

TEST(ScoringDiff, WritesNothing) {
  Matched const matched;
  auto const before = matched.db.trace_all() + matched.db.trace("match_suggestions");
  matched.db.run_json({"scoring", "diff", "calibrated", "smooth"});
  EXPECT_EQ(matched.db.trace_all() + matched.db.trace("match_suggestions"), before);
}

TEST(ScoringDiff, RefusesWhatItCannotCompare) {
  CliDb const db;
  expect_failure(db.run({"scoring", "diff", "smooth"}), 64, {"two scoring profiles"});
  expect_failure(db.run({"scoring", "diff", "--stored", "smooth", "calibrated"}), 64, {"--stored"});
  expect_failure(db.run({"scoring", "diff", "smooth", "nothing"}), 64, {"nothing"});
  expect_failure(db.run({"scoring", "diff", "smooth", "smooth", "--sample", "0"}), 64, {"--sample"});
  expect_failure(db.run({"scoring", "diff", "smooth", "smooth"}), 65, {"match_suggestions"});
  db.sql("drop table match_suggestions");
  expect_failure(db.run({"scoring", "diff", "smooth", "smooth"}), 78, {"match_suggestions"});
}

}  // namespace
}  // namespace jvmm::test
