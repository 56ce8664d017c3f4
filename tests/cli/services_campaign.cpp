#include "cli/services_campaign.hpp"

#include <fmt/format.h>
#include <signal.h>

#include <thread>

#include "cli/end_state.hpp"

namespace jvmm::test {
namespace {

using namespace std::chrono_literals;
using std::chrono::microseconds;

constexpr std::int64_t k_pico = 1'000'000;  ///< pico-dollars in a micro-dollar
constexpr unsigned k_latency_us = 15'000;

Arguments const k_run{"backfill-embeddings", "--batch-size", "20", "--quiet"};

std::map<std::string, std::string> small_requests() {
  return {{"JVMM_REMOTE_BATCH_ITEMS", std::to_string(KillCampaign::k_items)},
          {"JVMM_REMOTE_CONCURRENCY", std::to_string(KillCampaign::k_concurrency)}};
}

testing::StubOptions slow_stub() {
  auto options = ServicesWorld::stub_options();
  options.latency = microseconds(k_latency_us);
  return options;
}

}  // namespace

void add_campaign_profiles(ServicesWorld const& world, int profiles) {
  world.sql(
      fmt::format("insert into profiles (id, name, created_at, updated_at, seeking, offering, who_you_serve, "
                  "what_you_do) select md5('campaign ' || i)::uuid, 'Profile ' || i, '2026-11-01', '2026-11-01', "
                  "'hosts for audience number ' || i, "
                  "'coaching for team ' || i, 'founders of venture ' || i, 'helps with matter ' || i "
                  "from generate_series(1, {}) as i",
                  profiles));
}

void wait_until(std::function<bool()> const& holds, char const* what) {
  auto const deadline = std::chrono::steady_clock::now() + 30s;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline) {
      ADD_FAILURE() << "this did not come true: " << what;
      return;
    }
    std::this_thread::sleep_for(2ms);
  }
}

RecordedUsage recorded_usage(ServicesWorld const& world) {
  auto const value = world.db().sql_json("select coalesce(json_agg(u), '[]') from jvmm.usage u");
  RecordedUsage out;
  for (auto const& row : json::Ref(value, "usage").items()) {
    ++out.rows;
    out.requests += row["requests"].integer();
    out.inputs += row["inputs"].integer();
    out.cost_microusd += row["cost_microusd"].integer();
    out.in_doubt_microusd += row["in_doubt_microusd"].integer();
    out.in_doubt_requests += row["in_doubt_requests"].integer();
  }
  return out;
}

void expect_recorded(RecordedUsage const& recorded, testing::StubMeter const& billed) {
  auto const rounding = recorded.rows * k_pico / 2;
  auto const cost = recorded.cost_microusd * k_pico, in_doubt = recorded.in_doubt_microusd * k_pico;
  EXPECT_GE(billed.cost, cost - rounding) << "recorded, and not billed";
  EXPECT_LE(billed.cost, cost + rounding + (in_doubt > 0 ? in_doubt + rounding : 0)) << "billed, and not recorded";
  auto const requests = static_cast<std::int64_t>(billed.requests);
  EXPECT_GE(requests, recorded.requests);
  EXPECT_LE(requests, recorded.requests + recorded.in_doubt_requests);
}

KillCampaign::KillCampaign(int profiles, int kills, unsigned seed)
    : m_profiles(profiles),
      m_kills(kills),
      m_random(seed),
      m_whole(slow_stub(), Rows::none),
      m_killed(m_whole, Rows::none) {
  add_campaign_profiles(m_whole, profiles);
  add_campaign_profiles(m_killed, profiles);
}

void KillCampaign::undisturbed_run(ServicesWorld const& world) const {
  auto const result = world.run(k_run, small_requests());
  EXPECT_EQ(result.exit_code, 0) << result;
}

/// The run that nothing disturbs, and how many requests it takes.
std::uint64_t KillCampaign::measure() {
  undisturbed_run(m_whole);
  auto const billed = m_whole.stub().bill().total();
  auto const recorded = recorded_usage(m_whole);
  EXPECT_EQ(recorded.inputs, 4 * m_profiles);
  EXPECT_EQ(recorded.in_doubt_requests, 0);
  expect_recorded(recorded, billed);
  m_whole.stub().reset_bill();
  return billed.requests;
}

/// Most lives end within their share of the work, wherever start-up ends on this machine; one in five at any instant of
/// its first moments, in which it takes the lease and records what its forerunner left.
Life KillCampaign::live(int number, std::uint64_t requests) {
  auto& stub = m_killed.stub();
  auto const share = static_cast<unsigned>(requests) / static_cast<unsigned>(m_kills) + 1;
  bool const early = number % 5 == 4;
  auto const goal = stub.requests() + (early ? 0 : 1 + m_random() % share);
  auto const delay = microseconds(m_random() % (early ? 150'000 : 3 * k_latency_us));
  CliProcess run(k_run, m_killed.options(small_requests()));
  while (run.is_running() && stub.requests() < goal)
    std::this_thread::sleep_for(200us);
  std::this_thread::sleep_for(delay);
  Life life;
  life.in_flight = stub.in_flight();
  run.send(SIGKILL);
  life.killed = run.wait().signal == SIGKILL;
  return life;
}

/// An answer that was recorded is on disk, so its texts are never asked for again: what was computed beyond one pass
/// was on its way when a life ended, and no life has more on its way than the concurrency allows, and as many again
/// whose answers are just being stored.
void KillCampaign::expect_paid_once() {
  auto const bill = m_killed.stub().bill();
  auto const recorded = recorded_usage(m_killed);
  auto const texts = 4 * m_profiles;
  fmt::print(
      "{} inputs billed for {} texts, {} requests in doubt; ${:.6f} billed, ${:.6f} recorded, ${:.6f} in doubt\n",
      bill.total().inputs, texts, recorded.in_doubt_requests, static_cast<double>(bill.total().cost) / 1e12,
      static_cast<double>(recorded.cost_microusd) / 1e6, static_cast<double>(recorded.in_doubt_microusd) / 1e6);
  EXPECT_EQ(bill.distinct_texts, static_cast<std::uint64_t>(texts));
  EXPECT_EQ(recorded.inputs, texts) << "an answer was recorded twice, or not at all";
  EXPECT_LE(static_cast<std::int64_t>(bill.total().inputs), texts + k_items * recorded.in_doubt_requests);
  EXPECT_LE(recorded.in_doubt_requests, 2 * k_concurrency * m_kills);
  expect_recorded(recorded, bill.total());
}

void KillCampaign::run() {
  auto const requests = measure();
  int killed = 0, at_work = 0;
  for (int kill = 0; kill < m_kills; ++kill) {
    auto const life = live(kill, requests);
    killed += life.killed;
    at_work += life.killed && life.in_flight > 0;
  }
  fmt::print("{} of {} kills met a run, {} of them with requests on their way; {} of {} requests were made by then\n",
             killed, m_kills, at_work, m_killed.stub().requests(), requests);
  EXPECT_GE(at_work, (m_kills + 3) / 4) << "too few to mean anything";

  undisturbed_run(m_killed);
  wait_until([&] { return m_killed.stub().in_flight() == 0; }, "the stub is idle");
  expect_paid_once();
  EXPECT_EQ(embedding_end_state(m_killed.db()), embedding_end_state(m_whole.db()));

  auto const asked = m_killed.stub().requests();
  EXPECT_EQ(summary(m_killed.embed(), "candidates"), 0);
  EXPECT_EQ(m_killed.stub().requests(), asked);
}

}  // namespace jvmm::test
