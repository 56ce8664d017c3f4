#pragma once

#include <cstdint>
#include <functional>
#include <random>

#include "cli/services_world.hpp"

namespace jvmm::test {

/// Puts profiles with four texts each in, all different.
void add_campaign_profiles(ServicesWorld const& world, int profiles);

/// Waits until `holds`, for half a minute at most; then the test fails.
void wait_until(std::function<bool()> const& holds, char const* what);

/// What jvmm.usage says of all runs.
struct RecordedUsage {
  std::int64_t rows = 0, requests = 0, inputs = 0;
  std::int64_t cost_microusd = 0, in_doubt_microusd = 0, in_doubt_requests = 0;
};
RecordedUsage recorded_usage(ServicesWorld const& world);

/// What was recorded is what was billed, but for requests in doubt. Each row of jvmm.usage is rounded once to
/// micro-dollars, so that over k rows cost and doubt may each be off by k/2 micro-dollars.
void expect_recorded(RecordedUsage const& recorded, testing::StubMeter const& billed);

/// One life of the program, ended by kill -9 at a random instant.
struct Life {
  bool killed = false;          ///< false: it ended before
  std::uint64_t in_flight = 0;  ///< requests at the stub just before
};

/// kill -9 of backfill-embeddings at random instants, in small requests so that there are many of them.
class KillCampaign {
 public:
  static constexpr std::int64_t k_items = 8;        ///< texts a request
  static constexpr std::int64_t k_concurrency = 8;  ///< requests at once

  /// REQUIRES: the stub's latency is of some milliseconds.
  KillCampaign(int profiles, int kills, unsigned seed);

  /// Kills, lets one run end undisturbed, and compares with a run that nothing disturbed.
  void run();

 private:
  void undisturbed_run(ServicesWorld const& world) const;
  std::uint64_t measure();
  Life live(int number, std::uint64_t requests);
  void expect_paid_once();

  int m_profiles, m_kills;
  std::mt19937 m_random;
  ServicesWorld m_whole, m_killed;
};

}  // namespace jvmm::test
