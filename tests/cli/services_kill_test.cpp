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

}  // namespace
}  // namespace jvmm::test
