#include "support/inference_stub_values.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace jvmm::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::FloatEq;
using ::testing::SizeIs;

constexpr std::string_view k_model = "BAAI/bge-small-en-v1.5";

// Computed with an implementation in Python: the values must be the same in every process and on every machine.
TEST(StubValues, AreThoseComputedElsewhere) {
  EXPECT_EQ(stub_vector_index(k_model, "Zoë met Åse"), 436U);
  EXPECT_THAT(stub_vector(k_model, "Zoë met Åse", 4),
              ElementsAre(FloatEq(0.07715387642383575F), FloatEq(0.6515091061592102F), FloatEq(0.5617868900299072F),
                          FloatEq(-0.5039629340171814F)));
  auto const logits = stub_logits(k_model, "text", "This example is x.");
  EXPECT_EQ(logits.contradiction, -2.875);
  EXPECT_EQ(logits.neutral, -0.9375);
  EXPECT_EQ(logits.entailment, 0.984375);
}

TEST(StubValues, AVectorHasLengthOne) {
  for (std::size_t const dims : {1U, 3U, 384U, 1024U}) {
    auto const vector = stub_vector(k_model, "a coach", dims);
    EXPECT_NEAR(std::inner_product(vector.begin(), vector.end(), vector.begin(), 0.0), 1.0, 1e-6) << dims;
  }
}

TEST(StubValues, ModelAndTextAreToldApart) {
  EXPECT_NE(stub_vector_index("ab", "c"), stub_vector_index("a", "bc"));
  EXPECT_NE(stub_vector_index("a", "text"), stub_vector_index("b", "text"));
}

TEST(StubValues, AShorterVectorIsTheBeginningOfALongerOne) {
  auto const two = stub_vector(k_model, "x", 2);
  auto const four = stub_vector(k_model, "x", 4);
  EXPECT_NEAR(two[0] / two[1], four[0] / four[1], 1e-5);
}

TEST(StubValues, ZeroShotFollowsThePipeline) {
  auto const one = stub_zero_shot(k_model, "text", {"x"});
  EXPECT_NEAR(one.at(0), 1 / (1 + std::exp(-2.875 - 0.984375)), 1e-12);
  auto const several = stub_zero_shot(k_model, "text", {"x", "y", "z"});
  EXPECT_NEAR(std::accumulate(several.begin(), several.end(), 0.0), 1.0, 1e-12);
}

TEST(StubValues, NotEntailmentCountsAsContradiction) {
  EXPECT_EQ(stub_class_logit(k_model, "text", "This example is x.", "not_entailment"), -2.875);
  EXPECT_EQ(stub_class_logit(k_model, "text", "This example is x.", "ENTAILMENT"), 0.984375);
}

TEST(StubValues, EntitiesHaveOffsetsInBytesAndInCodePoints) {
  auto const found = stub_entities("Zoë met Åse 🙂 in São Paulo");
  ASSERT_THAT(found, SizeIs(3));
  EXPECT_EQ(found[2].word, "São Paulo");
  EXPECT_EQ(found[2].begin_point, 17U);
  EXPECT_EQ(found[2].end_point, 26U);
  EXPECT_EQ(found[2].begin, 22U);
  EXPECT_EQ(found[2].end, 32U);
  EXPECT_THAT(found[2].words, SizeIs(2));
}

TEST(StubValues, TextWithoutCapitalsAndBrokenTextHaveNoEntities) {
  EXPECT_TRUE(stub_entities("").empty());
  EXPECT_TRUE(stub_entities("nothing here, 42").empty());
  EXPECT_TRUE(stub_entities("\xff\xfe\xc3").empty());
}

TEST(StubValues, ASummaryIsTheFirstWords) {
  EXPECT_EQ(stub_summary("  one\n two  three", 2), "one two");
  EXPECT_EQ(stub_summary(" \t"), "");
}

}  // namespace
}  // namespace jvmm::testing
