// Runs that ask a service and are killed or stopped: what is paid for is kept, and the same command goes on.

#include <fmt/format.h>
#include <signal.h>

#include <atomic>

#include "cli/services_campaign.hpp"
#include "support/test_seed.hpp"

namespace jvmm::test {
namespace {

using namespace std::chrono_literals;
using testing::parse_fault_rule;

Arguments const k_run{"backfill-embeddings", "--batch-size", "20"};

std::int64_t answers_on_disk(ServicesWorld const& world) {
  auto const result = world.run({"cache", "stats", "--format", "json"});
  if (result.exit_code != 0) return 0;
  return json::Ref(json::parse(result.out, "stdout of jvmm cache stats"), "stats")["answers"].integer();
}

std::int64_t vectors(ServicesWorld const& world) {
  return world.number(
      "select count(embedding_seeking) + count(embedding_offering) + count(embedding_who_you_serve) + "
      "count(embedding_what_you_do) from profiles");
}

void expect_stopped(ServicesWorld const& world, CliResult const& result, std::string const& reason) {
  EXPECT_EQ(result.exit_code, 75) << result;
  EXPECT_FALSE(result.timed_out);
  EXPECT_EQ(world.sql("select outcome || exit_code || ' ' || (summary ->> 'stopped') from jvmm.run"),
            "stopped75 " + reason);
  EXPECT_EQ(world.number("select count(*) from jvmm.ledger where outcome = 'failed'"), 0);
}

/// The same command does the rest, and pays for nothing twice.
void expect_the_next_run_goes_on(ServicesWorld& world, int profiles) {
  auto const result = world.run(k_run);
  EXPECT_EQ(result.exit_code, 0) << result;
  EXPECT_EQ(vectors(world), 4 * profiles);
  EXPECT_EQ(world.stub().bill().max_times_computed, 1u);
  EXPECT_EQ(recorded_usage(world).inputs, 4 * profiles);
}

TEST(ServicesKilled, PayOnceAndEndAsAnUndisturbedRunDoes) {
  auto const used_seed = test_seed();
  SCOPED_TRACE(fmt::format("repeat with JVMM_TEST_SEED={}", used_seed));
  fmt::print("JVMM_TEST_SEED={}\n", used_seed);
  KillCampaign(100, 3, used_seed).run();
}

// As many batches as the engine keeps before and behind a writer that waits.
TEST(ServicesKilled, BetweenAnswerAndCommitAskForNothingAgain) {
  constexpr int k_profiles = 100;
  ServicesWorld world(ServicesWorld::stub_options(), Rows::none);
  add_campaign_profiles(world, k_profiles);
  {
    db::Connection other(world.db().db().options("lock"));
    db::WriteTx lock(other);
    lock.exec({"lock", "lock table profiles in exclusive mode"});
    CliProcess run(k_run, world.options());
    wait_until([&] { return answers_on_disk(world) == 4 * k_profiles; }, "all answers are on disk");
    EXPECT_TRUE(run.is_running());
    run.send(SIGKILL);
    EXPECT_EQ(run.wait().signal, SIGKILL);
    EXPECT_EQ(vectors(world), 0);
  }
  auto const requests = world.stub().requests();
  expect_the_next_run_goes_on(world, k_profiles);
  EXPECT_EQ(world.stub().requests(), requests);
  auto const recorded = recorded_usage(world);
  EXPECT_EQ(recorded.in_doubt_requests, 0);
  expect_recorded(recorded, world.stub().bill().total());
}

TEST(ServicesUndisturbed, RunsInPartsRecordWhatWasBilled) {
  constexpr int k_profiles = 60;
  ServicesWorld world(ServicesWorld::stub_options(), Rows::none);
  add_campaign_profiles(world, k_profiles);
  int runs = 1;
  auto const part = [&] {
    return world.run({"backfill-embeddings", "--batch-size", "5", "--max-requests", "2"}).exit_code;
  };
  while (part() == 75 && runs < 50)
    ++runs;
  EXPECT_GE(runs, 3);
  auto const recorded = recorded_usage(world);
  EXPECT_EQ(recorded.in_doubt_microusd, 0);
  EXPECT_EQ(recorded.inputs, 4 * k_profiles);
  expect_recorded(recorded, world.stub().bill().total());
}

TEST(ServicesStopped, DuringARequestKeepTheAnswerAndSendNoOther) {
  constexpr int k_profiles = 40;
  std::atomic<bool> slow = true;
  auto options = ServicesWorld::stub_options();
  options.latency_of = [&](auto const&) -> std::chrono::nanoseconds { return slow ? 3s : 0s; };
  ServicesWorld world(options, Rows::none);
  add_campaign_profiles(world, k_profiles);
  auto around = world.options({{"JVMM_REMOTE_CONCURRENCY", "1"}});
  around.timeout = 25s;
  CliProcess run(k_run, around);
  wait_until([&] { return world.stub().in_flight() == 1; }, "a request is on its way");
  run.send(SIGTERM);
  expect_stopped(world, run.wait(), "signal");
  EXPECT_EQ(world.stub().requests(), 1u);
  EXPECT_EQ(recorded_usage(world).requests, 1);
  EXPECT_EQ(recorded_usage(world).in_doubt_requests, 0);
  slow = false;
  expect_the_next_run_goes_on(world, k_profiles);
}

TEST(ServicesStopped, DuringAPauseThatTheServiceAskedForDoNotWaitForItsEnd) {
  constexpr int k_profiles = 10;
  auto options = ServicesWorld::stub_options();
  options.faults = {parse_fault_rule("429,hint=seconds,wait=50")};
  ServicesWorld world(options, Rows::none);
  add_campaign_profiles(world, k_profiles);
  auto around = world.options({{"JVMM_RETRY_SECONDS", "300"}});
  around.timeout = 40s;
  CliProcess run(k_run, around);
  wait_until([&] { return world.stub().requests() > 0 && world.stub().in_flight() == 0; }, "the service says 429");
  run.send(SIGTERM);
  expect_stopped(world, run.wait(), "signal");
  world.stub().set_faults({});
  expect_the_next_run_goes_on(world, k_profiles);
}

TEST(ServicesStopped, WhileTheServiceCannotBeReachedDoNotWaitForIt) {
  constexpr int k_profiles = 10;
  ServicesWorld world(ServicesWorld::stub_options(), Rows::none);
  add_campaign_profiles(world, k_profiles);
  auto around = world.options(
      {{"JVMM_RETRY_SECONDS", "300"}, {"JVMM_EMBED", fmt::format("tei:http://127.0.0.1:1#{}", k_served_model)}});
  around.timeout = 40s;
  CliProcess run(k_run, around);
  wait_until([&] { return run.err().find("trying again") != std::string::npos; }, "the service is looked for again");
  run.send(SIGTERM);
  expect_stopped(world, run.wait(), "signal");
  expect_the_next_run_goes_on(world, k_profiles);
}

}  // namespace
}  // namespace jvmm::test
