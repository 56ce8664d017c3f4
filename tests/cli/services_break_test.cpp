// Runs that ask a service and are killed, stopped or cut off from Redis: what is paid for is kept, and the same command
// goes on.

#include <fmt/format.h>

#include "cli/services_campaign.hpp"
#include "support/test_seed.hpp"

namespace jvmm::test {
namespace {

TEST(ServicesKilled, PayOnceAndEndAsAnUndisturbedRunDoes) {
  auto const used_seed = test_seed();
  SCOPED_TRACE(fmt::format("repeat with JVMM_TEST_SEED={}", used_seed));
  fmt::print("JVMM_TEST_SEED={}\n", used_seed);
  KillCampaign(100, 3, used_seed).run();
}

}  // namespace
}  // namespace jvmm::test
