// Embedding through services: what comes back, what is paid, what is asked twice.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "inference/remote/service.hpp"
#include "inference/remote_world.hpp"
#include "math/vector.hpp"
#include "support/expect_error.hpp"

namespace jvmm::test {
namespace {

using inference::Embedder;
using ::testing::HasSubstr;
using testing::InferenceStub;
using testing::StubKind;

constexpr StubKind k_kinds[]{StubKind::hf, StubKind::tei, StubKind::openai, StubKind::toolkit};

void expect_vectors(std::vector<Result<inference::Embedding>> const& got, std::vector<std::string> const& texts,
                    std::string const& backend) {
  ASSERT_EQ(got.size(), texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    ASSERT_TRUE(got[i]) << got[i].error().what();
    auto const expected = testing::stub_vector(k_stub_model, texts[i], k_stub_dims);
    ASSERT_EQ(got[i]->vector.size(), expected.size());
    EXPECT_GE(math::cosine(got[i]->vector, expected), 0.999999f) << texts[i];
    EXPECT_EQ(got[i]->backend, backend);
  }
}

TEST(RemoteEmbedding, GivesTheServicesVectorsInTheOrderOfTheTexts) {
  for (auto const kind : k_kinds) {
    SCOPED_TRACE(testing::name(kind));
    RemoteWorld world;
    InferenceStub stub(RemoteWorld::stub_options(kind));
    auto const spec = world.spec(stub, kind);
    auto const embedder = inference::open_embedder(spec, world.context());
    auto const texts = numbered_texts(150);
    expect_vectors(embedder->embed(views(texts)), texts, spec);
  }
}

TEST(RemoteEmbedding, AsksForEachTextOnceWhateverComesTwice) {
  RemoteWorld world;
  InferenceStub stub(RemoteWorld::stub_options(StubKind::openai));
  auto const spec = world.spec(stub, StubKind::openai);
  auto texts = numbered_texts(100);
  {
    auto const embedder = inference::open_embedder(spec, world.context());
    auto twice = texts;
    twice.insert(twice.end(), texts.begin(), texts.end());
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&] { expect_vectors(embedder->embed(views(twice)), twice, spec); });
    for (auto& thread : threads)
      thread.join();
  }
  world.restart();
  auto const again = inference::open_embedder(spec, world.context());
  expect_vectors(again->embed(views(texts)), texts, spec);
  for (auto const& [text, times] : stub.computed_texts())
    EXPECT_EQ(times, 1u) << text;
}

TEST(RemoteEmbedding, ABadTextCostsItselfAndNoOther) {
  for (auto const kind : k_kinds) {
    SCOPED_TRACE(testing::name(kind));
    RemoteWorld world;
    auto options = RemoteWorld::stub_options(kind);
    options.faults = {testing::parse_fault_rule(kind == StubKind::toolkit ? "400,text=poison" : "422,text=poison")};
    InferenceStub stub(options);
    auto texts = numbered_texts(64);
    texts[20] = "this is poison";
    texts[41] = "poison too";
    auto const spec = world.spec(stub, kind);
    auto const embedder = inference::open_embedder(spec, world.context());
    auto const got = embedder->embed(views(texts));
    for (std::size_t i = 0; i < texts.size(); ++i) {
      EXPECT_EQ(static_cast<bool>(got[i]), i != 20 && i != 41) << i;
      EXPECT_TRUE(got[i] || got[i].error().kind() == Kind::bad_input) << got[i].error().what();
    }
  }
}

TEST(RemoteEmbedding, FallsBackToTheSameModelElsewhere) {
  RemoteWorld world;
  auto down = RemoteWorld::stub_options(StubKind::tei);
  down.faults = {testing::parse_fault_rule("502")};
  InferenceStub first(down), second(RemoteWorld::stub_options(StubKind::openai));
  auto const spec = world.spec(second, StubKind::openai);
  auto const embedder = inference::open_embedder(world.spec(first, StubKind::tei) + "," + spec, world.context());
  auto const texts = numbered_texts(50);
  expect_vectors(embedder->embed(views(texts)), texts, spec);
  EXPECT_THAT(world.log_text(), HasSubstr("going on with openai:"));
}

TEST(RemoteEmbedding, RefusesTheOnlyModelOfAServiceUnderAnotherName) {
  RemoteWorld world;
  InferenceStub stub(RemoteWorld::stub_options(StubKind::openai));
  testing::expect_error(Kind::configuration, "has model acme/tiny, not acme/small", [&] {
    std::string_view const text[]{"x"};
    (void)inference::open_embedder("openai:" + stub.url() + "#acme/small", world.context())->embed(text);
  });
  EXPECT_EQ(stub.requests(), 0u) << "a service that takes any name would have answered";
}

TEST(RemoteEmbedding, NamesAModelAsItsServiceDoes) {
  RemoteWorld world;
  auto options = RemoteWorld::stub_options(StubKind::openai);
  options.models = {{.id = "sentence-transformers/all-MiniLM-L6-v2", .dims = 384}, {.id = "acme/tiny:latest"}};
  InferenceStub stub(options);
  auto const named = [&](std::string const& model) {
    auto const spec = inference::BackendSpec::parse("openai:" + stub.url() + "#" + model);
    return inference::look_at_service(world.remote(), spec, inference::Task::embed).model;
  };
  EXPECT_EQ(named("all-MiniLM-L6-v2"), "sentence-transformers/all-MiniLM-L6-v2");
  EXPECT_EQ(named("acme/tiny"), "acme/tiny:latest");
  EXPECT_EQ(named("acme/unlisted"), "acme/unlisted") << "one of several: the service says itself what it lacks";
}

TEST(RemoteEmbedding, SaysWhatEndedTheRoute) {
  struct Case {
    char const* fault;
    Kind kind;
    bool thrown;
  };
  Case const cases[]{{"401", Kind::refused, true},          {"402", Kind::budget_spent, false},
                     {"403", Kind::refused, true},          {"404", Kind::configuration, true},
                     {"502", Kind::unavailable, false},     {"429,hint=seconds,wait=60", Kind::rate_limited, false},
                     {"wrong_dims", Kind::bad_answer, true}};
  for (auto const& c : cases) {
    SCOPED_TRACE(c.fault);
    RemoteWorld world;
    world.options.retry_budget = std::chrono::milliseconds(300);
    auto options = RemoteWorld::stub_options(StubKind::tei);
    options.faults = {testing::parse_fault_rule(c.fault)};
    InferenceStub stub(options);
    // The width is known, as it is of every model by name.
    auto open = [&] {
      InferenceStub sound(RemoteWorld::stub_options(StubKind::tei));
      return inference::open_embedder(world.spec(stub, StubKind::tei), world.context());
    };
    auto const texts = numbered_texts(3);
    try {
      auto const embedder = open();
      auto const got = embedder->embed(views(texts));
      EXPECT_FALSE(c.thrown);
      for (auto const& result : got) {
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().kind(), c.kind) << result.error().what();
      }
    } catch (Error const& error) {
      EXPECT_EQ(error.kind(), c.kind) << error.what();
    }
  }
}

TEST(RemoteEmbedding, WhatIsMeteredEqualsTheBill) {
  for (auto const kind : k_kinds) {
    SCOPED_TRACE(testing::name(kind));
    RemoteWorld world;
    auto options = RemoteWorld::stub_options(kind);
    options.faults = {testing::parse_fault_rule("429,hint=seconds,wait=0.05,p=0.2,seed=3"),
                      testing::parse_fault_rule("503,p=0.1,seed=4,times=3")};
    InferenceStub stub(options);
    auto const spec = world.spec(stub, kind);
    auto const embedder = inference::open_embedder(spec, world.context());
    auto const texts = numbered_texts(400);
    (void)embedder->embed(views(texts));
    auto const bill = stub.bill().total();
    auto const usage = world.remote().store().usage();
    ASSERT_EQ(usage.size(), 1u);
    EXPECT_EQ(usage[0].metered.requests, bill.requests);
    EXPECT_EQ(usage[0].metered.inputs, bill.inputs);
    EXPECT_EQ(usage[0].metered.input_tokens, bill.input_tokens);
    EXPECT_EQ(usage[0].metered.compute_microseconds, bill.compute_microseconds);
    EXPECT_EQ(usage[0].cost, bill.cost);
    EXPECT_EQ(usage[0].in_doubt, 0);
    EXPECT_EQ(world.remote().budget().spent(), bill.cost);
  }
}

TEST(RemoteEmbedding, ABudgetEndsItBeforeItIsExceededAndWhatCameIsKept) {
  RemoteWorld world;
  world.options.max_requests = 3;
  InferenceStub stub(RemoteWorld::stub_options(StubKind::tei));
  auto const spec = world.spec(stub, StubKind::tei);
  auto const texts = numbered_texts(320);
  std::size_t first = 0;
  {
    auto const embedder = inference::open_embedder(spec, world.context());
    for (auto const& result : embedder->embed(views(texts)))
      first += static_cast<bool>(result);
  }
  EXPECT_EQ(stub.bill().total().requests, 3u);
  EXPECT_EQ(world.stop.reason(), StopReason::request_budget);
  EXPECT_GT(first, 0u);
  world.options.max_requests.reset();
  world.restart();
  auto const embedder = inference::open_embedder(spec, world.context());
  expect_vectors(embedder->embed(views(texts)), texts, spec);
  EXPECT_EQ(stub.bill().max_times_computed, 1u);
}

TEST(RemoteEmbedding, RefusesABudgetInMoneyWithoutAPrice) {
  RemoteWorld world;
  world.options.max_cost = 1'000'000;
  world.options.prices.entries.clear();
  InferenceStub stub(RemoteWorld::stub_options(StubKind::tei));
  testing::expect_error(Kind::configuration, "no price for embed",
                        [&] { (void)inference::open_embedder(world.spec(stub, StubKind::tei), world.context()); });
}

TEST(RemoteEmbedding, RefusesAServiceThatPoolsOtherwise) {
  RemoteWorld world;
  auto options = RemoteWorld::stub_options(StubKind::tei);
  testing::StubModel model;
  model.id = "sentence-transformers/all-MiniLM-L6-v2";
  model.pooling = "cls";
  model.dims = 384;
  options.models = {model};
  options.default_model = model.id;
  InferenceStub stub(options);
  auto const embedder = inference::open_embedder("tei:" + stub.url() + "#" + model.id, world.context());
  auto const texts = numbered_texts(1);
  testing::expect_error(Kind::configuration, "pools", [&] { (void)embedder->embed(views(texts)); });
}

TEST(RemoteEmbedding, NoTokenIsInAnyErrorOrLog) {
  RemoteWorld world;
  world.options.tei_token = Secret("tei-secret-token");
  auto options = RemoteWorld::stub_options(StubKind::tei);
  options.token = "another";
  InferenceStub stub(options);
  try {
    auto const embedder = inference::open_embedder(world.spec(stub, StubKind::tei), world.context());
    (void)embedder->embed(views(numbered_texts(1)));
    FAIL();
  } catch (Error const& error) {
    EXPECT_EQ(error.kind(), Kind::refused) << error.what();
    EXPECT_EQ(std::string(error.what()).find("secret"), std::string::npos);
  }
  EXPECT_EQ(world.log_text().find("secret"), std::string::npos);
}

}  // namespace
}  // namespace jvmm::test
