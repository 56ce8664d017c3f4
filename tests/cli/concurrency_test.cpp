// What happens beside a run: edits, deletions, a second run, signals.

#include <fmt/format.h>
#include <signal.h>

#include <thread>

#include "cli/cli_db.hpp"
#include "cli/stored.hpp"

namespace jvmm::test {
namespace {

using namespace std::chrono_literals;

constexpr char const* k_lease_is_held = "select count(*) > 0 from jvmm.lease where expires_at > now()";
constexpr char const* k_waits_in_trigger =
    "select count(*) > 0 from pg_locks where locktype = 'advisory' and objid = 4711 and not granted "
    "and database = (select oid from pg_database where datname = current_database())";

/// Holds writes to profiles back until `open` is called: a trigger waits for a lock that this holds.
class Gate {
 public:
  explicit Gate(CliDb const& db, std::string const& when) : m_db(db), m_connection(db.db().connect("gate")) {
    m_db.sql(
        fmt::format("create function wait_at_gate() returns trigger language plpgsql as $$ begin "
                    "if {} then perform pg_advisory_lock_shared(4711); perform pg_advisory_unlock_shared(4711); "
                    "end if; return new; end $$;"
                    "create trigger gate before update on profiles for each row execute function wait_at_gate()",
                    when));
    m_tx.emplace(m_connection, db::TxOptions{.statement_timeout = 0ms});
    m_tx->exec({"gate", "select pg_advisory_xact_lock(4711)"});
  }

  /// Waits until somebody stands before the gate.
  void wait_for_visitor() const { m_db.wait_until(k_waits_in_trigger); }

  void open() { m_tx.reset(); }

 private:
  CliDb const& m_db;
  db::Connection m_connection;
  std::optional<db::WriteTx> m_tx;
};

void add_profiles(CliDb const& db, int count) {
  for (int i = 1; i <= count; ++i)
    db.add_profile(i, fmt::format("seeking = 'partner number {}'", i));
}

/// A trigger that makes every row take `milliseconds`.
void slow_down(CliDb const& db, int milliseconds) {
  db.sql(
      fmt::format("create function nap() returns trigger language plpgsql as $$ begin "
                  "if new.embeddings_updated_at is distinct from old.embeddings_updated_at then "
                  "perform pg_sleep({}e-3); end if; return new; end $$;"
                  "create trigger nap before update on profiles for each row execute function nap()",
                  milliseconds));
}

TEST(EditDuringARun, WinsAndIsEmbeddedByTheNext) {
  CliDb const db;
  add_profiles(db, 2);
  // Row 1 waits in the first batch, so row 2 has been read and computed but not written when it is edited.
  Gate gate(db, "new.id = '" + profile_id(1) + "' and new.embedding_seeking is not null");
  CliProcess run({"backfill-embeddings", "--batch-size", "1", "--format", "json"}, db.options());
  gate.wait_for_visitor();
  db.sql("update profiles set seeking = 'edited by a user' where id = '" + profile_id(2) + "'");
  gate.open();
  auto const result = run.wait();
  ASSERT_EQ(result.exit_code, 0) << result;
  auto const report = json::parse(result.out);
  EXPECT_EQ(summary(report, "done"), 1);
  EXPECT_EQ(summary(report, "superseded"), 1);
  EXPECT_EQ(db.sql("select embedding_seeking is null from profiles where id = '" + profile_id(2) + "'"), "t");
  auto const next = db.run_json({"backfill-embeddings"});
  EXPECT_EQ(summary(next, "done"), 1);
  auto const profile = stored_profiles(db).at(profile_id(2));
  EXPECT_EQ(text_of(profile, "seeking"), "edited by a user");
  EXPECT_EQ(db.sql("select enrichment_metadata #>> '{field_meta,embedding_seeking,input_hash}' = md5(seeking) "
                   "from profiles where id = '" +
                   profile_id(2) + "'"),
            "t");
}

TEST(EditDuringARun, OfTheVeryRowBeingWrittenWins) {
  CliDb const db;
  add_profiles(db, 1);
  auto editor = db.db().connect("editor");
  std::optional<db::WriteTx> edit(std::in_place, editor);
  edit->exec({"edit", "update profiles set seeking = 'edited by a user', bio = 'kept'"});
  CliProcess run({"backfill-embeddings", "--format", "json"}, db.options());
  db.wait_until(
      "select count(*) > 0 from pg_stat_activity where wait_event_type = 'Lock' "
      "and application_name = 'jvmm.embed/write' and datname = current_database()");
  edit->commit();
  auto const result = run.wait();
  ASSERT_EQ(result.exit_code, 0) << result;
  EXPECT_EQ(summary(json::parse(result.out), "superseded"), 1);
  EXPECT_EQ(db.sql("select seeking || bio || (embedding_seeking is null) from profiles"), "edited by a userkepttrue");
  EXPECT_EQ(summary(db.run_json({"backfill-embeddings"}), "done"), 1);
}

TEST(DeletionDuringARun, CostsNothing) {
  CliDb const db;
  add_profiles(db, 3);
  Gate gate(db, "new.id = '" + profile_id(1) + "' and new.embedding_seeking is not null");
  CliProcess run({"backfill-embeddings", "--batch-size", "1", "--format", "json"}, db.options());
  gate.wait_for_visitor();
  db.sql("delete from profiles where id = '" + profile_id(2) + "'");
  gate.open();
  auto const result = run.wait();
  ASSERT_EQ(result.exit_code, 0) << result;
  EXPECT_EQ(summary(json::parse(result.out), "done"), 2);
  EXPECT_EQ(summary(json::parse(result.out), "superseded"), 1);
  EXPECT_EQ(db.sql("select count(*) from jvmm.ledger"), "2");
}

TEST(SecondRun, IsToldWhoIsAtWork) {
  CliDb const db;
  add_profiles(db, 2);
  Gate gate(db, "new.embedding_seeking is not null");
  CliProcess first({"backfill-embeddings"}, db.options());
  gate.wait_for_visitor();
  auto const holder = fmt::format("process {} on ", first.pid());
  expect_failure(db.run({"backfill-embeddings"}), 75, {"run 1", holder, "stage 'embed'", "run the same command again"});
  expect_failure(db.run({"undo", "1"}), 75, {"run 1 is still at work"});
  auto const status = db.run({"status"});
  EXPECT_THAT(status.out, ::testing::HasSubstr("run 1 holds embed 0/1 until "));
  EXPECT_THAT(status.out, ::testing::HasSubstr(holder));
  gate.open();
  EXPECT_EQ(first.wait().exit_code, 0);
  EXPECT_EQ(db.sql("select count(*) from jvmm.run"), "1") << "a run that never began is none";
}

TEST(SecondRun, MayDoAnotherShardButNotAnotherDivision) {
  CliDb const db;
  add_profiles(db, 2);
  Gate gate(db, "new.embedding_seeking is not null");
  CliProcess first({"backfill-embeddings", "--shard", "0/2"}, db.options());
  gate.wait_for_visitor();
  EXPECT_EQ(db.run({"backfill-embeddings", "--shard", "1/2"}).exit_code, 0);
  expect_failure(db.run({"backfill-embeddings", "--shard", "1/3"}), 75, {"shard 0/2"});
  expect_failure(db.run({"backfill-embeddings"}), 75, {"shard 0/2"});
  gate.open();
  EXPECT_EQ(first.wait().exit_code, 0);
}

TEST(KilledRun, IsTakenOverAtOnce) {
  CliDb const db;
  add_profiles(db, 20);
  slow_down(db, 20);
  CliProcess first({"backfill-embeddings", "--batch-size", "2"}, db.options());
  db.wait_until("select count(*) >= 4 from jvmm.ledger");
  first.send(SIGKILL);
  EXPECT_EQ(first.wait().signal, SIGKILL);
  EXPECT_EQ(db.sql(k_lease_is_held), "t");
  EXPECT_THAT(db.run({"status"}).out, ::testing::HasSubstr("which is gone: the next run takes over"));
  EXPECT_THAT(db.run({"runs"}).out, ::testing::HasSubstr("killed"));
  auto const report = db.run_json({"backfill-embeddings"});
  EXPECT_LE(summary(report, "done"), 16);
  EXPECT_EQ(db.sql("select count(embedding_seeking) from profiles"), "20");
  EXPECT_EQ(db.sql(k_lease_is_held), "f");
}

class StopSignal : public ::testing::TestWithParam<int> {};

TEST_P(StopSignal, StopsCleanAfterTheBatchAndTheSameCommandGoesOn) {
  CliDb const db;
  add_profiles(db, 20);
  slow_down(db, 20);
  CliProcess run({"backfill-embeddings", "--batch-size", "2", "--format", "json"}, db.options());
  db.wait_until("select count(*) >= 2 from jvmm.ledger");
  run.send(GetParam());
  auto const result = run.wait();
  EXPECT_EQ(result.exit_code, 75) << result;
  EXPECT_THAT(result.err, ::testing::HasSubstr("stopping after this batch"));
  auto const report = json::parse(result.out);
  EXPECT_EQ(json::Ref(report, "report")["summary"]["stopped"].string(), "signal");
  EXPECT_LT(summary(report, "done"), 20);
  EXPECT_EQ(db.sql("select count(*) from jvmm.ledger"), std::to_string(summary(report, "done")));
  EXPECT_EQ(db.sql("select outcome || exit_code from jvmm.run"), "stopped75");
  EXPECT_EQ(db.sql(k_lease_is_held), "f");
  EXPECT_EQ(summary(db.run_json({"backfill-embeddings"}), "done"), 20 - summary(report, "done"));
}

INSTANTIATE_TEST_SUITE_P(Each, StopSignal, ::testing::Values(SIGINT, SIGTERM, SIGHUP),
                         [](auto const& given) { return std::string(sigabbrev_np(given.param)); });

TEST(SecondSignal, EndsAtOnceAndTheSameCommandGoesOn) {
  CliDb const db;
  add_profiles(db, 4);
  Gate gate(db, "new.id > '" + profile_id(2) + "' and new.embedding_seeking is not null");
  CliProcess run({"backfill-embeddings", "--batch-size", "2"}, db.options());
  gate.wait_for_visitor();
  run.send(SIGINT);
  while (run.err().find("stopping after this batch") == std::string::npos && run.is_running())
    std::this_thread::sleep_for(2ms);
  run.send(SIGINT);
  auto const result = run.wait();
  EXPECT_EQ(result.exit_code, 130) << result;
  EXPECT_THAT(result.err, ::testing::HasSubstr("the same command goes on"));
  EXPECT_EQ(db.sql("select count(embedding_seeking) from profiles"), "2");
  gate.open();
  EXPECT_EQ(summary(db.run_json({"backfill-embeddings"}), "done"), 2);
}

TEST(SecondSignal, EndsAtOnceAlsoWhenALimitWasReachedBefore) {
  CliDb const db;
  add_profiles(db, 4);
  Gate gate(db, "new.id > '" + profile_id(2) + "' and new.embedding_seeking is not null");
  CliProcess run({"backfill-embeddings", "--batch-size", "1", "--limit", "3"}, db.options());
  gate.wait_for_visitor();
  std::this_thread::sleep_for(50ms);  // the reader has met the limit by now
  run.send(SIGINT);
  while (run.err().find("stopping after this batch") == std::string::npos && run.is_running())
    std::this_thread::sleep_for(2ms);
  run.send(SIGINT);
  EXPECT_EQ(run.wait().exit_code, 130);
}

}  // namespace
}  // namespace jvmm::test
