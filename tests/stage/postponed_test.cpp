// What the engine does for stages that ask services: rows that are left for the next run, several threads that wait,
// and who hears when of begin and commit.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <set>

#include "base/error.hpp"
#include "stage/embed_world.hpp"
#include "support/tcp_proxy.hpp"

namespace jvmm::stage {
namespace {

using test::EmbedWorld;
using test::FaultyStage;
using test::StepHook;

constexpr auto k_with_text = static_cast<std::uint64_t>(EmbedWorld::k_with_text);
constexpr std::size_t k_threads = 4;

bool is_odd(ProfileId id) {
  return id.bytes()[0] % 2 == 1;
}

std::int64_t ledger_rows(EmbedWorld& world, std::string const& condition = "true") {
  return std::stoll(world.db().sql("select count(*) from jvmm.ledger where " + condition));
}

Summary run(EmbedWorld& world, FaultyStage& stage, EngineContext context) {
  return Engine<FaultyStage>(stage, world.options(), context).run();
}

struct Ending {
  Kind kind;
  StopReason reason;
  int exit_code;
};

TEST(Postponed, RowsEndTheRunWithTheReasonOfTheirKindAndLeaveNoMark) {
  Ending const endings[]{{Kind::unavailable, StopReason::unavailable, 69},
                         {Kind::rate_limited, StopReason::rate_limited, 75},
                         {Kind::budget_spent, StopReason::cost_budget, 75},
                         {Kind::stopped, StopReason::time_limit, 75}};
  for (auto const& ending : endings) {
    SCOPED_TRACE(name(ending.kind));
    EmbedWorld world;
    FaultyStage stage(world.embedder());
    int batches = 0;
    std::set<ProfileId> postponed;
    stage.in_compute = [&] { ++batches; };
    stage.postpones = [&](ProfileId id) {
      if (!is_odd(id)) return std::optional<Kind>();
      postponed.insert(id);
      return std::optional(ending.kind);
    };
    auto const summary = world.run(stage);
    EXPECT_EQ(summary.stopped, ending.reason);
    EXPECT_EQ(summary.exit_code(), ending.exit_code);
    EXPECT_EQ(batches, 1) << "whoever cannot be asked is not asked again";
    ASSERT_GT(postponed.size(), 0u);
    EXPECT_EQ(summary.postponed, postponed.size());
    EXPECT_EQ(summary.postponed_reason, "postponed by the test");
    EXPECT_EQ(summary.failed, 0u);

    EXPECT_EQ(ledger_rows(world), 8 - static_cast<std::int64_t>(postponed.size())) << "the others are written";
    for (auto const& id : postponed)
      EXPECT_EQ(ledger_rows(world, "profile_id = '" + id.text() + "'"), 0);
    EXPECT_EQ(world.db().sql("select outcome || exit_code from jvmm.run"),
              "stopped" + std::to_string(ending.exit_code));

    world.reset_stop();
    EXPECT_EQ(world.run().exit_code(), 0);
    EXPECT_EQ(world.snapshot(), test::undisturbed_snapshot());
  }
}

TEST(Postponed, ABatchOfNothingElseWritesNothing) {
  EmbedWorld world;
  FaultyStage stage(world.embedder());
  stage.postpones = [](ProfileId) { return Kind::unavailable; };
  bool written = false;
  stage.in_write = [&] { written = true; };
  auto const summary = world.run(stage);
  EXPECT_EQ(summary.postponed, 8u);
  EXPECT_EQ(summary.batches, 0u);
  EXPECT_FALSE(written);
  EXPECT_EQ(ledger_rows(world), 0);
}

TEST(Postponed, RowsDoNotHideWhyTheRunWasStopped) {
  EmbedWorld world;
  FaultyStage stage(world.embedder());
  stage.in_compute = [&] { world.stop().request(StopReason::signal); };
  stage.postpones = [](ProfileId) { return Kind::stopped; };
  auto const summary = world.run(stage);
  EXPECT_EQ(summary.stopped, StopReason::signal);
  EXPECT_EQ(summary.exit_code(), 75);
}

TEST(Postponed, RowsBesideFailedOnesAreTwoThings) {
  EmbedWorld world;
  FaultyStage stage(world.embedder());
  stage.refuses = [](ProfileId id) { return !is_odd(id); };
  stage.postpones = [](ProfileId id) { return is_odd(id) ? std::optional(Kind::rate_limited) : std::nullopt; };
  auto const summary = world.run(stage);
  EXPECT_GT(summary.failed, 0u);
  EXPECT_EQ(summary.failed + summary.postponed, 8u);
  EXPECT_EQ(ledger_rows(world, "outcome = 'failed'"), static_cast<std::int64_t>(summary.failed));
  EXPECT_EQ(summary.exit_code(), 75) << "there is more to do";
}

/// Lets nobody on until so many have come; or after half a minute, when it says so.
class Meeting {
 public:
  explicit Meeting(std::size_t size) : m_missing(size) {}

  void come() {
    std::unique_lock lock(m_mutex);
    if (m_missing > 0) --m_missing;
    m_changed.notify_all();
    if (!m_changed.wait_for(lock, std::chrono::seconds(30), [&] { return m_missing == 0; })) m_failed = true;
  }
  bool failed() const { return m_failed; }

 private:
  std::mutex m_mutex;
  std::condition_variable m_changed;
  std::size_t m_missing;
  bool m_failed = false;
};

TEST(ComputeThreads, WorkAtTheSameTimeAndLeadToTheSameTables) {
  EmbedWorld world;
  world.compute_threads = k_threads;
  FaultyStage stage(world.embedder());
  Meeting meeting(k_threads);
  stage.in_compute = [&] { meeting.come(); };
  auto const summary = world.run(stage);
  EXPECT_FALSE(meeting.failed()) << "fewer than asked for were at work";
  EXPECT_EQ(summary.done, k_with_text);
  EXPECT_EQ(world.snapshot(), test::undisturbed_snapshot());
}

TEST(ComputeThreads, StopTogetherWhenNobodyCanBeAsked) {
  EmbedWorld world;
  world.compute_threads = k_threads;
  FaultyStage stage(world.embedder());
  Meeting meeting(k_threads);
  std::atomic<std::uint64_t> batches{0}, postponed{0};
  stage.in_compute = [&] {
    ++batches;
    meeting.come();
  };
  stage.postpones = [&](ProfileId id) {
    if (!is_odd(id)) return std::optional<Kind>();
    ++postponed;
    return std::optional(Kind::unavailable);
  };
  auto const summary = world.run(stage);
  EXPECT_EQ(summary.exit_code(), 69);
  EXPECT_EQ(batches, k_threads) << "each ends after the batch it had";
  EXPECT_EQ(summary.postponed, postponed);
  EXPECT_EQ(ledger_rows(world), static_cast<std::int64_t>(8 * batches - postponed));

  world.reset_stop();
  world.run();
  EXPECT_EQ(world.snapshot(), test::undisturbed_snapshot());
}

TEST(Committed, HearsOfEachRowWithAValueOnceAndWhenItIsInTheDatabase) {
  EmbedWorld world;
  world.db().sql(R"(
    create function refuse() returns trigger language plpgsql as
      $$ begin if new.name = 'name 7' then raise exception 'no'; end if; return new; end $$;
    create trigger refuse before update on profiles for each row execute function refuse())");
  FaultyStage stage(world.embedder());
  int asked = 0;
  stage.refuses = [&](ProfileId) { return ++asked <= 3; };
  std::vector<std::string> heard;
  stage.in_committed = [&](std::vector<ProfileId> const& ids) {
    for (auto const& id : ids) {
      heard.push_back(id.text());
      EXPECT_EQ(ledger_rows(world, "outcome = 'done' and profile_id = '" + id.text() + "'"), 1);
    }
  };
  world.run(stage);
  std::sort(heard.begin(), heard.end());
  std::string all;
  for (auto const& id : heard)
    all += id + "\n";
  EXPECT_EQ(all, world.db().sql("select string_agg(profile_id || E'\\n', '' order by profile_id) from jvmm.ledger "
                                "where outcome = 'done'"));
}

TEST(Committed, HearsOfARowThatWasEditedMeanwhile) {
  EmbedWorld world;
  auto const edited = world.db().sql("select min(id::text) from profiles where seeking is not null");
  FaultyStage stage(world.embedder());
  bool done = false;
  stage.in_write = [&] {
    if (!std::exchange(done, true))
      world.db().sql("update profiles set seeking = 'an edit by its owner' where id = '" + edited + "'");
  };
  std::uint64_t heard = 0;
  stage.in_committed = [&](std::vector<ProfileId> const& ids) { heard += ids.size(); };
  EXPECT_EQ(world.run(stage).superseded, 1u);
  EXPECT_EQ(heard, k_with_text) << "nobody needs what was computed from its old text";
}

TEST(Committed, HearsOfACommitThatTheLedgerHadToSettle) {
  EmbedWorld world;
  test::TcpProxy proxy(test::test_server_host(), test::test_server_port());
  bool armed = false;
  StepHook hook([&](Step step, std::int64_t batch) {
    if (step == Step::before_commit && batch == 2 && !std::exchange(armed, true))
      proxy.set({.commit = test::CommitCut::before_client_hears});
  });
  FaultyStage stage(world.embedder());
  std::uint64_t heard = 0;
  stage.in_committed = [&](std::vector<ProfileId> const& ids) { heard += ids.size(); };
  auto const summary = world.run(stage, &hook, world.db().url_with(test::TcpProxy::k_host, proxy.port()));
  EXPECT_EQ(summary.in_doubt, 1u);
  EXPECT_EQ(heard, k_with_text);
}

constexpr char const* k_tally = "create table tally(run bigint primary key, calls int, ledger int)";
constexpr db::Statement k_count{
    "tally",
    "insert into tally select $1::bigint, 1, (select count(*) from jvmm.ledger) on conflict (run) do update set "
    "calls = tally.calls + 1, ledger = excluded.ledger"};

TEST(InCommit, IsPartOfEachBatchsTransactionAndOfTheRunsEnd) {
  EmbedWorld world;
  world.db().sql(k_tally);
  FaultyStage stage(world.embedder());
  auto context = world.context();
  context.in_commit = [](db::WriteTx& tx, RunId run) { tx.exec(k_count, db::Params().add(run.value)); };
  auto const summary = run(world, stage, context);
  EXPECT_EQ(world.db().sql("select run || ' ' || calls || ' ' || ledger from tally"),
            fmt::format("{} {} {}", summary.run.value, summary.batches + 1, EmbedWorld::k_profiles));
}

TEST(InCommit, IsRolledBackWithItsBatch) {
  EmbedWorld world;
  world.db().sql(k_tally);
  StepHook hook([&](Step step, std::int64_t batch) {
    if (step == Step::before_commit && batch == 3) throw std::runtime_error("crash");
  });
  FaultyStage stage(world.embedder());
  auto context = world.context(&hook);
  context.in_commit = [](db::WriteTx& tx, RunId run) { tx.exec(k_count, db::Params().add(run.value)); };
  EXPECT_THROW(run(world, stage, context), std::runtime_error);
  EXPECT_EQ(world.db().sql("select calls || ' ' || ledger from tally"), "3 16") << "two batches and the end";
}

TEST(OnBegin, HearsTheRunsIdBeforeTheFirstRowIsRead) {
  EmbedWorld world;
  FaultyStage stage(world.embedder());
  std::vector<RunId> begun;
  bool read = false;
  stage.in_candidates = [&] {
    EXPECT_EQ(begun.size(), 1u);
    read = true;
  };
  auto context = world.context();
  context.on_begin = [&](RunId id) { begun.push_back(id); };
  auto const summary = run(world, stage, context);
  EXPECT_TRUE(read);
  EXPECT_EQ(begun, std::vector{summary.run});
}

TEST(OnBegin, AFailureEndsTheRunAndGivesTheLeaseBack) {
  EmbedWorld world;
  FaultyStage stage(world.embedder());
  stage.in_candidates = [] { ADD_FAILURE() << "nothing is read"; };
  auto context = world.context();
  context.on_begin = [](RunId) { throw Error(Kind::local_io, "no room"); };
  EXPECT_THROW(run(world, stage, context), Error);
  EXPECT_EQ(world.db().sql("select outcome || exit_code from jvmm.run"), "failed74");
  EXPECT_EQ(world.run().done, k_with_text);
}

}  // namespace
}  // namespace jvmm::stage
