#include "inference/prices.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <random>

#include "json/parse.hpp"
#include "json/ref.hpp"
#include "json/schema.hpp"
#include "json/writer.hpp"
#include "support/expect_error.hpp"
#include "support/temp_dir.hpp"
#include "support/test_seed.hpp"

namespace jvmm::inference {
namespace {

using jvmm::testing::expect_error;
using jvmm::testing::TempDir;

constexpr auto k_most = std::numeric_limits<std::int64_t>::max();
constexpr auto k_most_count = std::numeric_limits<std::uint64_t>::max();

PriceTable const& shipped(std::string_view name) {
  for (auto const& table : price_tables())
    if (table.name == name) return table;
  throw std::runtime_error("no such table");
}

TEST(Price, AddsUpWhatWasMetered) {
  Price const price{.per_request = 7, .per_input = 11, .per_input_token = 13, .per_output_token = 17};
  EXPECT_EQ(price.cost({.requests = 2, .inputs = 3, .input_tokens = 5, .output_tokens = 1}), 14 + 33 + 65 + 17);
  EXPECT_EQ(price.cost({}), 0);
  EXPECT_EQ(Price{}.cost({.requests = 9, .compute_microseconds = k_most_count}), 0);
}

TEST(Price, RoundsPartsOfASecondHalfUp) {
  Price const price{.per_compute_second = 120'000'001};  // 120.000001 pico-dollars a microsecond
  EXPECT_EQ(price.cost({.compute_microseconds = 1}), 120);
  EXPECT_EQ(price.cost({.compute_microseconds = 499'999}), 59'999'880);
  EXPECT_EQ(price.cost({.compute_microseconds = 500'000}), 60'000'001);
  EXPECT_EQ(price.cost({.compute_microseconds = 10'000'000}), 1'200'000'010);
}

TEST(Price, SaturatesInsteadOfOverflowing) {
  Price const price{.per_request = 3, .per_input = k_most, .per_input_token = 1, .per_compute_second = k_most};
  EXPECT_EQ(price.cost({.requests = k_most_count}), k_most);
  EXPECT_EQ(price.cost({.inputs = 1}), k_most);
  EXPECT_EQ(price.cost({.requests = 1, .inputs = 1}), k_most);
  EXPECT_EQ(price.cost({.inputs = 2}), k_most);
  EXPECT_EQ(price.cost({.input_tokens = k_most_count}), k_most);
  EXPECT_EQ(price.cost({.compute_microseconds = k_most_count}), k_most);
  EXPECT_EQ(price.cost({.compute_microseconds = 1'000'000}), k_most);
  EXPECT_EQ(price.cost({.compute_microseconds = 999'999}), 9'223'362'813'482'738'952);  // below it by one millionth
}

TEST(Price, OfPartsDiffersFromTheWholesByRoundingOnly) {
  std::mt19937_64 random(jvmm::test::test_seed());
  std::uniform_int_distribution<std::uint64_t> count(0, 1'000'000);
  std::uniform_int_distribution<PicoUsd> pico(0, 1'000'000'000);
  auto const metered = [&] {
    return Metered{count(random), count(random), count(random), count(random), count(random)};
  };
  for (int i = 0; i < 2000; ++i) {
    Price const price{pico(random), pico(random), pico(random), pico(random), pico(random), 0};
    auto const a = metered(), b = metered();
    auto whole = a;
    whole += b;
    EXPECT_LE(std::abs(price.cost(a) + price.cost(b) - price.cost(whole)), 1);
  }
}

TEST(Metered, SaturatesInsteadOfWrapping) {
  Metered sum{.requests = k_most_count - 1, .compute_microseconds = k_most_count};
  sum += {.requests = 1, .inputs = 4, .compute_microseconds = 1};
  EXPECT_EQ(sum, (Metered{.requests = k_most_count, .inputs = 4, .compute_microseconds = k_most_count}));
  sum += {.requests = 1};
  EXPECT_EQ(sum.requests, k_most_count);
}

TEST(MicroUsd, RoundsHalfUpOnce) {
  EXPECT_EQ(micro_usd(0), 0);
  EXPECT_EQ(micro_usd(499'999), 0);
  EXPECT_EQ(micro_usd(500'000), 1);
  EXPECT_EQ(micro_usd(1'499'999), 1);
  EXPECT_EQ(micro_usd(-500'000), 0);
  EXPECT_EQ(micro_usd(-500'001), -1);
  EXPECT_EQ(micro_usd(k_most), 9'223'372'036'855);
  EXPECT_EQ(micro_usd(std::numeric_limits<PicoUsd>::min()), -9'223'372'036'855);
}

TEST(PriceTables, HaveThePlansDollarsACall) {
  auto const& plan = shipped("strategy-2026-02");
  auto const micro = [&](std::string_view model, Task task) {
    return micro_usd(plan.find("hf", model, task).value().cost({.requests = 1, .inputs = 1}));
  };
  EXPECT_EQ(micro("BAAI/bge-large-en-v1.5", Task::embed), 150);
  EXPECT_EQ(micro("sentence-transformers/all-MiniLM-L6-v2", Task::embed), 60);
  EXPECT_EQ(micro("MoritzLaurer/DeBERTa-v3-large-mnli-fever-anli-ling-wanli", Task::zero_shot), 100);
  EXPECT_EQ(micro("MoritzLaurer/DeBERTa-v3-base-mnli-fever-anli", Task::zero_shot), 80);
  EXPECT_EQ(micro("dslim/bert-base-NER", Task::ner), 50);
  EXPECT_FALSE(plan.find("hf", "BAAI/bge-large-en-v1.5", Task::ner));
  EXPECT_FALSE(plan.find("hf", "facebook/bart-large-cnn", Task::summarise));
  ASSERT_EQ(plan.allowances.size(), 2u);
  EXPECT_EQ(plan.allowances[0].requests_per_day, 1000u);
  EXPECT_EQ(plan.allowances[1].per_month, 9'000'000'000'000);
}

TEST(PriceTables, CountSecondsByDefault) {
  EXPECT_EQ(price_tables().front().name, k_default_price_table);
  auto const& table = shipped(k_default_price_table);
  auto const bart = table.find("hf", "facebook/bart-large-mnli", Task::zero_shot).value();
  EXPECT_DOUBLE_EQ(bart.seconds_per_input, 0.16);
  EXPECT_EQ(bart.cost({.requests = 5, .inputs = 5, .compute_microseconds = 10'000'000}), 1'200'000'000);  // $0.0012
  EXPECT_TRUE(table.find("hf", "somebody/some-model", Task::embed));
  EXPECT_FALSE(table.find("hf", "meta-llama/Llama-3.1-8B-Instruct", Task::chat));  // billed by its provider
}

TEST(PriceTables, CountTokensOfProviders) {
  auto const& table = shipped("providers-2026-08");
  for (auto const* backend : {"hf", "openai"})
    EXPECT_EQ(table.find(backend, "BAAI/bge-large-en-v1.5", Task::embed).value().cost({.input_tokens = 1'000'000}),
              10'000'000'000);
  EXPECT_EQ(table.find("hf", "BAAI/bge-base-en-v1.5", Task::embed).value().per_input_token, 5'000);
  EXPECT_FALSE(table.find("hf", "BAAI/bge-small-en-v1.5", Task::embed));
}

TEST(PriceTables, TakeNothingForWhatIsOnesOwn) {
  Metered const much{1000, 1000, 1000, 1000, 1000};
  for (auto const& table : price_tables())
    for (auto const* backend : {"tei", "openai", "toolkit", "local", "rules"}) {
      auto const price = table.find(backend, "all-MiniLM-L6-v2", Task::embed);
      ASSERT_TRUE(price) << table.name << ' ' << backend;
      EXPECT_EQ(price->cost(much), 0) << table.name << ' ' << backend;
    }
}

TEST(PriceTables, SayWhenAndWhere) {
  for (auto const& table : price_tables()) {
    EXPECT_EQ(table.date.size(), 10u) << table.name;
    EXPECT_FALSE(table.source.empty()) << table.name;
  }
  for (auto const& instance : instances()) {
    EXPECT_EQ(instance.date.size(), 10u) << instance.name;
    EXPECT_FALSE(instance.source.empty()) << instance.name;
    EXPECT_GT(instance.per_hour, 0) << instance.name;
  }
}

/// What a user's file may be is what the shipped tables are.
TEST(PriceTables, FitTheSchemaOfAUsersFile) {
  std::ifstream file(std::filesystem::path(JVMM_SOURCE_DIR) / "docs/schemas/prices.json");
  json::Schema const schema(std::string(std::istreambuf_iterator<char>(file), {}));
  auto const document = json::parse(prices_json());
  auto const root = json::Ref(document, "prices.json");
  for (auto const& table : root["tables"].items()) {
    auto const violations = schema.check(json::to_text(table.value()));
    EXPECT_TRUE(violations.empty()) << violations.front().path << ": " << violations.front().message;
  }
  auto own = root["tables"][0].value();
  own.get_if<json::Object>()->push_back({"instances", root["instances"].value()});
  EXPECT_TRUE(schema.check(json::to_text(own)).empty());
}

TEST(Instances, AreFoundByName) {
  auto const& table = price_tables().front();
  auto const& gpu = find_instance(table, "plan-gpu");
  EXPECT_EQ(gpu.per_hour, 750'000'000'000);
  EXPECT_EQ(gpu.per_month, 20'000'000'000'000);
  EXPECT_TRUE(gpu.gpu);
  EXPECT_EQ(find_instance(table, "aws-cpu-x2").per_hour, 67'000'000'000);
  EXPECT_FALSE(find_instance(table, "aws-cpu-x2").per_month);
  expect_error(Kind::configuration, "there is no instance 'b200'; there are plan-gpu, aws-cpu-x1",
               [&] { (void)find_instance(table, "b200"); });
}

class PriceFile : public ::testing::Test {
 protected:
  std::string write(std::string const& text) const { return m_dir.write("own.json", text).string(); }

  /// With one entry of a valid table replaced.
  std::string with_entry(std::string const& entry) const {
    return write(R"({"name": "own", "date": "2026-09-01", "source": "bill", "prices": [)" + entry + "]}");
  }
  void expect_bad(std::string const& entry, std::string const& part) const {
    expect_error(Kind::bad_input, part, [&] { (void)open_price_table(with_entry(entry)); });
  }

  TempDir m_dir;
};

TEST_F(PriceFile, IsReadInTheFormOfTheShippedOnes) {
  auto const table = open_price_table(write(R"({
    "name": "own", "date": "2026-09-01", "source": "bill",
    "prices": [
      {"backend": "openai", "model": "m:fast", "usd_per_million_output_tokens": 3},
      {"backend": "openai", "model": "m", "task": "chat", "usd_per_request": 0.5, "usd_per_million_input_tokens": 1e-6},
      {"backend": "*", "usd_per_input": 1}
    ],
    "instances": [{"name": "plan-gpu", "usd_per_hour": 0.1}]})"));
  EXPECT_EQ(table.find("openai", "m:fast", Task::chat)->per_output_token, 3'000'000);
  EXPECT_EQ(table.find("openai", "m:cheapest", Task::chat)->per_request, 500'000'000'000);
  EXPECT_EQ(table.find("openai", "m", Task::chat)->per_input_token, 1);
  EXPECT_EQ(table.find("openai", "m", Task::embed)->per_input, 1'000'000'000'000);  // the first that fits
  EXPECT_EQ(find_instance(table, "plan-gpu").per_hour, 100'000'000'000);            // the table's own first
  EXPECT_EQ(find_instance(table, "t4").per_hour, 500'000'000'000);
}

TEST_F(PriceFile, IsAskedForByPathAndAShippedOneByName) {
  EXPECT_EQ(open_price_table("strategy-2026-02").name, "strategy-2026-02");
  expect_error(Kind::configuration,
               "there is no price table 'strategy'; there are hf-inference-2026-08, strategy-2026-02",
               [] { (void)open_price_table("strategy"); });
  expect_error(Kind::configuration, "there is no price table ''", [] { (void)open_price_table(""); });
  expect_error(Kind::missing_input, "none.json: no such file", [] { (void)open_price_table("none.json"); });
}

TEST_F(PriceFile, IsRefusedWithThePlaceOfWhatIsWrong) {
  expect_bad(R"({})", "own.json: /prices/0/backend: missing");
  expect_bad(R"({"backend": ""})", "/prices/0/backend: expected a name");
  expect_bad(R"({"backend": 3})", "/prices/0/backend: expected string, found number");
  expect_bad(R"({"backend": "hf", "task": "zero-shot"})", "/prices/0/task: expected one of embed, zero_shot, ner");
  expect_bad(R"({"backend": "hf", "usd_per_input": "0.1"})", "/prices/0/usd_per_input: expected number, found string");
  expect_bad(R"({"backend": "hf", "usd_per_input": -1})", "/prices/0/usd_per_input: expected dollars from 0");
  expect_bad(R"({"backend": "hf", "usd_per_request": 1e300})", "/prices/0/usd_per_request: expected dollars from 0");
  expect_bad(R"({"backend": "hf", "usd_per_input": 1e-13})", "/prices/0/usd_per_input: expected 0 or at least");
  expect_bad(R"({"backend": "hf", "seconds_per_input": 1e6})", "/prices/0/seconds_per_input: expected seconds");
  expect_bad(R"({"backend": "hf", "usd_per_call": 1})", "/prices/0/usd_per_call: expected no such member");
  expect_bad("[]", "/prices/0: expected object");
}

TEST_F(PriceFile, IsRefusedAsAWhole) {
  auto const refused = [&](std::string const& text, std::string const& part) {
    expect_error(Kind::bad_input, part, [&] { (void)open_price_table(write(text)); });
  };
  refused("", "own.json");
  refused("[]", "own.json: /: expected object");
  refused("{\"name\": \"a\xff\"}", "own.json");
  refused(R"({"name": "own", "date": null, "source": "", "prices": []})", "/date: expected string, found null");
  refused(R"({"name": "own", "date": "", "source": ""})", "/prices: missing");
  refused(R"({"name": "own", "date": "", "source": "", "prices": {}})", "/prices: expected array");
  refused(
      R"({"name": "own", "date": "", "source": "", "prices": [], "allowances": [{"name": "a", "requests_per_day": -1}]})",
      "/allowances/0/requests_per_day: expected an integer from 0");
  refused(R"({"name": "own", "date": "", "source": "", "prices": [], "instances": [{"name": "a"}]})",
          "/instances/0/usd_per_hour: missing");
}

}  // namespace
}  // namespace jvmm::inference
