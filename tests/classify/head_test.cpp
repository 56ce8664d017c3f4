#include "classify/head.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "json/parse.hpp"
#include "json/ref.hpp"
#include "json/writer.hpp"
#include "support/expect_error.hpp"

namespace jvmm::classify {
namespace {

using ::testing::ElementsAre;
using testing::expect_error;

/// Three labels, of which the second is not trained; two dimensions.
HeadParts parts(Task task = Task::niche) {
  HeadParts out;
  out.task = task;
  out.taxonomy = "mine";
  out.taxonomy_hash = "aa";
  out.fingerprint = "classifier | model";
  out.data_hash = "bb";
  out.labels = {{"first", 9, true}, {"second \"quoted\"", 2, false}, {"third", 8, true}};
  out.dims = 2;
  out.score_weight = 10;
  out.given_weight = 2;
  out.score_bias = 0.5;
  out.temperature = 2;
  out.c = 3;
  out.coefficients = {1, 2, -3, 4};
  out.intercepts = {0.25, -0.25};
  return out;
}

Taxonomy taxonomy(Task task = Task::niche) {
  Taxonomy out;
  out.task = task;
  out.sure = 0.8;
  for (auto const* key : {"first", "second", "third"}) {
    TaxonomyLabel label;
    label.key = key;
    label.threshold = 0.2;
    out.labels.push_back(label);
  }
  return out;
}

std::vector<float> const k_x{0.6F, 0.8F};
std::vector<double> const k_scores{0.1, 0.3, 0.2};

Verdict zero_shot() {
  Verdict out;
  out.labels = {{1, 0.4, 0.3}};
  out.scores = k_scores;
  out.empty = false;
  return out;
}

TEST(Head, AddsWhatItLearntToTheScores) {
  auto const logits = Head(parts()).logits(k_x, zero_shot());
  ASSERT_EQ(logits.size(), 3u);
  EXPECT_NEAR(logits[0], 10 * 0.1 + 0.5 + 0.25 + 0.6 + 1.6, 1e-6);
  EXPECT_NEAR(logits[1], 10 * 0.3 + 2 * 0.4 + 0.5, 1e-12);  // not trained: by its score alone
  EXPECT_NEAR(logits[2], 10 * 0.2 + 0.5 - 0.25 - 1.8 + 3.2, 1e-6);
}

TEST(Head, ProbabilitiesAreScaledByTheTemperature) {
  Head const one(parts());
  auto const logits = one.logits(k_x, zero_shot()), p = one.probabilities(k_x, zero_shot());
  EXPECT_NEAR(p[0] + p[1] + p[2], 1, 1e-12);
  EXPECT_NEAR(std::log(p[0] / p[1]), (logits[0] - logits[1]) / 2, 1e-12);
  auto const many = Head(parts(Task::offer_types)).probabilities(k_x, zero_shot());
  for (std::size_t k = 0; k < 3; ++k)
    EXPECT_NEAR(std::log(many[k] / (1 - many[k])), logits[k] / 2, 1e-9);
}

TEST(Head, IsTheSameAfterItWasStored) {
  auto odd = parts();
  odd.coefficients = {std::numeric_limits<double>::denorm_min(), -0.0, 1e300, 0.1};
  odd.temperature = 1.0 / 3;
  Head const head(odd);
  // As jsonb gives it back: members in another order, blanks between them.
  auto const stored = json::to_text(json::parse(head.document()), json::Layout::indented);
  auto const again = Head::read(stored, head.weights(), "stored");
  EXPECT_EQ(again.hash(), head.hash());
  EXPECT_EQ(again.document(), head.document());
  EXPECT_EQ(again.weights(), head.weights());
  EXPECT_EQ(again.parts().labels[1].key, "second \"quoted\"");
}

TEST(Head, TheHashIsOfDocumentAndWeights) {
  auto const hash = Head(parts()).hash();
  EXPECT_EQ(hash.size(), 64u);
  EXPECT_EQ(Head(parts()).hash(), hash);
  auto other = parts();
  other.coefficients[3] = std::nextafter(4.0, 5.0);
  EXPECT_NE(Head(other).hash(), hash);
  other = parts();
  other.temperature = 2.5;
  EXPECT_NE(Head(other).hash(), hash);
}

TEST(Head, GivesTheLabelsAboveTheirThresholds) {
  auto const verdict = Head(parts()).classify(taxonomy(), k_x, zero_shot());
  auto const p = Head(parts()).probabilities(k_x, zero_shot());
  ASSERT_EQ(verdict.labels.size(), 3u);
  EXPECT_EQ(verdict.labels[0].label, 1u);  // logits 4.3, 3.95 and 3.65, halved by the temperature
  EXPECT_EQ(verdict.labels[1].label, 0u);
  EXPECT_EQ(verdict.labels[2].label, 2u);
  EXPECT_EQ(verdict.confidence, p[1]);
  EXPECT_NEAR(p[1], std::exp(2.15) / (std::exp(2.15) + std::exp(1.975) + std::exp(1.825)), 1e-7);  // x is of floats
  EXPECT_FALSE(verdict.sure);
  EXPECT_FALSE(verdict.empty);
  auto strict = taxonomy();
  for (auto& label : strict.labels)
    label.threshold = 0.9;
  EXPECT_TRUE(Head(parts()).classify(strict, k_x, zero_shot()).labels.empty());
  strict.sure = 0.3;
  EXPECT_TRUE(Head(parts()).classify(strict, k_x, zero_shot()).sure);
}

TEST(Head, OfferTypesHaveAThresholdOfTheirOwn) {
  auto sharp = parts(Task::offer_types);
  sharp.threshold = 0.9;
  auto const p = Head(sharp).probabilities(k_x, zero_shot());
  auto const verdict = Head(sharp).classify(taxonomy(Task::offer_types), k_x, zero_shot());
  ASSERT_GT(p[1], 0.8);  // it would be given at .2
  ASSERT_LT(p[1], 0.9);
  for (auto const& label : verdict.labels)
    EXPECT_GE(label.confidence, 0.9);
}

TEST(Head, WithoutAVectorOrATextItHasNoOpinion) {
  Head const head(parts());
  auto const verdict = head.classify(taxonomy(), {}, zero_shot());
  EXPECT_EQ(verdict.labels[0].label, 1u);
  EXPECT_EQ(verdict.labels[0].confidence, 0.4);
  EXPECT_TRUE(head.classify(taxonomy(), k_x, Verdict()).empty);
}

TEST(Head, RefusesWhatDoesNotFit) {
  auto short_verdict = zero_shot();
  short_verdict.scores.pop_back();
  Head const head(parts());
  expect_error(Kind::bad_input, "3 dimensions, expected 2", [&] { head.logits(std::vector<float>(3), zero_shot()); });
  expect_error(Kind::bad_input, "2 scores, expected 3", [&] { head.logits(k_x, short_verdict); });
  expect_error(Kind::bad_input, "not finite", [&] { head.logits(std::vector<float>{NAN, 0}, zero_shot()); });
  auto broken = parts();
  broken.coefficients.pop_back();
  expect_error(Kind::bad_input, "3 coefficients", [&] { Head{broken}; });
  broken = parts();
  broken.temperature = 0;
  expect_error(Kind::bad_input, "temperature", [&] { Head{broken}; });
  broken = parts();
  broken.intercepts[0] = std::numeric_limits<double>::infinity();
  expect_error(Kind::bad_input, "not finite", [&] { Head{broken}; });
}

TEST(Head, RefusesADamagedRow) {
  Head const head(parts());
  auto const document = head.document(), weights = head.weights();
  expect_error(Kind::bad_input, "row 7: 40 bytes of weights, expected 48",
               [&] { Head::read(document, weights.substr(8), "row 7"); });
  auto other = document;
  other.replace(other.find("\"form\":1"), 8, "\"form\":2");
  expect_error(Kind::bad_input, "row 7: /form", [&] { Head::read(other, weights, "row 7"); });
  expect_error(Kind::bad_input, "row 7", [&] { Head::read("{}", weights, "row 7"); });
  expect_error(Kind::bad_input, "row 7", [&] { Head::read("", weights, "row 7"); });
  auto infinite = weights;
  infinite.replace(0, 8, std::string("\0\0\0\0\0\0\xf0\x7f", 8));
  expect_error(Kind::bad_input, "not finite", [&] { Head::read(document, infinite, "row 7"); });
}

}  // namespace
}  // namespace jvmm::classify
