// A Redis that machines share, through the program: what it saves, and what happens without it.

#include "cli/services_campaign.hpp"
#include "support/redis_server.hpp"

namespace jvmm::test {
namespace {

using namespace std::chrono_literals;

constexpr int k_profiles = 40;
Arguments const k_run{"backfill-embeddings", "--batch-size", "10"};

int warnings_of_redis(CliResult const& result) {
  int count = 0;
  for (auto at = result.err.find("is not used any more"); at != std::string::npos;
       at = result.err.find("is not used any more", at + 1))
    ++count;
  return count;
}

std::int64_t vectors(ServicesWorld const& world) {
  return world.number("select count(embedding_seeking) + count(embedding_what_you_do) from profiles");
}

TEST(ServicesRedis, SavesASecondMachineEveryRequest) {
  RedisServer const redis;
  ServicesWorld first(ServicesWorld::stub_options(), Rows::none), second(first, Rows::none);
  for (auto const* world : {&first, &second}) {
    add_campaign_profiles(*world, k_profiles);
    auto const result = world->run(k_run, {{"REDIS_URL", redis.url()}});
    EXPECT_EQ(result.exit_code, 0) << result;
    EXPECT_EQ(warnings_of_redis(result), 0) << result;
    EXPECT_EQ(vectors(*world), 2 * k_profiles);
  }
  EXPECT_EQ(first.stub().bill().total().inputs, static_cast<std::uint64_t>(4 * k_profiles));
  EXPECT_EQ(recorded_usage(second).requests, 0);
}

TEST(ServicesRedis, DyingInMidRunCostsOneWarning) {
  RedisServer redis;
  auto options = ServicesWorld::stub_options();
  options.latency = 20ms;
  ServicesWorld world(options, Rows::none);
  add_campaign_profiles(world, k_profiles);
  CliProcess run(
      k_run,
      world.options({{"REDIS_URL", redis.url()}, {"JVMM_REMOTE_BATCH_ITEMS", "4"}, {"JVMM_REMOTE_CONCURRENCY", "2"}}));
  wait_until([&] { return world.stub().requests() >= 5; }, "five requests");
  redis.kill();
  auto const result = run.wait();
  EXPECT_EQ(result.exit_code, 0) << result;
  EXPECT_EQ(warnings_of_redis(result), 1) << result;
  EXPECT_EQ(vectors(world), 2 * k_profiles);
  EXPECT_EQ(world.stub().bill().max_times_computed, 1u);
}

TEST(ServicesRedis, ThatWasNeverThereCostsOneWarning) {
  for (auto const* url : {"/nonexistent/redis.sock", "redis://127.0.0.1:1"}) {
    SCOPED_TRACE(url);
    ServicesWorld world(ServicesWorld::stub_options(), Rows::none);
    add_campaign_profiles(world, k_profiles);
    auto const result = world.run(k_run, {{"REDIS_URL", url}});
    EXPECT_EQ(result.exit_code, 0) << result;
    EXPECT_EQ(warnings_of_redis(result), 1) << result;
    EXPECT_EQ(vectors(world), 2 * k_profiles);
  }
}

}  // namespace
}  // namespace jvmm::test
