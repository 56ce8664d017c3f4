// What takes long: many kills over many texts, and a limit in minutes.

#include <fmt/format.h>

#include "cli/services_campaign.hpp"
#include "support/test_seed.hpp"

namespace jvmm::test {
namespace {

TEST(ServicesKillCampaign, PaysForTenThousandTextsOnceAndEndsAsAnUndisturbedRunDoes) {
  auto const used_seed = test_seed();
  SCOPED_TRACE(fmt::format("repeat with JVMM_TEST_SEED={}", used_seed));
  fmt::print("JVMM_TEST_SEED={}\n", used_seed);
  KillCampaign(2500, 50, used_seed).run();
}

TEST(ServicesTimeLimit, EndsAPauseThatTheServiceAskedFor) {
  auto options = ServicesWorld::stub_options();
  options.faults = {testing::parse_fault_rule("429,hint=seconds,wait=900")};
  ServicesWorld world(options, Rows::none);
  add_campaign_profiles(world, 10);
  auto around = world.options({{"JVMM_RETRY_SECONDS", "3600"}});
  around.timeout = std::chrono::seconds(300);
  auto const result = run_cli({"backfill-embeddings", "--max-minutes", "1"}, around);
  EXPECT_EQ(result.exit_code, 75) << result;
  EXPECT_EQ(world.sql("select outcome || exit_code || ' ' || (summary ->> 'stopped') from jvmm.run"),
            "stopped75 time_limit");
}

}  // namespace
}  // namespace jvmm::test
