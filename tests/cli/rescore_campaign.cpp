#include "cli/rescore_campaign.hpp"

#include <fmt/format.h>
#include <signal.h>

#include <chrono>
#include <cstdlib>
#include <random>
#include <thread>

#include "cli/match_rows.hpp"
#include "support/test_seed.hpp"

namespace jvmm::test {
namespace {

using std::chrono::microseconds;

Arguments const k_run{"rescore", "--quiet", "--now", k_scored_as_of, "--batch-size", "200"};

void add_rows(CliDb const& db, int matches) {
  add_scorable_profiles(db, 300);
  db.sql(fmt::format(
      "insert into match_suggestions (id, profile_id, suggested_profile_id, match_context, notes) "
      "select ('{0}' || lpad(n::text, 12, '0'))::uuid, a.id, b.id, '{{\"kept\": 1}}', 'n' || n "
      "from profiles a, profiles b, lateral (select 300 * right(a.id::text, 3)::int + "
      "right(b.id::text, 3)::int as n) m where a.id <> b.id order by md5(a.id::text || b.id::text) limit {1}",
      "20000000-0000-4000-8000-", matches));
}

std::string end_state(CliDb const& db) {
  return db.sql(
             "select count(*) || md5(string_agg(md5((to_jsonb(m) - array['suggested_at', 'match_context'])::text || "
             "(m.match_context - 'scored_at')::text), '' order by m.id)) from match_suggestions m") +
         db.sql(
             "select count(*) || md5(string_agg(concat_ws(' ', profile_id, outcome, input_hash, fingerprint, attempts, "
             "written, before), ',' order by profile_id)) from jvmm.ledger where stage = 'rescore'");
}

CliOptions with_time(CliOptions options) {
  options.timeout = std::chrono::minutes(10);
  return options;
}

microseconds whole_run(CliDb const& db) {
  auto const start = std::chrono::steady_clock::now();
  auto const result = db.run(k_run, with_time({}));
  EXPECT_EQ(result.exit_code, 0) << result;
  return std::chrono::duration_cast<microseconds>(std::chrono::steady_clock::now() - start);
}

std::int64_t rows_done(CliDb const& db) {
  return std::strtoll(db.sql("select count(*) from jvmm.ledger where stage = 'rescore'").c_str(), nullptr, 10);
}

}  // namespace

void expect_kills_to_change_nothing(int matches, int kills) {
  auto const used_seed = test_seed();
  SCOPED_TRACE(fmt::format("repeat with JVMM_TEST_SEED={}", used_seed));
  std::mt19937 random(used_seed);
  CliDb const undisturbed, killed;
  add_rows(undisturbed, matches);
  add_rows(killed, matches);
  auto const whole = whole_run(undisturbed);
  ASSERT_EQ(rows_done(undisturbed), matches);

  int hits = 0;
  for (int kill = 0; kill < kills; ++kill) {
    auto const before = rows_done(killed);
    auto const share = std::max<std::int64_t>(1, (matches - before) / (kills - kill + 1));
    auto const goal = before + 1 + static_cast<std::int64_t>(random() % static_cast<unsigned>(share));
    CliProcess run(k_run, with_time(killed.options()));
    while (run.is_running() && rows_done(killed) < goal)
      std::this_thread::sleep_for(microseconds(500));
    std::this_thread::sleep_for(microseconds(random() % static_cast<unsigned>(whole.count() / (4 * kills) + 1)));
    run.send(SIGKILL);
    hits += run.wait().signal == SIGKILL;
  }
  fmt::print("seed {}: {} of {} kills met a run at work; {} of {} rows were done by then\n", used_seed, hits, kills,
             rows_done(killed), matches);
  EXPECT_GE(hits, (kills + 1) / 2) << "too few to mean anything";
  whole_run(killed);
  EXPECT_EQ(end_state(killed), end_state(undisturbed));
  EXPECT_EQ(rescored(killed), 0);
}

}  // namespace jvmm::test
