// Rows that the database refuses or changes, and 'retry'.

#include <fmt/format.h>

#include "cli/cli_db.hpp"

namespace jvmm::test {
namespace {

void add_profiles(CliDb const& db, int count) {
  for (int i = 1; i <= count; ++i)
    db.add_profile(i, fmt::format("seeking = 'partner number {}'", i));
}

/// A trigger on profiles that does `action` for one profile.
void add_trigger(CliDb const& db, int profile, std::string const& action) {
  db.sql(
      fmt::format("create function act() returns trigger language plpgsql as $$ begin "
                  "if new.id = '{}' then {} end if; return new; end $$;"
                  "create trigger act before update on profiles for each row execute function act()",
                  profile_id(profile), action));
}

TEST(FailingRow, CostsOneRow) {
  CliDb const db;
  add_profiles(db, 5);
  add_trigger(db, 3, "raise exception 'this one is locked by the auditors';");
  auto const report = db.run_json({"backfill-embeddings"}, 1);
  EXPECT_EQ(summary(report, "done"), 4);
  EXPECT_EQ(summary(report, "failed"), 1);
  EXPECT_EQ(summary(report, "replayed"), 1);
  EXPECT_EQ(json::Ref(report, "report")["summary"]["failures_by_kind"]["bad_input"].integer(), 1);
  EXPECT_EQ(db.sql("select count(embedding_seeking) from profiles"), "4");
}

TEST(FailingRow, IsListedByStatusWithItsReason) {
  CliDb const db;
  add_profiles(db, 2);
  add_trigger(db, 2, "raise exception 'this one is locked by the auditors';");
  auto const run = db.run({"backfill-embeddings"});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_THAT(run.out, ::testing::HasSubstr("'jvmm status' lists what failed, 'jvmm retry' tries it again"));
  auto const status = db.run_json({"status"});
  auto const failures = json::Ref(status, "status")["failures"].items();
  ASSERT_EQ(failures.size(), 1u);
  EXPECT_EQ(failures[0]["profile"].string(), profile_id(2));
  EXPECT_EQ(failures[0]["name"].string(), "Profile 2");
  EXPECT_THAT(failures[0]["reason"].string(), ::testing::HasSubstr("locked by the auditors"));
  EXPECT_THAT(db.run({"status"}).out, ::testing::HasSubstr("locked by the auditors"));
}

TEST(FailingRow, IsTriedAgainByRetryOnlyOrWhenItsTextChanges) {
  CliDb const db;
  add_profiles(db, 3);
  add_trigger(db, 1, "raise exception 'no';");
  db.run_json({"backfill-embeddings"}, 1);
  EXPECT_EQ(summary(db.run_json({"backfill-embeddings"}), "candidates"), 0);
  db.run_json({"retry"}, 1);
  EXPECT_EQ(db.sql("select attempts from jvmm.ledger where outcome = 'failed'"), "2");
  auto const before = db.trace_all();
  EXPECT_EQ(json::Ref(db.run_json({"retry", "--dry-run"}), "plan")["plan"]["profiles"].integer(), 1);
  EXPECT_EQ(db.trace_all(), before);
  db.sql("drop trigger act on profiles");
  auto const report = db.run_json({"retry"});
  EXPECT_EQ(summary(report, "done"), 1);
  EXPECT_EQ(db.sql("select count(*) from jvmm.ledger where outcome = 'failed'"), "0");
  EXPECT_EQ(summary(db.run_json({"retry"}), "candidates"), 0);
}

TEST(FailingRow, IsTriedAgainWhenItsTextChanges) {
  CliDb const db;
  add_profiles(db, 2);
  add_trigger(db, 1, "if new.seeking like 'partner%' then raise exception 'no'; end if;");
  db.run_json({"backfill-embeddings"}, 1);
  db.sql("update profiles set seeking = 'another text' where id = '" + profile_id(1) + "'");
  EXPECT_EQ(summary(db.run_json({"backfill-embeddings"}), "done"), 1);
}

TEST(FailingRow, KeepsItsOldVector) {
  CliDb const db;
  add_profiles(db, 2);
  db.run_json({"backfill-embeddings"});
  auto const before = db.sql("select embedding_seeking::text from profiles where id = '" + profile_id(1) + "'");
  db.sql("update profiles set seeking = 'changed to ' || seeking");
  add_trigger(db, 1, "raise exception 'no';");
  EXPECT_EQ(summary(db.run_json({"backfill-embeddings"}, 1), "done"), 1);
  EXPECT_EQ(db.sql("select embedding_seeking::text from profiles where id = '" + profile_id(1) + "'"), before);
}

TEST(ChangedByTrigger, IsABadAnswerAndNotKept) {
  CliDb const db;
  add_profiles(db, 4);
  add_trigger(db, 2, "new.embedding_seeking := array_fill(0.25, array[384])::vector;");
  auto const report = db.run_json({"backfill-embeddings"}, 1);
  EXPECT_EQ(summary(report, "done"), 3);
  EXPECT_EQ(json::Ref(report, "report")["summary"]["failures_by_kind"]["bad_answer"].integer(), 1);
  EXPECT_EQ(db.sql("select count(*) from profiles where embedding_seeking is null"), "1");
  EXPECT_THAT(db.sql("select reason from jvmm.ledger where outcome = 'failed'"),
              ::testing::HasSubstr("does not hold what was written"));
}

TEST(ChangedByTrigger, IsAlsoARowThatTheTriggerSwallows) {
  CliDb const db;
  add_profiles(db, 3);
  add_trigger(db, 2, "return null;");
  auto const report = db.run_json({"backfill-embeddings"});
  EXPECT_EQ(summary(report, "done"), 2);
  EXPECT_EQ(summary(report, "superseded"), 1) << "not stored, so the next run has to see it again";
  EXPECT_EQ(db.sql("select count(*) from jvmm.ledger"), "2");
}

TEST(Refusal, InTheMiddleEndsTheRunAtOnce) {
  CliDb const db;
  add_profiles(db, 3);
  add_trigger(db, 2, "raise exception 'permission denied for table audit' using errcode = '42501';");
  expect_failure(db.run({"backfill-embeddings", "--batch-size", "1"}), 77,
                 {"permission denied for table audit", "grant the role what it needs"});
  EXPECT_EQ(db.sql("select count(embedding_seeking) from profiles"), "1") << "what was committed before stays";
  EXPECT_EQ(db.sql("select outcome || exit_code || (summary ->> 'retries') from jvmm.run"), "failed770");
  EXPECT_EQ(db.sql("select count(*) from jvmm.lease where expires_at > now()"), "0");
}

TEST(Outage, OfOneAttemptIsWaitedOut) {
  CliDb const db;
  add_profiles(db, 3);
  // A sequence is not rolled back, so the second attempt finds the disk with room again.
  db.sql("create sequence attempt");
  add_trigger(db, 2,
              "if nextval('attempt') = 1 then raise exception 'could not extend file' using errcode = '53100'; "
              "end if;");
  auto const report = db.run_json({"backfill-embeddings"});
  EXPECT_EQ(summary(report, "done"), 3);
  EXPECT_EQ(summary(report, "retries"), 1);
  EXPECT_EQ(summary(report, "failed"), 0) << "an outage is not a row's failure";
}

TEST(Outage, OfAStatementTimeoutIsWaitedOut) {
  CliDb const db;
  add_profiles(db, 2);
  db.sql("create sequence attempt");
  add_trigger(db, 2, "if nextval('attempt') = 1 then perform pg_sleep(5); end if;");
  auto const result = db.run({"backfill-embeddings"}, {.env = {{"JVMM_STATEMENT_TIMEOUT", "1"}}});
  EXPECT_EQ(result.exit_code, 0) << result;
  EXPECT_THAT(result.err, ::testing::HasSubstr("trying again in"));
  EXPECT_EQ(db.sql("select count(embedding_seeking) from profiles"), "2");
}

TEST(Outage, OfALostConnectionIsWaitedOut) {
  CliDb const db;
  add_profiles(db, 3);
  db.sql("create sequence attempt");
  add_trigger(db, 2, "if nextval('attempt') = 1 then perform pg_terminate_backend(pg_backend_pid()); end if;");
  auto const report = db.run_json({"backfill-embeddings", "--batch-size", "1"});
  EXPECT_EQ(summary(report, "done"), 3);
  EXPECT_EQ(summary(report, "retries"), 1);
}

}  // namespace
}  // namespace jvmm::test
