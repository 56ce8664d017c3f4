// 'jvmm rescore --update-pressure', and matches of duplicates.

#include <fmt/format.h>

#include "cli/match_rows.hpp"
#include "json/writer.hpp"

namespace jvmm::test {
namespace {

using json::Ref;
using ::testing::HasSubstr;

/// Recommends a profile some times at a time.
void recommend(CliDb const& db, int profile, int times, std::string const& at) {
  db.sql(
      fmt::format("insert into matching_partnerrecommendation (user_id, partner_id, context, recommended_at) "
                  "select i, '{}', 'guest_match', '{}' from generate_series(1, {}) i",
                  profile_id(profile), at, times));
}

std::string pressures(CliDb const& db) {
  return db.sql("select string_agg(coalesce(recommendation_pressure_30d::text, '-'), ' ' order by id) from profiles");
}

struct Recommended {
  Recommended() {
    add_scorable_profiles(db, 6);
    add_chain(db, 5);
    db.sql("update profiles set status = 'Inactive' where id = '" + profile_id(6) + "'");
  }
  CliDb db;
};

Ref pressure_of(json::Value const& report) {
  return Ref(report, "report")["report"]["pressure"];
}

TEST(RescorePressure, CountsTheLastThirtyDaysOfMembersAndOthers) {
  Recommended const world;
  recommend(world.db, 1, 3, "2026-10-31");
  recommend(world.db, 1, 40, "2026-10-01");  // 31 days before
  recommend(world.db, 2, 7, "2026-10-02 00:00:01Z");
  recommend(world.db, 3, 2, "2026-11-02");  // later
  recommend(world.db, 6, 35, "2026-10-20");
  auto const report = rescore(world.db, {"--update-pressure"});
  EXPECT_EQ(pressures(world.db), "3 7 0 0 0 35");
  EXPECT_EQ(world.db.sql("select count(*) from profiles where pressure_updated_at = '2026-11-01T00:00:00Z'"), "6");
  auto const pressure = pressure_of(report);
  EXPECT_EQ(pressure["recommendations"].integer(), 45);
  EXPECT_EQ(pressure["buckets"]["0"].integer(), 3);
  EXPECT_EQ(pressure["buckets"]["1-5"].integer(), 1);
  EXPECT_EQ(pressure["buckets"]["6-15"].integer(), 1);
  EXPECT_EQ(pressure["buckets"]["16-30"].integer(), 0);
  EXPECT_EQ(pressure["buckets"]["31+"].integer(), 1);
  EXPECT_NEAR(pressure["gini"].number(), 2.0 * (4 * 3 + 5 * 7 + 6 * 35) / (6 * 45) - 7.0 / 6, 1e-12);
  EXPECT_EQ(pressure["changes"].integer(), 6);
}

TEST(RescorePressure, WritesOnlyWhatDiffersAndScoresItsMatchesAgain) {
  Recommended const world;
  recommend(world.db, 2, 1, "2026-10-20");
  rescore(world.db, {"--update-pressure"});
  auto const before = world.db.trace("profiles");
  EXPECT_EQ(rescored(world.db, {"--update-pressure"}), 0);
  EXPECT_EQ(world.db.trace("profiles"), before);
  recommend(world.db, 3, 30, "2026-10-20");
  auto const report = rescore(world.db, {"--update-pressure"});
  EXPECT_EQ(pressure_of(report)["changes"].integer(), 1);
  EXPECT_EQ(summary(report, "done"), 2) << "2 with 3, and 3 with 4";
}

TEST(RescorePressure, OfAnEmptyWindowGoesBackToZero) {
  Recommended const world;
  recommend(world.db, 2, 4, "2026-10-20");
  rescore(world.db, {"--update-pressure"});
  auto const report = rescore(world.db, {"--update-pressure", "--now", "2027-02-01T00:00:00Z"});
  EXPECT_EQ(pressures(world.db), "0 0 0 0 0 0");
  EXPECT_EQ(pressure_of(report)["changes"].integer(), 1);
  EXPECT_FALSE(pressure_of(report).find("gini"));
}

TEST(RescorePressure, StaysUnknownWhereNothingWasEverRecommended) {
  Recommended const world;
  world.db.sql("update profiles set recommendation_pressure_30d = 9 where id = '" + profile_id(4) + "'");
  rescore(world.db, {"--update-pressure"});
  EXPECT_EQ(pressures(world.db), "- - - 0 - -");
}

TEST(RescorePressure, ADryRunReportsAnyWindowAndWritesNothing) {
  Recommended const world;
  recommend(world.db, 1, 20, "2026-09-15");
  auto const before = world.db.trace("profiles");
  auto const report = rescore(world.db, {"--update-pressure", "--pressure-days", "60", "--dry-run"});
  EXPECT_EQ(Ref(report, "plan")["pressure"]["recommendations"].integer(), 20);
  EXPECT_FALSE(Ref(report, "plan")["pressure"]["written"].boolean());
  EXPECT_EQ(world.db.trace("profiles"), before);
  auto const text = world.db.run({"rescore", "--update-pressure", "--dry-run", "--now", "2026-10-01T00:00:00Z"});
  EXPECT_THAT(text.out, HasSubstr("20 recommendations of 6 profiles in 30 days"));
  EXPECT_THAT(text.out, HasSubstr("6 profiles would get another number"));
  EXPECT_THAT(text.err, HasSubstr("Gini coefficient 0.83"));
  expect_failure(world.db.run({"rescore", "--update-pressure", "--pressure-days", "60"}), 64,
                 {"recommendation_pressure_30d", "--dry-run"});
  expect_failure(world.db.run({"rescore", "--pressure-days", "60", "--dry-run"}), 64, {"--update-pressure"});
  expect_failure(world.db.run({"rescore", "--update-pressure", "--pressure-days", "0"}), 64, {"1 to 36500"});
}

TEST(RescorePressure, WhatIsMissingIsNamed) {
  CliDb const db;
  db.sql("alter table profiles drop pressure_updated_at");
  expect_failure(db.run({"rescore", "--update-pressure"}), 78, {"profiles.pressure_updated_at"});
  db.sql("drop table matching_partnerrecommendation cascade");
  expect_failure(db.run({"rescore", "--update-pressure"}), 78, {"matching_partnerrecommendation.partner_id"});
  EXPECT_EQ(rescored(db), 0) << "which needs none of them";
}

struct Doubled {
  Doubled() {
    add_scorable_profiles(db, 6);
    add_chain(db, 5);
    db.sql("update profiles set name = 'Zoltán Bianchi', company = 'Truecrest Co.' where id = '" + profile_id(2) +
           "'; update profiles set name = 'BIANCHI, Dr. Zoltan', company = 'Truecrest' where id = '" + profile_id(3) +
           "'; update profiles set name = 'Z Bianchi', email = 'Z@b.example.com' where id = '" + profile_id(5) +
           "'; update profiles set email = 'z@b.example.com' where id = '" + profile_id(3) + "'");
  }
  CliDb db;
};

TEST(RescoreDuplicates, AreReportedAndScoredAllTheSame) {
  Doubled const world;
  auto const report = rescore(world.db);
  EXPECT_EQ(summary(report, "done"), 5);
  auto const duplicates = Ref(report, "report")["report"]["impact"]["duplicates"];
  EXPECT_EQ(duplicates["count"].integer(), 1);
  auto const example = duplicates["examples"][std::size_t{0}];
  EXPECT_EQ(example["match"].string(), match_id(2));
  EXPECT_EQ(example["a"].string(), profile_id(2));
  EXPECT_EQ(example["evidence"].string(), "company");
  EXPECT_NE(of_match(world.db, 2, "harmonic_mean"), "0.00");
  EXPECT_THAT(world.db.run({"rescore", "--force"}).out,
              HasSubstr("1 matches are of profiles that look like one person"));
}

TEST(SimilarDuplicates, AreGroupedByWayOfOneAnother) {
  Doubled const world;
  auto const report = world.db.run_json({"similar", "--duplicates"});
  auto const groups = Ref(report, "report")["groups"].items();
  ASSERT_EQ(groups.size(), 1u);
  EXPECT_EQ(json::to_text(groups[0]["evidence"].value()), "[\"company\",\"email\"]");
  std::string found;
  for (auto const& profile : groups[0]["profiles"].items())
    found += profile["profile"].string().back();
  EXPECT_EQ(found, "235");
  auto const of = world.db.run_json({"similar", "--duplicates", profile_id(5)});
  EXPECT_EQ(Ref(of, "of")["groups"].items().size(), 1u);
  auto const none = world.db.run_json({"similar", "--duplicates", profile_id(1)});
  EXPECT_EQ(Ref(none, "none")["groups"].items().size(), 0u);
  EXPECT_THAT(world.db.run({"similar", "--duplicates"}).out, HasSubstr("1 of 1 groups"));
  EXPECT_THAT(world.db.run({"similar", "--duplicates", profile_id(1)}).out, HasSubstr("no duplicates"));
}

TEST(SimilarDuplicates, CompareVectorsOfNamesakes) {
  Doubled const world;
  auto const vector = [](char const* numbers) {
    return fmt::format(
        "embeddings_model = 'm', embedding_seeking = v, embedding_offering = v from (select ('[{}' || "
        "repeat(',0', 382) || ']')::vector as v) x",
        numbers);
  };
  world.db.sql("update profiles set name = 'Jo Lee' where id in ('" + profile_id(1) + "', '" + profile_id(4) + "', '" +
               profile_id(6) + "')");
  world.db.sql("update profiles set " + vector("1,0.1") + " where id = '" + profile_id(1) + "'");
  world.db.sql("update profiles set " + vector("1,0.2") + " where id = '" + profile_id(4) + "'");
  world.db.sql("update profiles set " + vector("0,1") + " where id = '" + profile_id(6) + "'");
  auto const report = world.db.run_json({"similar", "--duplicates", profile_id(1)});
  auto const group = Ref(report, "report")["groups"][std::size_t{0}];
  EXPECT_EQ(json::to_text(group["evidence"].value()), "[\"vectors\"]");
  EXPECT_EQ(group["profiles"].items().size(), 2u);
  world.db.sql("update profiles set embeddings_model = 'n' where id = '" + profile_id(4) + "'");
  EXPECT_EQ(Ref(world.db.run_json({"similar", "--duplicates", profile_id(1)}), "other model")["groups"].items().size(),
            0u);
}

TEST(SimilarDuplicates, ArePaged) {
  CliDb const db;
  db.sql(
      "insert into profiles (id, name, company) select ('10000000-0000-4000-8000-' || lpad(i::text, 12, '0'))::uuid, "
      "'Ann Number' || i % 25, 'One' from generate_series(0, 49) i");
  std::string seen;
  std::string after;
  int pages = 0;
  for (bool more = true; more; ++pages) {
    Arguments arguments{"similar", "--duplicates", "--top", "10"};
    if (!after.empty()) arguments.insert(arguments.end(), {"--after", after});
    auto const page = db.run_json(arguments);
    EXPECT_EQ(Ref(page, "page")["groups_in_all"].integer(), 25);
    for (auto const& group : Ref(page, "page")["groups"].items())
      seen += group["profiles"][std::size_t{0}]["profile"].string().substr(34) + " ";
    auto const next = Ref(page, "page").find("next");
    more = next.has_value();
    if (more) after = next->string();
    ASSERT_LT(pages, 4);
  }
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(seen, "00 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 ");
}

TEST(SimilarDuplicates, RefuseWhatDoesNotGoTogether) {
  CliDb const db;
  expect_failure(db.run({"similar", "--duplicates", "--text", "x"}), 64, {"--duplicates"});
  expect_failure(db.run({"similar", profile_id(1), "--after", profile_id(1)}), 64, {"--after"});
  expect_failure(db.run({"similar", "--duplicates", "--after", "x"}), 64, {"--after"});
  expect_failure(db.run({"similar", "--duplicates", profile_id(1)}), 65, {"no profile"});
  EXPECT_EQ(db.run({"similar", "--duplicates"}).out, "no duplicates\n");
}

}  // namespace
}  // namespace jvmm::test
