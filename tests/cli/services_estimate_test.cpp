// 'jvmm estimate' against the ledger of the run it predicts.

#include <cmath>

#include "cli/services_world.hpp"
#include "support/temp_dir.hpp"

namespace jvmm::test {
namespace {

using testing::StubKind;

/// Prices of what can be known beforehand: requests, texts, and the time that the stub takes for each. What a service
/// counts as a token is its own affair (the stub's are no word pieces).
class Estimated {
 public:
  explicit Estimated(StubKind kind) : m_world(options(kind)) {
    m_env["JVMM_PRICES"] = m_dir
                               .write("fixed.json", R"({"name": "fixed", "date": "2026-11-28", "source": "this test",
      "prices": [{"backend": "*", "usd_per_request": 0.0001, "usd_per_input": 0.00006, "usd_per_compute_second": 0.00012,
                  "seconds_per_input": 0.001}]})")
                               .string();
  }

  ServicesWorld& world() { return m_world; }

  json::Value estimate(std::map<std::string, std::string> env = {}) {
    env.insert(m_env.begin(), m_env.end());
    auto const result = m_world.run({"estimate", "--format", "json"}, std::move(env));
    EXPECT_EQ(result.exit_code, 0) << result;
    return json::parse(result.out, "stdout of jvmm estimate");
  }

  void embed(Arguments more = {}, int exit_code = 0) {
    Arguments arguments{"backfill-embeddings", "--quiet"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    auto const result = m_world.run(arguments, m_env);
    EXPECT_EQ(result.exit_code, exit_code) << result;
  }

 private:
  static testing::StubOptions options(StubKind kind) {
    auto out = ServicesWorld::stub_options(kind);
    out.compute_per_input = std::chrono::microseconds(1000);
    return out;
  }

  testing::TempDir m_dir;
  ServicesWorld m_world;
  std::map<std::string, std::string> m_env;
};

TEST(ServicesEstimate, IsWithinTwoPercentOfTheLedgerOfTheRunItPredicts) {
  for (auto const kind : {StubKind::hf, StubKind::tei, StubKind::toolkit}) {
    SCOPED_TRACE(testing::name(kind));
    Estimated estimated(kind);
    auto& world = estimated.world();
    auto const before = estimated.estimate();
    EXPECT_EQ(world.stub().bill().total().requests, 0u) << "an estimate asks for nothing that is paid";
    estimated.embed();
    auto const work = json::Ref(before, "estimate")["work"];
    EXPECT_EQ(work["requests"].integer(), world.number("select sum(requests) from jvmm.usage"));
    EXPECT_EQ(work["unique_texts"].integer(), world.number("select sum(inputs) from jvmm.usage"));
    auto const recorded = static_cast<double>(world.number("select sum(cost_microusd) from jvmm.usage"));
    EXPECT_GT(recorded, 1'000);
    EXPECT_NEAR(work["usd"].number() * 1e6, recorded, 0.02 * recorded);
  }
}

TEST(ServicesEstimate, CountsWhatWasPaidForAlreadyAsNothing) {
  Estimated estimated(StubKind::tei);
  estimated.embed({"--max-requests", "2"}, 75);
  auto const before = estimated.estimate();
  auto const first = estimated.world().stub().bill().total();
  estimated.embed();
  auto const second = estimated.world().stub().bill().total();
  auto const work = json::Ref(before, "estimate")["work"];
  EXPECT_GT(work["cached"].integer(), 0);
  EXPECT_EQ(work["unique_texts"].integer() - work["cached"].integer(),
            static_cast<std::int64_t>(second.inputs - first.inputs));
}

TEST(ServicesEstimate, OfALocalModelIsFree) {
  Estimated estimated(StubKind::tei);
  auto const report =
      estimated.estimate({{"JVMM_EMBED", ""}, {"JVMM_MODEL", "hashing:384"}, {"JVMM_PRICES", "hf-inference-2026-08"}});
  EXPECT_EQ(json::Ref(report, "estimate")["work"]["usd"].number(), 0);
}

}  // namespace
}  // namespace jvmm::test
