// 'jvmm rescore' on data and tables as they should not be, and beside others that write.

#include <fmt/format.h>

#include "cli/match_rows.hpp"
#include "cli/rescore_campaign.hpp"
#include "support/temp_dir.hpp"

namespace jvmm::test {
namespace {

using json::Ref;
using ::testing::HasSubstr;
using ::testing::Not;

struct Chain {
  explicit Chain(int matches = 4) {
    add_scorable_profiles(db, matches + 1);
    add_chain(db, matches);
  }
  void update(int profile, std::string const& set) const {
    db.sql(fmt::format("update profiles set {} where id = '{}'", set, profile_id(profile)));
  }
  CliDb db;
};

std::string scored_matches(CliDb const& db) {
  return db.sql(
      "select coalesce(string_agg(right(id::text, 1), ' ' order by id), '') from match_suggestions "
      "where harmonic_mean > 0");
}

TEST(RescoreHostileProfile, JsonOfAnyShapeCostsNothing) {
  Chain const chain(6);
  chain.update(1, "jv_history = '\"a text\"', content_platforms = '[1, \"x\", null]'");
  chain.update(2, "jv_history = '42', content_platforms = '\"{\\\"podcast_name\\\": 5}\"'");
  chain.update(3, "jv_history = '{\"a\": {}}', content_platforms = '{\"podcast_name\": {\"deep\": []}}'");
  chain.update(4, "jv_history = '[null, 1, [[]]]', content_platforms = 'true'");
  chain.update(5, "tags = '{}', offer_types = '\"x\"', credentials = '[]', content_style = '{\"primary\": 3}'");
  EXPECT_EQ(rescored(chain.db), 6);
  EXPECT_EQ(rescored(chain.db), 0);
}

TEST(RescoreHostileProfile, OneThatCannotBeReadCostsItsOwnMatches) {
  Chain const chain(5);
  chain.update(2, "jv_history = (repeat('[', 3000) || repeat(']', 3000))::jsonb");
  chain.update(5, "pagerank_score = 'NaN'");
  auto const report = rescore(chain.db, {}, 1);
  EXPECT_EQ(summary(report, "done"), 1);
  EXPECT_EQ(summary(report, "failed"), 4);
  EXPECT_EQ(scored_matches(chain.db), "3");
  EXPECT_THAT(chain.db.sql("select string_agg(reason, ' ') from jvmm.ledger where outcome = 'failed'"),
              HasSubstr(profile_id(2)));
  auto const status = chain.db.run({"status"});
  EXPECT_THAT(status.out, HasSubstr("(match)"));
  EXPECT_THAT(status.out, HasSubstr("'jvmm rescore --force' those of rescore"));
  expect_failure(chain.db.run({"undo", "1"}), 65, {"(rescore) cannot be undone", "enrich profiles"});
  EXPECT_EQ(summary(rescore(chain.db), "candidates"), 0) << "they would fail again";
  chain.update(2, "jv_history = '[]'");
  EXPECT_EQ(rescored(chain.db), 2);
  EXPECT_EQ(scored_matches(chain.db), "1 2 3");
  EXPECT_EQ(summary(rescore(chain.db, {"--force"}, 1), "failed"), 2);
}

TEST(RescoreHostileProfile, NamesCannotForgeALine) {
  Chain const chain(1);
  chain.update(2, "name = E'Eve\\nrun 7: 9 matches scored\\u001b[31m'");
  chain.db.sql("update match_suggestions set match_score = 99");
  auto const preview = chain.db.run({"rescore", "--preview", "1", "--now", k_scored_as_of});
  EXPECT_THAT(preview.out, Not(HasSubstr("\nrun 7")));
  auto const text = chain.db.run({"rescore", "--now", k_scored_as_of});
  EXPECT_THAT(text.out, HasSubstr("greatest losses"));
  EXPECT_THAT(text.out, Not(HasSubstr("\nrun 7")));
  EXPECT_THAT(text.out, Not(HasSubstr("\x1b[31m")));
}

TEST(RescoreHostileMatch, ScoresThatAreNoNumbersCountAsNone) {
  Chain const chain(3);
  chain.db.sql(
      "update match_suggestions set match_score = 'NaN', harmonic_mean = 'NaN', score_ab = 'NaN';"
      "update match_suggestions set harmonic_mean = -999.99 where id = '" +
      match_id(2) + "'; update match_suggestions set harmonic_mean = 999.99 where id = '" + match_id(3) + "'");
  auto const report = rescore(chain.db);
  EXPECT_EQ(summary(report, "done"), 3);
  EXPECT_EQ(Ref(report, "report")["report"]["impact"]["before"]["count"].integer(), 2);
  EXPECT_EQ(scored_matches(chain.db), "1 2 3");
}

TEST(RescoreHostileMatch, AContextOfAMegabyteIsKept) {
  Chain const chain(2);
  chain.db.sql("update match_suggestions set match_context = jsonb_build_object('story', repeat('long ', 200000))");
  EXPECT_EQ(rescored(chain.db), 2);
  EXPECT_EQ(chain.db.sql("select count(*) from match_suggestions where length(match_context ->> 'story') = 1000000 "
                         "and match_context ? 'breakdown_ab'"),
            "2");
  EXPECT_EQ(rescored(chain.db), 0);
}

TEST(RescoreHostileMatch, AContextThatClaimsToBeCompactIsBelievedOnlyInWhatItSays) {
  Chain const chain(3);
  chain.db.sql(
      "update match_suggestions set match_context = '{\"generation\": 1, \"scoring\": {\"input\": 5}}' where id = '" +
      match_id(1) + "'; update match_suggestions set match_context = '[\"generation\"]' where id = '" + match_id(2) +
      "'; update match_suggestions set match_context = '\"generation\"' where id = '" + match_id(3) + "'");
  EXPECT_EQ(rescored(chain.db), 3);
}

TEST(RescoreHostileMatch, OneThatTheServerRefusesCostsOneRow) {
  Chain const chain;
  chain.db.sql(
      "create function refuse() returns trigger language plpgsql as $$ begin raise exception 'frozen by auditors'; "
      "end $$; create trigger refuse before update on match_suggestions for each row when (old.id = '" +
      match_id(3) + "') execute function refuse()");
  EXPECT_EQ(summary(rescore(chain.db, {}, 1), "failed"), 1);
  EXPECT_EQ(scored_matches(chain.db), "1 2 4");
  EXPECT_EQ(summary(rescore(chain.db), "candidates"), 0);
  chain.db.sql("drop trigger refuse on match_suggestions");
  EXPECT_EQ(rescored(chain.db, {"--force"}), 4);
}

TEST(RescoreHostileMatch, OneThatATriggerChangesIsABadAnswer) {
  Chain const chain(2);
  chain.db.sql(
      "create function bend() returns trigger language plpgsql as $$ begin new.score_ab = 1; return new; end $$;"
      "create trigger bend before update on match_suggestions for each row when (old.id = '" +
      match_id(1) + "') execute function bend()");
  auto const report = rescore(chain.db, {}, 1);
  EXPECT_EQ(Ref(report, "report")["summary"]["failures_by_kind"]["bad_answer"].integer(), 1);
  EXPECT_EQ(of_match(chain.db, 1, "score_ab is null"), "t");
  EXPECT_EQ(scored_matches(chain.db), "2");
}

/// A file of a scoring profile that needs no calibration and compares vectors of one model only.
struct SameModel {
  SameModel() {
    dir.write("same.json",
              R"({"name": "same", "version": 1, "extends": "calibrated", "similarity": {"require_same_model": true}})");
  }
  std::string path() const { return (dir.path() / "same.json").string(); }
  jvmm::testing::TempDir dir;
};

TEST(RescoreVectors, OfAnotherModelAreNotComparedAndOneIsNamed) {
  Chain const chain;
  auto const vector = std::string("('[1,1' || repeat(',0', 382) || ']')::vector");
  chain.db.sql(
      fmt::format("update profiles set embeddings_model = 'm', embedding_seeking = {0}, embedding_offering = {0}, "
                  "embedding_who_you_serve = {0}",
                  vector));
  chain.update(2, "embeddings_model = 'old'");
  SameModel const same;
  auto const run = chain.db.run({"rescore", "--scoring", same.path(), "--now", k_scored_as_of});
  EXPECT_EQ(run.exit_code, 0) << run;
  EXPECT_THAT(run.err, HasSubstr("1 profiles, such as " + profile_id(2) + ", have vectors of 'old'"));
  auto const methods = [&](int match) {
    return of_match(
        chain.db, match,
        "(select string_agg(distinct f ->> 'method', ' ' order by f ->> 'method') from jsonb_array_elements("
        "match_context #> '{breakdown_ab,synergy,factors}') f where f ->> 'method' in ('semantic', "
        "'word_overlap'))");
  };
  EXPECT_EQ(methods(1) + "," + methods(2) + "," + methods(3) + "," + methods(4),
            "word_overlap,word_overlap,semantic,semantic");
  chain.update(2, "embeddings_model = null");
  EXPECT_EQ(rescored(chain.db, {"--scoring", same.path()}), 0) << "a vector of no model is not compared either";
}

TEST(RescoreVectors, OfAnotherModelAreComparedWhereTheScoringSaysSo) {
  Chain const chain(1);
  chain.db.sql(
      "update profiles set embeddings_model = id::text, embedding_seeking = ('[1' || repeat(',0', 383) || ']')::"
      "vector, embedding_offering = ('[1' || repeat(',0', 383) || ']')::vector");
  auto const run = chain.db.run({"rescore", "--scoring", "calibrated", "--now", k_scored_as_of});
  EXPECT_THAT(run.err, HasSubstr("they are compared all the same, as 'calibrated' says"));
  EXPECT_EQ(of_match(chain.db, 1, "match_context::text like '%\"semantic\"%'"), "t");
}

TEST(RescoreVectors, OfAnotherWidthAreNotComparedAndOneIsNamed) {
  Chain const chain;
  chain.db.sql(
      "alter table profiles alter embedding_seeking type vector, alter embedding_offering type vector;"
      "update profiles set embeddings_model = 'm', embedding_seeking = '[1,2,3]', embedding_offering = '[3,2,1]'");
  chain.update(3, "embedding_seeking = '[1,2]', embedding_offering = '[2,1]'");
  SameModel const same;
  auto const run = chain.db.run({"rescore", "--scoring", same.path(), "--now", k_scored_as_of});
  EXPECT_EQ(run.exit_code, 0) << run;
  EXPECT_THAT(run.err, HasSubstr("1 profiles, such as " + profile_id(3) + ", have vectors of 'm' with 2 numbers"));
  auto const semantic = [&](int match) {
    return of_match(chain.db, match, "match_context::text like '%\"semantic\"%'");
  };
  EXPECT_EQ(semantic(1) + semantic(2) + semantic(3) + semantic(4), "tfft");
}

TEST(RescoreVectors, OfZerosScoreWithoutHarm) {
  Chain const chain(2);
  chain.db.sql(
      "update profiles set embeddings_model = 'm', embedding_seeking = array_fill(0, array[384])::vector, "
      "embedding_offering = array_fill(0, array[384])::vector");
  EXPECT_EQ(rescored(chain.db, {"--scoring", "calibrated"}), 2);
  EXPECT_EQ(scored_matches(chain.db), "1 2");
}

TEST(RescoreTables, MissingOptionalColumnsAreNulls) {
  Chain const with, without;
  without.db.sql(
      "alter table profiles drop seniority, drop intent_signal, drop engagement_likelihood, drop jv_history, "
      "drop content_platforms, drop network_role, drop tags, drop recommendation_pressure_30d, drop bio, "
      "drop promotion_willingness_score, drop booking_link");
  EXPECT_EQ(rescored(without.db), 4);
  with.db.sql("update profiles set social_reach = social_reach");
  EXPECT_EQ(rescored(with.db), 4);
  EXPECT_EQ(all_scores(without.db), all_scores(with.db));
}

TEST(RescoreTables, WiderColumnsAreAsGood) {
  Chain const chain;
  chain.db.sql(
      "alter table match_suggestions alter score_ab type double precision, alter score_ba type numeric, "
      "alter harmonic_mean type numeric(10, 4), alter match_reason type varchar(2000)");
  EXPECT_EQ(rescored(chain.db), 4);
  EXPECT_EQ(rescored(chain.db), 0);
  chain.db.sql("update match_suggestions set harmonic_mean = 5000 where id = '" + match_id(1) + "'");
  EXPECT_EQ(rescored(chain.db), 1);
}

TEST(RescoreTables, WhatIsMissingIsNamed) {
  CliDb const db;
  db.sql("alter table match_suggestions drop match_reason");
  expect_failure(db.run({"rescore"}), 78, {"match_suggestions has no column match_reason", "jvmm doctor"});
  db.sql("alter table match_suggestions add match_reason text, alter match_context type text");
  expect_failure(db.run({"rescore"}), 78, {"match_context is text, expected jsonb"});
  db.sql("drop table match_suggestions");
  expect_failure(db.run({"rescore"}), 78, {"no table match_suggestions", "jvmm doctor"});
  CliDb const bare(CustomerSchema::plain);
  expect_failure(bare.run({"rescore"}), 78, {"jvmm migrate"});
}

TEST(RescoreTables, NoMatchesAreNoError) {
  CliDb const db;
  EXPECT_EQ(rescored(db), 0);
}

TEST(RescoreUsage, ContradictionsAreRefused) {
  CliDb const db;
  expect_failure(db.run({"rescore", "--stale-days", "3"}), 64, {"--stale-days", "--force"});
  expect_failure(db.run({"rescore", "--repair-context", "--limit", "3"}), 64, {"--repair-context"});
  expect_failure(db.run({"rescore", "--repair-context", "--shadow", "smooth"}), 64, {"--repair-context"});
  expect_failure(db.run({"rescore", "--scoring", "nosuch"}), 64, {"nosuch"});
  expect_failure(db.run({"rescore", "--shadow", "nosuch"}), 64, {"nosuch"});
  expect_failure(db.run({"rescore", "--now", "yesterday"}), 64, {"--now", "yesterday"});
  expect_failure(db.run({"rescore", "--dry-run", "--preview", "1"}), 64, {"--preview"});
}

/// Holds the write of match 1 back until its end.
class Held {
 public:
  explicit Held(CliDb const& db) : m_db(db), m_connection(db.db().connect("held")), m_tx(std::in_place, m_connection) {
    m_tx->exec({"held", "update match_suggestions set notes = 'by a user' where id = '" + match_id(1) + "'"});
  }
  void wait_for_writer() const {
    m_db.wait_until(
        "select count(*) > 0 from pg_stat_activity where wait_event_type = 'Lock' "
        "and application_name = 'jvmm.rescore/write' and datname = current_database()");
  }
  void release() { m_tx->commit(); }

 private:
  CliDb const& m_db;
  db::Connection m_connection;
  std::optional<db::WriteTx> m_tx;
};

Arguments const k_one_by_one{"rescore", "--batch-size", "1", "--format", "json", "--now", k_scored_as_of};

TEST(RescoreBesideOthers, AProfileEditedMeanwhileLeavesItsPairsStaleNotWrong) {
  Chain const chain;
  Held held(chain.db);
  CliProcess run(k_one_by_one, chain.db.options());
  held.wait_for_writer();
  chain.update(4, "seeking = 'something else that is long enough', name = 'Edited'");
  held.release();
  EXPECT_EQ(run.wait().exit_code, 0);
  EXPECT_EQ(rescored(chain.db), 2) << "3 and 4 were scored as the profile was";
  auto const mended = all_scores(chain.db);
  rescore(chain.db, {"--force"});
  EXPECT_EQ(all_scores(chain.db), mended);
  EXPECT_EQ(of_match(chain.db, 1, "notes"), "by a user");
}

TEST(RescoreBesideOthers, AMatchDeletedOrRelinkedMeanwhileIsNotWritten) {
  Chain const chain;
  Held held(chain.db);
  CliProcess run(k_one_by_one, chain.db.options());
  held.wait_for_writer();
  chain.db.sql("delete from match_suggestions where id = '" + match_id(2) +
               "'; update match_suggestions set suggested_profile_id = '" + profile_id(1) + "' where id = '" +
               match_id(3) + "'");
  held.release();
  auto const result = run.wait();
  EXPECT_EQ(result.exit_code, 0) << result;
  EXPECT_EQ(summary(json::parse(result.out), "superseded"), 2);
  EXPECT_EQ(rescored(chain.db), 1);
  EXPECT_EQ(scored_matches(chain.db), "1 3 4");
}

TEST(RescoreBesideOthers, ASecondRescoreIsToldWhoIsAtWork) {
  Chain const chain;
  Held held(chain.db);
  CliProcess run(k_one_by_one, chain.db.options());
  held.wait_for_writer();
  expect_failure(chain.db.run({"rescore"}), 75, {"stage 'rescore'", "run the same command again"});
  held.release();
  EXPECT_EQ(run.wait().exit_code, 0);
  EXPECT_EQ(scored_matches(chain.db), "1 2 3 4");
}

TEST(RescoreKilled, EndsAsAnUndisturbedRunDoes) {
  expect_kills_to_change_nothing(3'000, 3);
}

struct Contexts : Chain {
  Contexts() : Chain(7) {
    int match = 0;
    for (auto const* context :
         {"to_jsonb('{\"a\": [1], \"breakdown_ab\": {}}'::text)", "to_jsonb('no json'::text)", "to_jsonb('[1]'::text)",
          "'[1]'", "'7'", "'null'", "to_jsonb(jsonb_build_object('long', repeat('x', 1000000))::text)"})
      db.sql(
          fmt::format("update match_suggestions set match_context = {} where id = '{}'", context, match_id(++match)));
  }
};

TEST(RescoreRepairContext, MendsTextsOfObjectsAndLeavesTheRest) {
  Contexts const chain;
  auto const before = chain.db.trace("match_suggestions");
  auto const found = chain.db.run_json({"rescore", "--repair-context", "--dry-run"});
  EXPECT_EQ(Ref(found, "found")["repair"]["strings"].integer(), 4);
  EXPECT_EQ(Ref(found, "found")["repair"]["unreadable"].integer(), 2);
  EXPECT_EQ(chain.db.trace("match_suggestions"), before);
  auto const done = chain.db.run_json({"rescore", "--repair-context"});
  EXPECT_EQ(Ref(done, "done")["repair"]["mended"].integer(), 2);
  EXPECT_EQ(of_match(chain.db, 1, "match_context"), "{\"a\": [1], \"breakdown_ab\": {}}");
  EXPECT_EQ(of_match(chain.db, 2, "match_context"), "\"no json\"");
  EXPECT_EQ(of_match(chain.db, 4, "match_context"), "[1]");
  EXPECT_EQ(of_match(chain.db, 7, "length(match_context ->> 'long')"), "1000000");
  auto const mended = chain.db.trace("match_suggestions");
  EXPECT_EQ(Ref(chain.db.run_json({"rescore", "--repair-context"}), "again")["repair"]["mended"].integer(), 0);
  EXPECT_EQ(chain.db.trace("match_suggestions"), mended);
}

TEST(RescoreRepairContext, GoesThroughPages) {
  CliDb const db;
  db.sql(
      "insert into match_suggestions (profile_id, suggested_profile_id, match_context) "
      "select gen_random_uuid(), gen_random_uuid(), to_jsonb('{\"n\": 1}'::text) from generate_series(1, 2500)");
  EXPECT_EQ(Ref(db.run_json({"rescore", "--repair-context", "--shard", "0/1"}), "done")["repair"]["mended"].integer(),
            2500);
  EXPECT_EQ(db.sql("select count(*) from match_suggestions where match_context = '{\"n\": 1}'"), "2500");
}

}  // namespace
}  // namespace jvmm::test
