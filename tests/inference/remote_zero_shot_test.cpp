// Zero-shot through services: the same numbers from whatever says them, and what a label costs.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "inference/remote_world.hpp"

namespace jvmm::test {
namespace {

using inference::ZeroShotParameters;
using testing::InferenceStub;
using testing::StubKind;

testing::StubOptions stub_options(StubKind kind) {
  auto out = RemoteWorld::stub_options(kind);
  out.default_task = testing::StubTask::zero_shot;
  return out;
}

void expect_scores(std::vector<Result<inference::ZeroShotScores>> const& got, std::vector<std::string> const& texts,
                   ZeroShotParameters const& asked) {
  ASSERT_EQ(got.size(), texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    ASSERT_TRUE(got[i]) << got[i].error().what();
    auto const wanted =
        testing::stub_zero_shot(k_stub_model, texts[i], asked.labels, asked.hypothesis_template, asked.multi_label);
    ASSERT_EQ(got[i]->scores.size(), wanted.size());
    for (std::size_t l = 0; l < wanted.size(); ++l)
      EXPECT_NEAR(got[i]->scores[l], wanted[l], 1e-9) << texts[i] << " " << asked.labels[l];
  }
}

TEST(RemoteZeroShot, GivesTheSameNumbersFromPairsAsFromTexts) {
  std::vector<std::string> const many{"coaching", "software", "speaking", "a \"quoted\" label", "\u00E9tudes"};
  for (auto const kind : {StubKind::hf, StubKind::tei, StubKind::toolkit})
    for (bool const multi_label : {false, true})
      for (auto const& labels : {many, std::vector<std::string>{"coaching"}}) {
        SCOPED_TRACE(fmt::format("{} {} {}", testing::name(kind), multi_label, labels.size()));
        RemoteWorld world;
        InferenceStub stub(stub_options(kind));
        ZeroShotParameters const parameters{labels, "Here one offers {}, or so.", multi_label};
        auto const route = world.spec(stub, kind);
        auto const classifier = inference::open_zero_shot(route, parameters, world.context());
        auto const texts = numbered_texts(9);
        expect_scores(classifier->classify(views(texts)), texts, parameters);
      }
}

TEST(RemoteZeroShot, TakesAModelWithTwoClasses) {
  RemoteWorld world;
  auto options = stub_options(StubKind::tei);
  testing::StubModel model;
  model.id = k_stub_model;
  model.task = testing::StubTask::zero_shot;
  model.classes = {"entailment", "not_entailment"};
  options.models = {model};
  InferenceStub stub(options);
  ZeroShotParameters const parameters{{"coaching", "software"}, "This example is {}.", true};
  auto const spec = world.spec(stub, StubKind::tei);
  auto const texts = numbered_texts(3);
  expect_scores(inference::open_zero_shot(spec, parameters, world.context())->classify(views(texts)), texts,
                parameters);
}

TEST(RemoteZeroShot, AnEndpointIsAskedInTheWayOfItsEngine) {
  RemoteWorld world;
  InferenceStub stub(stub_options(StubKind::tei));
  ZeroShotParameters const parameters{{"coaching", "software"}};
  auto const spec = "endpoint:" + stub.url() + "#" + k_stub_model;
  auto const texts = numbered_texts(3);
  expect_scores(inference::open_zero_shot(spec, parameters, world.context())->classify(views(texts)), texts,
                parameters);
  EXPECT_EQ(stub.bill().requests_by_path["/predict"], 1u);
}

TEST(RemoteZeroShot, AnotherLabelCostsOnePairAText) {
  RemoteWorld world;
  InferenceStub stub(stub_options(StubKind::tei));
  auto const spec = world.spec(stub, StubKind::tei);
  auto const texts = numbered_texts(10);
  auto const inputs_for = [&](ZeroShotParameters const& parameters) {
    auto const before = stub.bill().total().inputs;
    expect_scores(inference::open_zero_shot(spec, parameters, world.context())->classify(views(texts)), texts,
                  parameters);
    return stub.bill().total().inputs - before;
  };
  EXPECT_EQ(inputs_for({{"coaching", "software", "speaking"}}), 30u);
  EXPECT_EQ(inputs_for({{"writing", "coaching", "software", "speaking"}}), 10u);
  EXPECT_EQ(inputs_for({{"speaking", "software"}, "This example is {}.", true}), 0u);
  EXPECT_EQ(inputs_for({{"coaching"}, "This is {}."}), 10u);
}

TEST(RemoteZeroShot, ReservesWhatTheLabelsCost) {
  RemoteWorld world;
  world.options.max_cost = 0;
  InferenceStub stub(stub_options(StubKind::hf));
  auto const spec = world.spec(stub, StubKind::hf);
  auto& price = world.options.prices.entries[0].price;
  price = {};
  price.per_compute_second = 1'000'000;
  price.seconds_per_input = 0.001;
  world.options.max_cost = 2 * 1000 * 3;  // twice what one text with three labels is expected to take
  auto const texts = numbered_texts(1);
  auto const classify = [&](std::vector<std::string> labels) {
    return inference::open_zero_shot(spec, {std::move(labels)}, world.context())->classify(views(texts));
  };
  EXPECT_EQ(classify({"a", "b", "c", "d"}).at(0).error().kind(), Kind::budget_spent);
  EXPECT_EQ(stub.requests(), 0u);
}

}  // namespace
}  // namespace jvmm::test
