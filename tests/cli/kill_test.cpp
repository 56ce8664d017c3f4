// kill -9 of the real program at random instants: the end state equals that of an undisturbed run.

#include <fmt/format.h>
#include <signal.h>

#include <cstdlib>
#include <random>
#include <thread>

#include "cli/cli_db.hpp"
#include "cli/end_state.hpp"
#include "support/test_seed.hpp"

namespace jvmm::test {
namespace {

using std::chrono::microseconds;

constexpr int k_kills = 20;
constexpr std::size_t k_profiles = 400;
Arguments const k_run{"backfill-embeddings", "--batch-size", "10", "--quiet"};

void add_profiles(CliDb const& db) {
  db.sql(insert_sql(data_lines("provenance.jsonl")) +
         insert_sql(data_lines("fixtures/profiles-3143.jsonl.gz", k_profiles)));
}

microseconds undisturbed_run(CliDb const& db) {
  auto const start = std::chrono::steady_clock::now();
  auto const result = db.run(k_run);
  EXPECT_EQ(result.exit_code, 0) << result;
  return std::chrono::duration_cast<microseconds>(std::chrono::steady_clock::now() - start);
}

std::int64_t rows_done(CliDb const& db) {
  return std::strtoll(db.sql("select count(*) from jvmm.ledger").c_str(), nullptr, 10);
}

TEST(KillCampaign, EndsAsAnUndisturbedRunDoes) {
  auto const used_seed = test_seed();
  SCOPED_TRACE(fmt::format("repeat with JVMM_TEST_SEED={}", used_seed));
  fmt::print("JVMM_TEST_SEED={}\n", used_seed);
  std::mt19937 random(used_seed);

  CliDb const undisturbed, killed;
  add_profiles(undisturbed);
  add_profiles(killed);
  auto const whole = undisturbed_run(undisturbed);
  auto const rows = rows_done(undisturbed);

  // Each life is cut within its share of the work, wherever start-up ends on this machine, so that kills land in it.
  int hits = 0;
  for (int kill = 0; kill < k_kills; ++kill) {
    auto const before = rows_done(killed);
    CliProcess run(k_run, killed.options());
    auto const goal = std::min(rows - 1, before + 1 + static_cast<std::int64_t>(random() % 12));
    while (run.is_running() && rows_done(killed) < goal) {
    }
    std::this_thread::sleep_for(microseconds(random() % static_cast<unsigned>(whole.count() / 50 + 1)));
    run.send(SIGKILL);
    hits += run.wait().signal == SIGKILL;
  }
  fmt::print("{} of {} kills met a run at work; {} of {} rows were done by then\n", hits, k_kills, rows_done(killed),
             rows);
  EXPECT_GE(hits, k_kills / 2) << "too few to mean anything";

  undisturbed_run(killed);
  EXPECT_EQ(embedding_end_state(killed), embedding_end_state(undisturbed));
  EXPECT_EQ(summary(killed.run_json({"backfill-embeddings"}), "candidates"), 0);
}

}  // namespace
}  // namespace jvmm::test
