// kill -9 and SIGTERM of 'jvmm rescore --all-pairs' at random instants: the table equals that of an undisturbed run.

#include <fmt/format.h>
#include <signal.h>

#include <chrono>
#include <cstdlib>
#include <random>
#include <thread>

#include "cli/match_rows.hpp"
#include "cli/published.hpp"
#include "support/temp_dir.hpp"
#include "support/test_seed.hpp"

namespace jvmm::test {
namespace {

using std::chrono::microseconds;

constexpr int k_rounds = 6;
constexpr int k_kills = 4;  // in a round, until the generation is published
constexpr int k_profiles = 1'500;

/// So that a run updates, leaves and inserts rows.
void edit_some(CliDb const& db, int round) {
  db.sql(
      fmt::format("update profiles set list_size = 100, bio = 'host of a podcast', booking_link = 'https://book.me/x' "
                  "where id::text like '%{}'",
                  round));
}

struct Campaign {
  explicit Campaign(unsigned seed) : random(seed) {
    for (auto const* const db : {&undisturbed, &killed}) {
      add_scorable_profiles(*db, k_profiles);
      embed(*db);
      all_pairs(*db, {"--top", "10"});
    }
  }

  /// One run, ended by a signal within the time of an undisturbed one. Whether it met the run at work.
  bool kill(int signal, microseconds whole) {
    CliProcess run(arguments, killed.options());
    std::this_thread::sleep_for(microseconds(random() % static_cast<unsigned>(whole.count() + 1)));
    run.send(signal);
    auto const end = run.wait();
    return end.signal == signal || end.exit_code == 75;
  }

  microseconds whole_run(CliDb const& db) const {
    auto const start = std::chrono::steady_clock::now();
    auto const result = db.run(arguments);
    EXPECT_EQ(result.exit_code, 0) << result;
    return std::chrono::duration_cast<microseconds>(std::chrono::steady_clock::now() - start);
  }

  std::mt19937 random;
  CliDb undisturbed, killed;
  testing::TempDir folder;
  Arguments arguments =
      all_pairs_arguments({"--top", "10", "--quiet", "--checkpoint", (folder.path() / "state").string()});
};

TEST(AllPairsKillCampaign, EndsAsAnUndisturbedRunDoes) {
  auto const used_seed = test_seed();
  SCOPED_TRACE(fmt::format("repeat with JVMM_TEST_SEED={}", used_seed));
  Campaign campaign(used_seed);
  int kills = 0, hits = 0;
  for (int round = 1; round <= k_rounds; ++round) {
    edit_some(campaign.undisturbed, round);
    edit_some(campaign.killed, round);
    auto const whole = campaign.whole_run(campaign.undisturbed);
    auto const before = published(campaign.killed), after = published(campaign.undisturbed);
    for (int kill = 0; kill < k_kills && published(campaign.killed) == before; ++kill, ++kills)
      hits += campaign.kill(kill % 3 == 2 ? SIGTERM : SIGKILL, whole);
    auto const seen = published(campaign.killed);
    EXPECT_TRUE(seen == before || seen == after) << "a generation in part, in round " << round;
    campaign.whole_run(campaign.killed);
    ASSERT_EQ(published(campaign.killed), after) << "round " << round;
  }
  fmt::print("seed {}: {} of {} signals met a run at work\n", used_seed, hits, kills);
  EXPECT_GE(hits, kills / 2) << "too few to mean anything";
  EXPECT_EQ(all_matches(campaign.killed), all_matches(campaign.undisturbed));
  EXPECT_EQ(campaign.killed.sql("select count(*) from jvmm.staged_match"), "0");
  EXPECT_EQ(rescored(campaign.killed, {"--scoring", "calibrated"}), 0);
}

}  // namespace
}  // namespace jvmm::test
