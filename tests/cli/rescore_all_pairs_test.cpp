// 'jvmm rescore --all-pairs': what is published, and what is left alone.

#include <fmt/format.h>

#include "cli/match_rows.hpp"
#include "cli/published.hpp"

namespace jvmm::test {
namespace {

using json::Ref;
using ::testing::HasSubstr;

/// A slice of the fixture with vectors.
struct Embedded {
  Embedded() : db(Rows::slice) { embed(db); }
  CliDb db;
};

std::string ranked_profiles(CliDb const& db) {
  return db.sql("select string_agg(quote_literal(profile_id), ', ') from jvmm.ranked_profile");
}

Ref of(json::Value const& report) {
  return Ref(report, "report")["all_pairs"];
}

TEST(AllPairsPublishes, TheBestOfEachByTheScoresOfStoredMatches) {
  Embedded const ranked, oracle;
  auto const report = all_pairs(ranked.db, {"--suggest-duplicates"});
  auto const profiles = ranked_profiles(ranked.db);
  auto const expected = ranked_by_sql(oracle.db, profiles, 5);
  EXPECT_EQ(published(ranked.db), expected);
  EXPECT_GT(of(report)["population"]["eligible"].integer(), 30);
  EXPECT_EQ(of(report)["rows"].integer(), std::stoi(ranked.db.sql("select count(*) from match_suggestions")));

  all_pairs(ranked.db, {"--suggest-duplicates", "--top", "3", "--min-score", "50"});
  EXPECT_EQ(published(ranked.db), ranked_by_sql(oracle.db, profiles, 3, 50));
  all_pairs(ranked.db, {"--suggest-duplicates", "--top", "2", "--all-above", "52.5"});
  EXPECT_EQ(published(ranked.db), ranked_by_sql(oracle.db, profiles, 2, 0, 52.5));
  EXPECT_EQ(summary(rescore(ranked.db, {"--scoring", "calibrated"}), "candidates"), 0) << "all rows are up to date";
}

TEST(AllPairsPublishes, RowsOfOneFormWithIdsOfTheirPair) {
  Embedded const one, two;
  all_pairs(one.db);
  all_pairs(two.db);
  EXPECT_EQ(all_matches(one.db), all_matches(two.db));
  EXPECT_EQ(one.db.sql("select count(*) from match_suggestions where jsonb_typeof(match_context) <> 'object' "
                       "or length(match_context::text) >= 300 or match_context ? 'breakdown_ab' "
                       "or jsonb_array_length(match_context -> 'dimensions') <> 2 "
                       "or match_context ->> 'methods' !~ '^[sw]{3}$' or source <> 'jvmm_all_pairs' "
                       "or status <> 'pending' or match_score <> harmonic_mean or match_reason = '' "
                       "or suggested_at is null or profile_id = suggested_profile_id"),
            "0");
  EXPECT_NE(one.db.sql("select count(*) from match_suggestions where match_context ->> 'methods' like '%s%'"), "0");
}

TEST(AllPairsPublishes, OnlyProfilesThatMayBePaired) {
  CliDb const db;
  add_scorable_profiles(db, 4);
  db.add_profile(5, "");
  db.add_profile(6, "seeking = 'partners'");
  auto const report = all_pairs(db);
  auto const population = of(report)["population"];
  EXPECT_EQ(population["eligible"].integer(), 4);
  EXPECT_EQ(population["ineligible"].integer() + population["enrichment_candidates"].integer(), 2);
  EXPECT_EQ(db.sql("select count(*), count(*) filter (where profile_id > '" + profile_id(4) +
                   "' or suggested_profile_id > '" + profile_id(4) + "') from match_suggestions"),
            "12");
}

TEST(AllPairsPublishes, NothingFromNobody) {
  CliDb const db;
  EXPECT_EQ(of(all_pairs(db))["rows"].integer(), 0);
  add_scorable_profiles(db, 1);
  EXPECT_EQ(of(all_pairs(db))["rows"].integer(), 0);
  EXPECT_EQ(db.sql("select count(*) from match_suggestions"), "0");
}

TEST(AllPairsShards, MakeTheSameTableAndShowNothingBeforeTheLast) {
  Embedded const whole;
  all_pairs(whole.db);
  for (int const shards : {2, 5}) {
    Embedded const parts;
    for (int shard = 0; shard < shards; ++shard) {
      EXPECT_EQ(published(parts.db), "") << shard << "/" << shards;
      auto const report = all_pairs(parts.db, {"--shard", fmt::format("{}/{}", shard, shards)});
      EXPECT_EQ(of(report)["parts"].integer(), shard + 1);
    }
    EXPECT_EQ(all_matches(parts.db), all_matches(whole.db)) << shards;
  }
}

TEST(AllPairsShards, AShardDoneTwiceIsOnce) {
  Embedded const whole, parts;
  all_pairs(whole.db);
  all_pairs(parts.db, {"--shard", "1/2"});
  EXPECT_EQ(of(all_pairs(parts.db, {"--shard", "1/2"}))["parts"].integer(), 1);
  all_pairs(parts.db, {"--shard", "0/2"});
  EXPECT_EQ(all_matches(parts.db), all_matches(whole.db));
  all_pairs(parts.db, {"--shard", "0/2", "--force"});
  EXPECT_EQ(of(all_pairs(parts.db, {"--shard", "1/2", "--force"}))["parts"].integer(), 2);
  EXPECT_EQ(all_matches(parts.db), all_matches(whole.db));
}

TEST(AllPairsShards, OfOtherDataAreNamed) {
  CliDb const db;
  add_scorable_profiles(db, 6);
  all_pairs(db, {"--shard", "0/2"});
  db.sql("update profiles set seeking = 'something else' where id = '" + profile_id(3) + "'");
  auto const second = db.run(all_pairs_arguments({"--shard", "1/2"}));
  EXPECT_EQ(second.exit_code, 0) << second;
  EXPECT_THAT(second.err, HasSubstr("generation 1 (1 of 2 shards) waits"));
  EXPECT_EQ(published(db), "");
  all_pairs(db, {"--shard", "0/2"});
  EXPECT_EQ(db.sql("select string_agg(id::text, ',') from jvmm.generation"), "2");
  EXPECT_NE(published(db), "");
}

TEST(AllPairsShards, ThatACrashOfTheServerEmptiedAreDoneAgain) {
  CliDb const db;
  add_scorable_profiles(db, 6);
  all_pairs(db, {"--shard", "0/2"});
  db.sql("truncate jvmm.staged_match");
  expect_failure(db.run(all_pairs_arguments({"--shard", "1/2"})), 69, {"staged rows", "run every shard again"});
  EXPECT_EQ(published(db), "");
  all_pairs(db, {"--shard", "0/2"});
  all_pairs(db, {"--shard", "1/2"});
  EXPECT_NE(published(db), "");
}

struct Generated {
  explicit Generated(int profiles = 12) {
    add_scorable_profiles(db, profiles);
    embed(db);
  }
  CliDb db;
};

TEST(AllPairsAgain, WritesNothingAndSaysSo) {
  Generated const generated;
  all_pairs(generated.db);
  auto const before = generated.db.trace("match_suggestions") + generated.db.trace("jvmm.ranked_profile") +
                      generated.db.trace("jvmm.staged_match");
  auto const report = all_pairs(generated.db);
  EXPECT_THAT(std::string(of(report)["remark"].string()), HasSubstr("nothing has changed"));
  EXPECT_EQ(generated.db.trace("match_suggestions") + generated.db.trace("jvmm.ranked_profile") +
                generated.db.trace("jvmm.staged_match"),
            before);
}

TEST(AllPairsAgain, FollowsTheDataBackAndForth) {
  Generated const generated;
  all_pairs(generated.db);
  auto const first = published(generated.db);
  auto const text = generated.db.sql("select offering from profiles where id = '" + profile_id(5) + "'");
  edit(generated.db, 5, "offering = 'podcast guests and launch partner number'");
  all_pairs(generated.db);
  EXPECT_NE(published(generated.db), first);
  edit(generated.db, 5, "offering = '" + text + "'");
  all_pairs(generated.db);
  EXPECT_EQ(published(generated.db), first);
  all_pairs(generated.db, {"--top", "2"});
  all_pairs(generated.db);
  EXPECT_EQ(published(generated.db), first);
}

TEST(AllPairsAgain, PairsThatLeaveTheBestStayAndAreRescored) {
  Generated const generated;
  all_pairs(generated.db);
  auto const pairs = generated.db.sql("select count(*) from match_suggestions");
  edit(generated.db, 1, "offering = 'gardening for the old', seeking = 'flowers and trees', who_you_serve = 'bees'");
  all_pairs(generated.db, {"--top", "3"});
  EXPECT_EQ(generated.db.sql("select count(*) from match_suggestions where match_context -> 'generation' <> '0'"),
            "36");
  EXPECT_GE(std::stoi(generated.db.sql("select count(*) from match_suggestions")), std::stoi(pairs));
  EXPECT_NE(generated.db.sql("select count(*) from match_suggestions where match_context -> 'generation' = '0'"), "0");
  auto const stored = all_scores(generated.db);
  rescore(generated.db, {"--force", "--scoring", "calibrated"});
  EXPECT_EQ(all_scores(generated.db), stored) << "those that left are up to date too";
}

TEST(AllPairsBeside, UserStateAndOwnKeysStay) {
  Generated const generated;
  add_match(generated.db, 1, 1, 2,
            "status = 'dismissed', notes = 'n', trust_level = 'gold', source = 'x', match_score = 12.34, "
            "suggested_at = '2025-01-01', viewed_at = '2025-01-02', user_feedback = 'good', "
            "match_context = '{\"note\": 7, \"dimensions\": 1}'");
  add_match(generated.db, 2, 2, 1, "match_context = '[1, 2]'");
  auto const state = [&] {
    return generated.db.sql(
        "select string_agg((to_jsonb(m) - array['score_ab', 'score_ba', 'harmonic_mean', 'match_reason', "
        "'match_context'])::text, ',' order by id) from match_suggestions m where id in ('" +
        match_id(1) + "', '" + match_id(2) + "')");
  };
  auto const before = state();
  all_pairs(generated.db, {"--top", "20"});
  EXPECT_EQ(state(), before);
  EXPECT_EQ(of_match(generated.db, 1, "match_context -> 'note'"), "7");
  EXPECT_EQ(of_match(generated.db, 1, "jsonb_typeof(match_context -> 'dimensions')"), "array");
  EXPECT_EQ(of_match(generated.db, 1, "match_context -> 'generation'"), "1");
  EXPECT_EQ(of_match(generated.db, 2, "match_context -> 'unreadable'"), "[1, 2]");
}

TEST(AllPairsBeside, BreakdownsStayAndAreUpToDate) {
  Generated const generated;
  add_match(generated.db, 1, 1, 2);
  add_match(generated.db, 2, 2, 1);
  rescore(generated.db, {"--scoring", "calibrated"});
  generated.db.sql("update match_suggestions set match_context = to_jsonb(match_context::text) where id = '" +
                   match_id(2) + "'");
  edit(generated.db, 2, "offering = 'podcast guests and launch partner'");
  all_pairs(generated.db, {"--top", "20"});
  for (int const match : {1, 2}) {
    EXPECT_EQ(of_match(generated.db, match, "match_context ? 'breakdown_ab' and match_context ? 'generation'"), "t");
    EXPECT_EQ(of_match(generated.db, match, "match_context ? 'dimensions'"), "f");
  }
  auto const stored = all_scores(generated.db);
  rescore(generated.db, {"--force", "--scoring", "calibrated"});
  EXPECT_EQ(all_scores(generated.db), stored);
}

TEST(AllPairsDuplicates, AreNotSuggestedUnlessAsked) {
  Generated const generated(4);
  generated.db.sql("update profiles set email = 'ada@engines.com', name = 'Ada Lovelace' where id in ('" +
                   profile_id(1) + "', '" + profile_id(2) + "')");
  auto const count = "select count(*) from match_suggestions where profile_id in ('" + profile_id(1) + "', '" +
                     profile_id(2) + "') and suggested_profile_id in ('" + profile_id(1) + "', '" + profile_id(2) +
                     "')";
  auto const report = all_pairs(generated.db);
  EXPECT_EQ(of(report)["population"]["duplicates"].integer(), 1);
  EXPECT_EQ(generated.db.sql(count), "0");
  all_pairs(generated.db, {"--suggest-duplicates"});
  EXPECT_EQ(generated.db.sql(count), "2");
}

TEST(AllPairsRefuses, WhatCannotBeMeant) {
  Generated const generated(3);
  auto const refused = [&](Arguments const& further, std::string const& word) {
    Arguments arguments{"rescore"};
    arguments.insert(arguments.end(), further.begin(), further.end());
    expect_failure(generated.db.run(arguments), 64, {word});
  };
  refused({"--all-pairs", "--clients", "active"}, "two scopes");
  refused({"--all-pairs", "--shadow", "calibrated"}, "--shadow");
  refused({"--all-pairs", "--prescreen"}, "--prescreen");
  refused({"--all-pairs", "--preview", "3"}, "--preview");
  refused({"--all-pairs", "--limit", "3"}, "--limit");
  refused({"--all-pairs", "--top", "0"}, "--top");
  refused({"--all-pairs", "--min-score", "101"}, "--min-score");
  refused({"--all-pairs", "--all-above", "-1"}, "--all-above");
  refused({"--all-pairs", "--since", "7d", "--shard", "0/2"}, "--shard");
  refused({"--all-pairs", "--repair-context"}, "--repair-context");
  refused({"--top", "3"}, "--all-pairs");
  refused({"--all-above", "50"}, "--all-pairs");
  refused({"--suggest-duplicates"}, "--all-pairs");
  refused({"--min-score", "50"}, "--all-pairs");
  refused({"--checkpoint", "x"}, "--all-pairs");
  refused({"--clients", "active", "--top", "3"}, "--all-pairs");
  refused({"--all-pairs", "--scoring", "calibrated", "--all-above", "0", "--max-rows", "5"}, "--max-rows 5");
  EXPECT_EQ(generated.db.sql("select count(*) from jvmm.generation"), "0");
}

TEST(AllPairsRefuses, ATableWithoutThePairsIndex) {
  Generated const generated(3);
  generated.db.sql("drop index match_suggestions_pair_key");
  expect_failure(generated.db.run(all_pairs_arguments()), 78, {"unique index", "create unique index"});
}

TEST(AllPairsRefuses, VectorsOfAnotherWidthNamingTheProfile) {
  Generated const generated(3);
  generated.db.sql(
      "drop view if exists jvmm.stale; alter table profiles alter embedding_seeking type vector; "
      "update profiles set embeddings_model = 'm', embedding_seeking = ('[1' || repeat(',0', case when id = '" +
      profile_id(2) + "' then 7 else 8 end) || ']')::vector");
  auto const result = generated.db.run(all_pairs_arguments());
  EXPECT_NE(result.exit_code, 0) << result;
  EXPECT_THAT(result.err, HasSubstr(profile_id(2)));
}

TEST(AllPairsDryRun, WritesNothing) {
  Generated const generated;
  auto const all = [&] {
    return generated.db.trace_all() + generated.db.trace("match_suggestions") + generated.db.trace("jvmm.generation") +
           generated.db.trace("jvmm.staged_match") + generated.db.trace("jvmm.scoring_profile");
  };
  auto const before = all();
  auto const plan = all_pairs(generated.db, {"--dry-run"});
  EXPECT_EQ(Ref(plan, "plan")["plan"]["eligible"].integer(), 12);
  EXPECT_EQ(all(), before);
}

TEST(AllPairsStop, EndsWith75AndTheSameCommandGoesOn) {
  Generated const generated, undisturbed;
  testing::TempDir const folder;
  generated.db.sql(
      "create function nap() returns trigger language plpgsql as $$ begin perform pg_sleep(1); return new; end $$; "
      "create trigger nap before insert on jvmm.generation for each row execute function nap()");
  auto const arguments = all_pairs_arguments({"--checkpoint", (folder.path() / "state").string()});
  CliProcess run(arguments, generated.db.options());
  generated.db.wait_until(
      "select count(*) > 0 from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()");
  run.send(SIGTERM);
  auto const stopped = run.wait();
  EXPECT_EQ(stopped.exit_code, 75) << stopped;
  EXPECT_THAT(stopped.out, HasSubstr("the same command goes on"));
  EXPECT_EQ(published(generated.db), "");
  EXPECT_EQ(generated.db.sql("select outcome from jvmm.run where command = 'rescore'"), "stopped");
  EXPECT_EQ(generated.db.run(arguments).exit_code, 0);
  all_pairs(undisturbed.db);
  EXPECT_EQ(all_matches(generated.db), all_matches(undisturbed.db));
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "state"));
}

TEST(AllPairsStop, ASecondRunAtTheSameTimeEndsWith75) {
  Generated const generated;
  generated.db.sql(
      "create function nap() returns trigger language plpgsql as $$ begin perform pg_sleep(1); return new; end $$; "
      "create trigger nap before insert on jvmm.generation for each row execute function nap()");
  CliProcess run(all_pairs_arguments(), generated.db.options());
  generated.db.wait_until(
      "select count(*) > 0 from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()");
  expect_failure(generated.db.run(all_pairs_arguments()), 75, {"run 2", "rescore-all-pairs"});
  EXPECT_EQ(run.wait().exit_code, 0);
}

}  // namespace
}  // namespace jvmm::test
