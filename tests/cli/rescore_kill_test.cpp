// kill -9 of a long rescore at random instants.

#include "cli/rescore_campaign.hpp"

#include <gtest/gtest.h>

namespace jvmm::test {
namespace {

TEST(RescoreKillCampaign, OfManyMatchesEndsAsAnUndisturbedRunDoes) {
  expect_kills_to_change_nothing(30'000, 10);
}

}  // namespace
}  // namespace jvmm::test
