#include "stage/engine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "stage/embed_world.hpp"
#include "support/pgbouncer.hpp"

namespace jvmm::stage {
namespace {

using test::EmbedWorld;
using test::FaultyStage;
using test::StepHook;
using testing::HasSubstr;

constexpr auto k_with_text = static_cast<std::uint64_t>(EmbedWorld::k_with_text);
constexpr auto k_without = static_cast<std::uint64_t>(EmbedWorld::k_profiles) - k_with_text;

template <class F>
Error error_of(F&& work) {
  try {
    work();
  } catch (Error const& error) {
    return error;
  }
  return Error(Kind::internal, "nothing was thrown");
}

TEST(Engine, DoesEveryRowOnceAndRemembersTheEmpty) {
  EmbedWorld world;
  auto const first = world.run();
  EXPECT_EQ(first.done, k_with_text);
  EXPECT_EQ(first.skipped, k_without);
  EXPECT_EQ(first.exit_code(), 0);
  auto const second = world.run();
  EXPECT_EQ(second.candidates, 0u);
  EXPECT_EQ(world.snapshot(), test::undisturbed_snapshot());
}

TEST(Engine, UnrelatedColumnsCostNothing) {
  EmbedWorld world;
  world.run();
  world.db().sql("update profiles set notes = 'touched', updated_at = now(), list_size = 7, niche = 'x'");
  EXPECT_EQ(world.run().candidates, 0u);
}

TEST(Engine, AnEditDuringTheRunWinsAndTheNextRunTakesIt) {
  EmbedWorld world;
  auto const edited = world.db().sql("select min(id::text) from profiles where seeking is not null");
  FaultyStage stage(world.embedder());
  bool done = false;
  stage.in_write = [&] {
    if (!done) world.db().sql("update profiles set seeking = 'an edit by its owner' where id = '" + edited + "'");
    done = true;
  };
  auto const summary = world.run(stage);
  EXPECT_EQ(summary.superseded, 1u);
  EXPECT_EQ(summary.done, k_with_text - 1);
  EXPECT_EQ(world.db().sql("select embedding_seeking is null from profiles where id = '" + edited + "'"), "t");
  auto const next = world.run();
  EXPECT_EQ(next.done, 1u);
  EXPECT_EQ(world.db().sql("select enrichment_metadata #>> '{field_meta,embedding_seeking,input_hash}' = "
                           "md5('an edit by its owner') from profiles where id = '" +
                           edited + "'"),
            "t");
}

TEST(Engine, ARowDeletedDuringTheRunIsNotMissed) {
  EmbedWorld world;
  FaultyStage stage(world.embedder());
  bool done = false;
  stage.in_write = [&] {
    if (!done) world.db().sql("delete from profiles where id = (select min(id::text)::uuid from profiles)");
    done = true;
  };
  EXPECT_EQ(world.run(stage).superseded, 1u);
  EXPECT_EQ(world.run().candidates, 0u);
}

TEST(Engine, ARowTheDatabaseRefusesCostsOneRow) {
  EmbedWorld world;
  world.db().sql(R"(
    create function refuse() returns trigger language plpgsql as
      $$ begin if new.name in ('name 7', 'name 33') then raise exception 'no %', new.name; end if; return new; end $$;
    create trigger refuse before update on profiles for each row execute function refuse())");
  auto const summary = world.run();
  EXPECT_EQ(summary.failed, 2u);
  EXPECT_EQ(summary.done, k_with_text - 2);
  EXPECT_EQ(summary.exit_code(), 1);
  EXPECT_THAT(
      world.db().sql("select string_agg(kind || ': ' || reason, '; ') from jvmm.ledger where outcome = 'failed'"),
      HasSubstr("bad_input: no name 7"));

  EXPECT_EQ(world.run().candidates, 0u) << "a failed row is not tried again until somebody asks";
  FaultyStage retry(world.embedder(), store::EmbeddingScope::failed);
  EXPECT_EQ(world.run(retry).failed, 2u);
  EXPECT_EQ(world.db().sql("select max(attempts) from jvmm.ledger"), "2");
  world.db().sql("drop trigger refuse on profiles");
  FaultyStage again(world.embedder(), store::EmbeddingScope::failed);
  EXPECT_EQ(world.run(again).done, 2u);
  EXPECT_EQ(world.snapshot(), test::undisturbed_snapshot());
}

TEST(Engine, ARowThatDoesNotHoldWhatWasWrittenFails) {
  EmbedWorld world;
  world.db().sql(R"(
    create function spoil() returns trigger language plpgsql as
      $$ begin if new.name = 'name 7' then new.embedding_seeking = array_fill(0.5, array[16])::vector; end if;
               return new; end $$;
    create trigger spoil before update on profiles for each row execute function spoil())");
  auto const summary = world.run();
  EXPECT_EQ(summary.failed, 1u);
  EXPECT_EQ(summary.failures_by_kind.at("bad_answer"), 1u);
  EXPECT_EQ(world.db().sql("select count(embedding_seeking) from profiles where name = 'name 7'"), "0");
}

TEST(Engine, ARowTheStageFailsIsRecordedWithItsReason) {
  EmbedWorld world;
  FaultyStage stage(world.embedder());
  int refused = 0;
  stage.refuses = [&](ProfileId) { return ++refused <= 3; };
  auto const summary = world.run(stage);
  EXPECT_EQ(summary.failed, 3u);
  EXPECT_EQ(world.db().sql("select count(*) from jvmm.ledger where reason = 'refused by the test'"), "3");
}

TEST(Engine, StopsBetweenBatchesAndGoesOn) {
  EmbedWorld world;
  FaultyStage stage(world.embedder());
  StepHook hook([&](Step step, std::int64_t) {
    if (step == Step::after_commit) world.stop().request(StopReason::signal);
  });
  auto const summary = world.run(stage, &hook);
  EXPECT_EQ(summary.stopped, StopReason::signal);
  EXPECT_EQ(summary.exit_code(), 75);
  EXPECT_LT(summary.done, k_with_text);
  EXPECT_EQ(world.db().sql("select outcome from jvmm.run"), "stopped");

  world.reset_stop();
  world.run();
  EXPECT_EQ(world.snapshot(), test::undisturbed_snapshot());
}

TEST(Engine, RowLimitStopsEarlyOnlyWhereMoreIsLeft) {
  EmbedWorld world;
  world.limit = 20;
  auto const some = world.run();
  EXPECT_EQ(some.done + some.skipped, 20u);
  EXPECT_EQ(some.exit_code(), 75);

  EmbedWorld whole;
  whole.limit = EmbedWorld::k_profiles;
  auto const all = whole.run();
  EXPECT_EQ(all.done, k_with_text);
  EXPECT_EQ(all.exit_code(), 0);
}

TEST(Engine, TooManyFailuresStopTheRun) {
  EmbedWorld world;
  world.max_failures = 3;
  FaultyStage stage(world.embedder());
  stage.refuses = [](ProfileId) { return true; };
  auto const summary = world.run(stage);
  EXPECT_EQ(summary.stopped, StopReason::failure_limit);
  EXPECT_LT(summary.failed, static_cast<std::uint64_t>(EmbedWorld::k_profiles));
}

TEST(Engine, ASecondRunIsRefusedWhileTheFirstIsAtWork) {
  EmbedWorld world;
  FaultyStage stage(world.embedder());
  std::optional<Error> second;
  stage.in_compute = [&] {
    if (!second) second = error_of([&] { world.run(); });
  };
  EXPECT_EQ(world.run(stage).done, k_with_text);
  EXPECT_EQ(second->kind(), Kind::lease_held);
  EXPECT_THAT(second->what(), HasSubstr("is at work on stage 'embed'"));
  EXPECT_EQ(world.db().sql("select count(*) from jvmm.run"), "1") << "a refused run leaves no trace";
}

TEST(Engine, ABatchThatTakesLongerThanTheLeaseKeepsIt) {
  EmbedWorld world;
  world.lease_time = std::chrono::seconds(1);
  FaultyStage stage(world.embedder());
  std::optional<Error> second;
  stage.in_compute = [&] {
    if (second) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));
    second = error_of([&] { world.run(); });
  };
  EXPECT_EQ(world.run(stage).done, k_with_text);
  EXPECT_EQ(second->kind(), Kind::lease_held);
}

TEST(Engine, AWorkerThatWasReplacedCannotWrite) {
  EmbedWorld world;
  FaultyStage stage(world.embedder());
  StepHook hook([&](Step step, std::int64_t) {
    if (step == Step::read) world.db().sql("update jvmm.lease set token = token + 1");
  });
  EXPECT_EQ(error_of([&] { world.run(stage, &hook); }).kind(), Kind::lease_held);
  EXPECT_EQ(world.db().sql("select count(*) from jvmm.ledger"), "0");
  EXPECT_EQ(world.db().sql("select count(embeddings_model) from profiles"), "0");
}

TEST(Engine, ShardsTogetherDoWhatOneRunDoes) {
  EmbedWorld world;
  std::uint64_t done = 0;
  for (int i = 0; i < 3; ++i) {
    world.shard = {i, 3};
    done += world.run().done;
  }
  EXPECT_EQ(done, k_with_text);
  EXPECT_EQ(world.snapshot(), test::undisturbed_snapshot());
}

TEST(Engine, AnotherDivisionIntoShardsIsInTheWay) {
  EmbedWorld world;
  world.shard = {0, 2};
  FaultyStage stage(world.embedder());
  std::optional<Error> other;
  stage.in_compute = [&] {
    if (other) return;
    world.shard = {2, 3};
    other = error_of([&] { world.run(); });
  };
  world.run(stage);
  EXPECT_EQ(other->kind(), Kind::lease_held);
}

TEST(Engine, WorksThroughATransactionPooler) {
  EmbedWorld world;
  test::PgBouncer const pooler({.pool_size = 2});
  FaultyStage stage(world.embedder());
  auto const summary = world.run(stage, nullptr, world.db().url_with(pooler.host(), test::PgBouncer::k_port));
  EXPECT_EQ(summary.done, k_with_text);
  EXPECT_EQ(world.snapshot(), test::undisturbed_snapshot());
}

TEST(Engine, CountingWritesNothing) {
  EmbedWorld world;
  auto const before = world.snapshot();
  FaultyStage stage(world.embedder());
  std::size_t rows = 0;
  visit_candidates(stage, world.options(), world.context(), [&](std::span<FaultyStage::Row const> page) {
    rows += page.size();
    return true;
  });
  EXPECT_EQ(rows, static_cast<std::size_t>(EmbedWorld::k_profiles));
  EXPECT_EQ(world.snapshot(), before);
  EXPECT_EQ(world.db().sql("select count(*) from jvmm.run"), "0");
}

}  // namespace
}  // namespace jvmm::stage
