#include "commands/estimate/estimate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "commands/estimate/report.hpp"
#include "json/parse.hpp"
#include "json/ref.hpp"
#include "support/expect_error.hpp"

namespace jvmm::commands {
namespace {

using jvmm::testing::expect_error;
using ::testing::HasSubstr;

constexpr PicoUsd k_usd = 1'000'000'000'000;
constexpr PicoUsd k_most = std::numeric_limits<PicoUsd>::max();
constexpr PicoUsd k_micro = 1'000'000;

inference::PriceTable plan_prices() {
  return inference::open_price_table("strategy-2026-02");
}
inference::PriceTable default_prices() {
  return inference::open_price_table("hf-inference-2026-08");
}

Served const k_bge_large{"hf", "BAAI/bge-large-en-v1.5"};
Served const k_local{"local", "all-MiniLM-L6-v2"};

Estimate estimated(Served const& served, std::uint64_t profiles, inference::PriceTable const& table,
                   EstimateOptions const& options = {}) {
  return make_estimate(assumed_work(served, profiles, table, options.assumptions), table, options);
}

TEST(Money, IsRoundedHalfUpOnce) {
  EXPECT_EQ(percent_of(1, 50), 1);
  EXPECT_EQ(percent_of(249, 10), 25);
  EXPECT_EQ(percent_of(244, 10), 24);
  EXPECT_EQ(divided(10, 4), 3);
  EXPECT_EQ(divided(9, 4), 2);
  EXPECT_EQ(divided(k_most, 1), k_most);
  EXPECT_EQ(divided(0, 7), 0);
  EXPECT_EQ(to_cents(14'999'999'999), 10'000'000'000);
  EXPECT_EQ(to_cents(15'000'000'000), 20'000'000'000);
  EXPECT_EQ(times(k_usd, 100'000'000), k_most);
  EXPECT_EQ(plus(k_most, 1), k_most);
  EXPECT_EQ(percent_of(k_most, 100), k_most);
  EXPECT_EQ(ceil_ratio(10, 5), 2u);
  EXPECT_EQ(ceil_ratio(11, 5), 3u);
}

TEST(Money, IsShownInCentsOrThreeDigits) {
  EXPECT_EQ(dollars(0), "$0.00");
  EXPECT_EQ(dollars(1), "<$0.01");
  EXPECT_EQ(dollars(1'477'210'000'000), "$1.48");
  EXPECT_EQ(dollars(1'234'567 * k_usd), "$1234567.00");
  EXPECT_EQ(unit_dollars(0), "$0");
  EXPECT_EQ(unit_dollars(470 * k_micro), "$0.00047");
  EXPECT_EQ(unit_dollars(7'200'000), "$0.0000072");
  EXPECT_EQ(unit_dollars(600 * k_micro), "$0.0006");
  EXPECT_EQ(unit_dollars(2 * k_usd), "$2.00");
}

TEST(PlansTable, HasItsDollarsAProfile) {
  auto const mini = price_enrichment("strategy-minilm", plan_prices(), {});
  ASSERT_EQ(mini.operations.size(), 4u);
  EXPECT_EQ(mini.operations[0].cost, 240 * k_micro);
  EXPECT_EQ(mini.operations[1].cost, 100 * k_micro);
  EXPECT_EQ(mini.operations[2].cost, 80 * k_micro);
  EXPECT_EQ(mini.operations[3].cost, 50 * k_micro);
  EXPECT_EQ(mini.per_profile, 470 * k_micro);
  EXPECT_EQ(mini.calls(), 7u);
  auto const large = price_enrichment("strategy", plan_prices(), {});
  EXPECT_EQ(large.operations[0].cost, 600 * k_micro);
  EXPECT_EQ(large.per_profile, 830 * k_micro);
}

struct PlanRow {
  std::uint64_t profiles;
  char const *backfill, *month, *year;
};

TEST(PlansTable, HasItsDollarsAtEachScale) {
  for (auto const& row : {PlanRow{3'143, "$1.48", "$0.15", "$1.80"}, PlanRow{10'000, "$4.70", "$0.47", "$5.64"},
                          PlanRow{100'000, "$47.00", "$4.70", "$56.40"}}) {
    auto const scale = enrichment_scale(row.profiles, 470 * k_micro, 10, Months::in_cents);
    EXPECT_EQ(dollars(scale.backfill), row.backfill);
    EXPECT_EQ(dollars(scale.month), row.month);
    EXPECT_EQ(dollars(scale.year), row.year);
  }
  // Twelve months that nobody rounded come to less: 3,143 x 0.00047 x 0.1 x 12 = 1.772652.
  EXPECT_EQ(enrichment_scale(3'143, 470 * k_micro, 10, Months::exact).year, 1'772'652'000'000);
}

TEST(PlansTable, SetsALargeModelAgainstIt) {
  auto const scale = enrichment_scale(3'143, 470 * k_micro, 10, Months::in_cents);
  EXPECT_EQ(scale.large_model_low, 94'290'000'000'000);    // $94.29
  EXPECT_EQ(scale.large_model_high, 188'580'000'000'000);  // $188.58
}

TEST(Enrichment, CostsSecondsPerLabelAtTheProvidersRate) {
  auto const large = price_enrichment("strategy", default_prices(), {});
  EXPECT_EQ(large.operations[0].cost, 72 * k_micro);   // 4 x 0.15 s x $0.00012
  EXPECT_EQ(large.operations[1].cost, 480 * k_micro);  // 25 labels x 0.16 s
  EXPECT_EQ(large.operations[2].cost, 102 * k_micro);  // 17 labels x 0.05 s
  EXPECT_EQ(large.operations[3].cost, 5'040'000);      // 0.042 s
  EXPECT_EQ(large.per_profile, 659'040'000);           // $0.00065904
  EXPECT_FALSE(price_enrichment("strategy", inference::open_price_table("providers-2026-08"), {}).per_profile);
}

TEST(Work, IsPricedByWhatIsLeftToAsk) {
  WorkCount work;
  work.served = k_bge_large;
  work.texts = 100, work.unique_texts = 80, work.cached = 15, work.tokens = 1500;
  price_work(work, plan_prices(), {});
  EXPECT_EQ(work.metered, (inference::Metered{.requests = 3, .inputs = 65, .input_tokens = 1500}));
  EXPECT_EQ(work.requests, 3u);              // 65 texts, 32 in each
  EXPECT_EQ(work.cost, 65 * 150 * k_micro);  // $0.00015 each
  EXPECT_DOUBLE_EQ(work.seconds.value(), (65 * 0.05 + 3 * 0.1) / 4);
  price_work(work, default_prices(), {});
  EXPECT_EQ(work.metered.compute_microseconds, 9'750'000u);  // 65 x 0.15 s
  EXPECT_EQ(work.cost, 1'170'000'000);                       // x $0.00012
}

TEST(Work, ThatIsAllAtHandCostsNothing) {
  WorkCount work;
  work.served = k_bge_large;
  work.texts = 9, work.unique_texts = 5, work.cached = 7;  // more than there are: another run filled the cache
  price_work(work, default_prices(), {});
  EXPECT_EQ(work.requests, 0u);
  EXPECT_EQ(work.cost, 0);
  EXPECT_EQ(work.seconds, 0.0);
}

TEST(Work, OfAServiceWithoutAPriceIsNotFree) {
  auto const work = assumed_work({"hf", "somebody/some-model"}, 10, plan_prices(), {});
  EXPECT_FALSE(work.priced);
  EXPECT_FALSE(work.seconds);
  auto const text = estimate_text(estimated(work.served, 10, plan_prices()));
  EXPECT_THAT(text, HasSubstr("no price is known"));
}

TEST(Work, OnThisMachineTakesTimeButNoMoney) {
  auto const work = assumed_work(k_local, 3'143, default_prices(), {});
  EXPECT_TRUE(work.priced);
  EXPECT_EQ(work.cost, 0);
  EXPECT_EQ(work.texts, 12'572u);
  EXPECT_NEAR(work.seconds.value(), 37.716, 1e-9);  // 0.003 s each
}

TEST(Scales, AreThePlansAndTheNumberAskedFor) {
  EXPECT_EQ(scale_sizes(3'143), (std::vector<std::uint64_t>{3'143, 10'000, 100'000}));
  EXPECT_EQ(scale_sizes(10'000), (std::vector<std::uint64_t>{10'000, 100'000}));
  EXPECT_EQ(scale_sizes(0), (std::vector<std::uint64_t>{10'000, 100'000}));
  EXPECT_EQ(scale_sizes(1'180'000).back(), 1'180'000u);
}

TEST(Scales, OfEmbeddingsFollowTheTable) {
  auto const scales = estimated(k_bge_large, 3'143, default_prices()).embeddings;
  ASSERT_EQ(scales.size(), 3u);
  EXPECT_EQ(scales[1].backfill, 720'000'000'000);  // 40,000 x 0.15 s x $0.00012
  EXPECT_EQ(scales[1].month, 72'000'000'000);
  EXPECT_EQ(scales[1].year, 864'000'000'000);
  EXPECT_DOUBLE_EQ(scales[1].seconds.value(), (6000.0 + 125) / 4);
}

TEST(SelfHosting, PaysFromTheBreakEvenOn) {
  auto const own = estimated(k_local, 3'143, default_prices()).own;
  EXPECT_DOUBLE_EQ(own.seconds_per_profile.value(), 0.125);  // 4 x 5 ms, 2 x 50 ms, 5 ms
  EXPECT_EQ(own.per_profile, 26'041'666);                    // x $0.75 / 3600
  EXPECT_DOUBLE_EQ(own.capacity.value(), 730 * 3600 / 0.125);
  EXPECT_EQ(own.always_on_month, 547'500'000'000'000);
  EXPECT_EQ(own.starts_month, 1'875'000'000'000);
  ASSERT_EQ(own.break_evens.size(), 4u);
  auto const& mini = own.break_evens[0];
  EXPECT_EQ(mini.hosted, "strategy-minilm at strategy-2026-02");
  EXPECT_EQ(mini.flat, 42'554u);                // 20 / 0.00047 = 42,553.2
  EXPECT_EQ(mini.always_on, 1'164'894u);        // 547.5 / 0.00047 = 1,164,893.6
  EXPECT_EQ(mini.on_demand, 4'224u);            // 1.875 / (0.00047 - 0.000026041666) = 4,223.4
  EXPECT_EQ(own.break_evens[1].flat, 24'097u);  // 20 / 0.00083 = 24,096.4
}

TEST(SelfHosting, SaysWhatIsNotKnown) {
  EstimateOptions options;
  options.instance = "l4";
  auto const own = estimated(k_local, 10, default_prices(), options).own;
  EXPECT_FALSE(own.seconds_per_profile);
  EXPECT_FALSE(own.break_evens[0].flat);
  EXPECT_FALSE(own.break_evens[0].on_demand);
  EXPECT_EQ(own.break_evens[0].always_on, 1'242'554u);  // 584 / 0.00047 = 1,242,553.2
}

TEST(SelfHosting, NeverPaysAgainstWhatIsCheaperThanItsHours) {
  inference::Instance instance;
  instance.per_hour = 36 * k_usd;  // a cent a second
  instance.embed_seconds = 0.1, instance.zero_shot_seconds = 0.2, instance.ner_seconds = 0.2;
  auto const own = self_hosting(instance, {{"cheap", 5'000'000'000, {}, {}, {}}, {"free", 0, {}, {}, {}}});
  EXPECT_EQ(own.per_profile, 10'000'000'000);
  EXPECT_FALSE(own.break_evens[0].on_demand);
  EXPECT_TRUE(own.break_evens[0].always_on);
  EXPECT_FALSE(own.break_evens[1].always_on);
}

Trigger trigger(std::size_t at, Circumstances const& now, inference::PriceTable const& table = default_prices()) {
  return triggers(now, table, 7)[at];
}

TEST(Triggers, AreTheFourOfThePlan) {
  EXPECT_EQ(trigger(0, {.profiles_per_month = 50'000}).holds, Holds::no);
  EXPECT_EQ(trigger(0, {.profiles_per_month = 50'001}).holds, Holds::yes);
  EXPECT_EQ(trigger(1, {}).holds, Holds::no);
  EXPECT_EQ(trigger(1, {.have_gpu = true}).holds, Holds::yes);
  EXPECT_EQ(trigger(2, {}).holds, Holds::no);
  EXPECT_EQ(trigger(2, {.latency_ms = 10}).holds, Holds::no);
  EXPECT_EQ(trigger(2, {.latency_ms = 9.5}).holds, Holds::yes);
  EXPECT_EQ(trigger(3, {}).holds, Holds::unknown);
  EXPECT_EQ(trigger(3, {.usage_known = true}).holds, Holds::no);
  EXPECT_EQ(trigger(3, {.rate_limited = true}).holds, Holds::yes);
  EXPECT_EQ(trigger(3, {.recent_rate_limits = 2, .usage_known = true}).holds, Holds::yes);
}

TEST(Triggers, HoldLimitsAgainstTheWidestAccount) {
  // 7 calls a profile, 30 days: 85,714 x 7 / 30 = 19,999.9 a day.
  EXPECT_EQ(trigger(3, {.profiles_per_month = 85'714}, plan_prices()).holds, Holds::no);
  auto const bites = trigger(3, {.profiles_per_month = 85'719}, plan_prices());
  EXPECT_EQ(bites.holds, Holds::yes);
  EXPECT_EQ(bites.reason, "20002 calls a day, Pro allows 20000");
}

TEST(Triggers, OneIsEnough) {
  EXPECT_FALSE(estimated(k_local, 3'143, default_prices()).self_host());
  EXPECT_FALSE(estimated(k_local, 500'000, default_prices()).self_host());
  EXPECT_TRUE(estimated(k_local, 500'001, default_prices()).self_host());  // 10 % a month, rounded up
  EstimateOptions options;
  options.have_gpu = true;
  EXPECT_TRUE(estimated(k_local, 1, default_prices(), options).self_host());
}

TEST(EstimateOptions, AreRefusedWhereTheyMakeNoSense) {
  auto const refused = [](std::string const& part, auto const& change) {
    EstimateOptions options;
    change(options);
    expect_error(Kind::usage, part, [&] { options.validate(); });
  };
  EXPECT_NO_THROW(EstimateOptions().validate());
  refused("--profiles takes 1", [](auto& options) { options.profiles = 0; });
  refused("--profiles takes 1", [](auto& options) { options.profiles = 1'000'000'001; });
  refused("--profiles counts nothing", [](auto& options) {
    options.profiles = 1;
    options.batch.force = true;
  });
  refused("--texts-per-profile",
          [](auto& options) { options.assumptions.texts_per_profile = std::numeric_limits<double>::quiet_NaN(); });
  refused("--tokens-per-text", [](auto& options) { options.assumptions.tokens_per_text = 1e9; });
  refused("--requests-at-once", [](auto& options) { options.assumptions.requests_at_once = 0; });
  refused("--changed-percent", [](auto& options) { options.assumptions.changed_percent = 101; });
  refused("--latency-ms", [](auto& options) { options.latency_ms = std::numeric_limits<double>::quiet_NaN(); });
  EstimateOptions options;
  options.instance = "toaster";
  expect_error(Kind::configuration, "there is no instance 'toaster'",
               [&] { (void)estimated(k_local, 1, default_prices(), options); });
}

TEST(EstimateReport, ShowsThePlansFigures) {
  auto const text = estimate_text(estimated(k_bge_large, 3'143, default_prices()));
  for (auto const* part : {"$0.00047", "$0.00083", "$1.48", "$0.15", "$1.80", "$4.70", "$0.47", "$5.64", "$47.00",
                           "$56.40", "42554", "None holds", "Taken for granted: 4 texts a profile, 23.3 tokens"})
    EXPECT_THAT(text, HasSubstr(part));
}

TEST(EstimateReport, CannotDriveATerminal) {
  auto table = default_prices();
  table.name = "a\x1b[2J";
  table.source = "b\nc";
  EXPECT_THAT(estimate_text(estimated(k_local, 1, table)), ::testing::Not(HasSubstr("\x1b")));
}

TEST(EstimateReport, IsOneObject) {
  auto const document = json::parse(estimate_json(estimated(k_bge_large, 3'143, default_prices())));
  auto const root = json::Ref(document, "estimate");
  EXPECT_EQ(root["command"].string(), "estimate");
  EXPECT_EQ(root["work"]["texts"].integer(), 12'572);
  EXPECT_DOUBLE_EQ(root["enrichment"][0]["usd_per_profile"].number(), 0.00047);
  EXPECT_DOUBLE_EQ(root["enrichment"][0]["scales"][0]["usd_year"].number(), 1.80);
  EXPECT_EQ(root["self_hosting"]["break_even"][0]["flat"].integer(), 42'554);
  EXPECT_EQ(root["triggers"].items().size(), 4u);
  EXPECT_FALSE(root["self_host"].boolean());
}

/// A number of profiles nobody has must not wrap into a small sum of money.
TEST(EstimateReport, SaturatesWhereSumsDo) {
  EstimateOptions options;
  options.assumptions.texts_per_profile = 100;
  auto const result = estimated(k_bge_large, 1'000'000'000, plan_prices(), options);
  EXPECT_EQ(result.work.cost, k_most);
  EXPECT_FALSE(estimate_text(result).empty());
}

}  // namespace
}  // namespace jvmm::commands
