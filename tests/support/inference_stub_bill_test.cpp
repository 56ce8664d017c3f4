#include "support/inference_stub_bill.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "json/parse.hpp"
#include "support/inference_stub.hpp"
#include "support/raw_http.hpp"

namespace jvmm::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;
using ::testing::SizeIs;

constexpr std::string_view k_embed_path = "/hf-inference/models/m/m/pipeline/feature-extraction";

TEST(StubBill, RoundsHalfAPicoDollarUp) {
  StubPrice const price{.per_compute_second = 1};
  EXPECT_EQ(stub_cost(price, {.compute_microseconds = 499'999}), 0);
  EXPECT_EQ(stub_cost(price, {.compute_microseconds = 500'000}), 1);
  EXPECT_EQ(stub_cost(price, {.compute_microseconds = 1'499'999}), 1);
}

TEST(StubBill, IsExactWhereProductsExceed64Bits) {
  // A hundred seconds and a microsecond at $10,000 a second: the product is 1e24.
  EXPECT_EQ(stub_cost({.per_compute_second = 10'000'000'000'000'000}, {.compute_microseconds = 100'000'001}),
            1'000'000'010'000'000'000);
}

TEST(StubBill, AddsUpAllPrices) {
  StubPrice const price{
      .per_request = 1000, .per_input = 100, .per_input_token = 10, .per_output_token = 3, .per_compute_second = 2};
  EXPECT_EQ(
      stub_cost(price,
                {.requests = 2, .inputs = 3, .input_tokens = 5, .output_tokens = 7, .compute_microseconds = 500'000}),
      2000 + 300 + 50 + 21 + 1);
}

TEST(StubBill, CountsByModelAndTask) {
  StubOptions options;
  options.price = {.per_request = 7, .per_input = 5, .per_input_token = 3, .per_compute_second = 1'000'000};
  options.compute_per_input = std::chrono::microseconds(1500);
  InferenceStub const stub(options);
  RawHttp client(stub.url());
  client.post(k_embed_path, R"({"inputs":["a","bcdef"]})");
  client.post(k_embed_path, R"({"inputs":["a"]})");
  client.post("/hf-inference/models/x/mnli", R"({"inputs":"t","parameters":{"candidate_labels":["u","v"]}})");
  client.post(k_embed_path, R"({"wrong":1})");
  auto const bill = stub.bill();
  auto const embed = bill.metered.at({"m/m", StubTask::embed});
  EXPECT_EQ(embed, (StubMeter{2, 3, 3 + 4 + 3, 0, 4500, 2 * 7 + 3 * 5 + 10 * 3 + 4500}));
  auto const zero_shot = bill.metered.at({"x/mnli", StubTask::zero_shot});
  EXPECT_EQ(zero_shot.inputs, 1U);
  EXPECT_EQ(zero_shot.compute_microseconds, 3000U);  // a pass per label
  EXPECT_EQ(zero_shot.input_tokens, 2 * (stub_tokens("t") + stub_tokens("This example is u.")));
  EXPECT_THAT(bill.requests_by_status, ElementsAre(Pair(200, 3), Pair(422, 1)));
  EXPECT_EQ(bill.requests_by_path.at(std::string(k_embed_path)), 3U);
  EXPECT_EQ(bill.total().requests, 3U);
}

TEST(StubBill, KnowsWhatWasComputedTwice) {
  StubOptions options;
  options.faults = {parse_fault_rule("reset_after_reading,at=1"), parse_fault_rule("503,at=2")};
  InferenceStub const stub(options);
  RawHttp(stub.url()).post(k_embed_path, R"({"inputs":["a","b"]})");  // computed, lost
  RawHttp(stub.url()).post(k_embed_path, R"({"inputs":["a","b"]})");  // not computed
  RawHttp(stub.url()).post(k_embed_path, R"({"inputs":["a"]})");
  EXPECT_EQ(stub.times_computed("a"), 2U);
  EXPECT_EQ(stub.times_computed("b"), 1U);
  EXPECT_EQ(stub.times_computed("c"), 0U);
  EXPECT_THAT(stub.computed_texts(), ElementsAre(Pair("a", 2), Pair("b", 1)));
  auto const bill = stub.bill();
  EXPECT_EQ(bill.distinct_texts, 2U);
  EXPECT_EQ(bill.computed_texts, 3U);
  EXPECT_EQ(bill.max_times_computed, 2U);
  EXPECT_THAT(bill.faults, ElementsAre(Pair("503", 1), Pair("reset_after_reading", 1)));
}

TEST(StubBill, AModelMayHaveAPriceOfItsOwn) {
  StubOptions options;
  options.models = {{.id = "m/m", .price = StubPrice{.per_request = 2}}};
  options.price = {.per_request = 1};
  InferenceStub const stub(options);
  RawHttp(stub.url()).post(k_embed_path, R"({"inputs":["a"]})");
  EXPECT_EQ(stub.bill().total().cost, 2);
}

TEST(StubBill, CountsTheRequestsThatAreInFlight) {
  StubOptions options;
  options.latency = std::chrono::hours(1);
  InferenceStub const stub(options);
  {
    RawHttp one(stub.url());
    RawHttp two(stub.url());
    one.send(raw_post(k_embed_path, R"({"inputs":["a"]})"));
    two.send(raw_post(k_embed_path, R"({"inputs":["b"]})"));
    while (stub.in_flight() < 2)
      std::this_thread::yield();
  }
  while (stub.in_flight() > 0)
    std::this_thread::yield();
  EXPECT_EQ(stub.bill().max_in_flight, 2U);
  EXPECT_EQ(stub.bill().total().requests, 2U);  // the work was done
}

TEST(StubBill, BeginsAnew) {
  InferenceStub stub;
  RawHttp client(stub.url());
  client.post(k_embed_path, R"({"inputs":["a"]})");
  while (stub.in_flight() > 0)
    std::this_thread::yield();
  stub.reset_bill();
  EXPECT_EQ(stub.bill().total(), StubMeter());
  EXPECT_EQ(stub.times_computed("a"), 0U);
  client.post(k_embed_path, R"({"inputs":["a"]})");
  EXPECT_EQ(stub.bill().max_times_computed, 1U);
}

TEST(StubBill, IsThereToBeFetchedAndDoesNotCountThat) {
  InferenceStub const stub;
  RawHttp client(stub.url());
  client.post(k_embed_path, R"({"inputs":["a"]})");
  auto const bill = json::parse(client.get("/stub/bill").body);
  EXPECT_EQ(bill.find("total")->find("inputs")->get_if<std::int64_t>()[0], 1);
  EXPECT_EQ(*bill.find("in_flight"), json::Value(0));
  EXPECT_THAT(stub.bill().requests_by_path, SizeIs(1));
}

}  // namespace
}  // namespace jvmm::testing
