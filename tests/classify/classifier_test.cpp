#include "classify/classifier.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <random>

#include "json/parse.hpp"
#include "support/expect_error.hpp"
#include "support/test_seed.hpp"
#include "text/lines.hpp"

namespace jvmm::classify {
namespace {

using jvmm::testing::expect_error;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Vectors = std::vector<std::vector<float>>;

std::vector<std::span<float const>> spans(Vectors const& vectors) {
  return {vectors.begin(), vectors.end()};
}

Taxonomy axes(std::string const& task) {
  return parse_taxonomy(R"({"name": "axes", "task": ")" + task + R"(", "version": 1, "threshold": 0, "labels": [
      {"key": "x", "prototypes": ["px"], "lexicon": [["ex", 1]]},
      {"key": "y", "prototypes": ["py"], "lexicon": [["why", 1]]}, {"key": "z", "prototypes": ["pz"]}],
      "confidence": [{"model": "m", "first": {"intercept": 0, "margin": 1, "score": 0}, "other": {"intercept": 0, "margin": 1, "score": 0}},
                     {"model": "rules", "first": {"intercept": 0, "margin": 1, "score": 0}, "other": {"intercept": 0, "margin": 1, "score": 0}}]})",
                        "axes");
}

Classifier with_axes(std::string const& task) {
  return {axes(task), {"m", 3, {1, 0, 0, 0, 1, 0, 0, 0, 1}}};
}

std::vector<std::string> keys(Classifier const& classifier, Verdict const& verdict) {
  std::vector<std::string> out;
  for (auto const& one : verdict.labels)
    out.push_back(classifier.taxonomy().labels[one.label].key);
  return out;
}

TEST(Classifier, NicheAddsWeightedFieldsAndWords) {
  auto const classifier = with_axes("niche");
  Input const input{.niche = "an ex", .what_you_do = "why not"};
  ASSERT_EQ(classifier.wanted(input).size(), 2U);
  EXPECT_EQ(classifier.wanted(input)[0].stored, std::nullopt);
  EXPECT_EQ(classifier.wanted(input)[1].stored, EmbeddingField::what_you_do);
  Vectors const vectors{{0, 2, 0}, {0.6F, 0, 0.8F}};
  auto const verdict = classifier.classify(input, spans(vectors));
  EXPECT_NEAR(verdict.scores[0], (1.5 * 0 + 1.0 * .6) / 2.5 + .04 * 1.5 * 1 / 2.5, 1e-6);
  EXPECT_NEAR(verdict.scores[1], (1.5 * 1 + 1.0 * 0) / 2.5 + .04 * 1.0 * 1 / 2.5, 1e-6);
  EXPECT_NEAR(verdict.scores[2], .8 / 2.5, 1e-6);
  EXPECT_THAT(keys(classifier, verdict), ElementsAre("y", "z", "x"));
  EXPECT_NEAR(verdict.margin, verdict.scores[1] - verdict.scores[2], 1e-12);
}

TEST(Classifier, NicheLeavesOutWhatHasNoVector) {
  auto const classifier = with_axes("niche");
  Input const input{.niche = "an ex", .what_you_do = "why not"};
  auto const nan = std::numeric_limits<float>::quiet_NaN();
  for (auto const& missing : Vectors{{}, {0, 0, 0}, {nan, 0, 0}, {std::numeric_limits<float>::infinity(), 0, 0}}) {
    Vectors const vectors{missing, {0.6F, 0, 0.8F}};
    auto const verdict = classifier.classify(input, spans(vectors));
    EXPECT_NEAR(verdict.scores[0], .6 + .04 * 1.5 / 2.5, 1e-6);
    EXPECT_NEAR(verdict.scores[2], .8, 1e-6);
  }
}

TEST(Classifier, WithoutVectorsWordsDecide) {
  Classifier const classifier(axes("niche"), {});
  EXPECT_THAT(classifier.wanted({.niche = "ex"}), IsEmpty());
  EXPECT_THAT(keys(classifier, classifier.classify({.niche = "why why ex, WHY"}, {})), ElementsAre("x", "y"));
  auto const unknown = classifier.classify({.niche = "nothing of it"}, {});
  EXPECT_THAT(unknown.labels, IsEmpty());
  EXPECT_FALSE(unknown.empty);
  EXPECT_FALSE(unknown.sure);
}

TEST(Classifier, NoTextIsUnknownAndNeedsNoOther) {
  for (auto const* task : {"niche", "offer_types", "content_style"}) {
    auto const classifier = with_axes(task);
    for (auto const& input :
         {Input{}, Input{.niche = " ", .tags = "", .what_you_do = "<p></p>", .offering = "\n", .bio = "&nbsp;"}}) {
      EXPECT_THAT(classifier.wanted(input), IsEmpty());
      auto const verdict = classifier.classify(input, {});
      EXPECT_THAT(verdict.labels, IsEmpty());
      EXPECT_TRUE(verdict.empty);
      EXPECT_TRUE(verdict.sure);
      EXPECT_EQ(verdict.confidence, 0);
      EXPECT_EQ(verdict.scores.size(), 3U);
    }
  }
}

TEST(Classifier, OneWordThatNoLexiconKnowsIsUnknown) {
  Vectors const vector{{1, 0, 0}};
  for (auto const* text : {"hello", "n/a", "12 34 567", "hello hello Hello!", "\U0001F60A"}) {
    auto const verdict = with_axes("niche").classify({.niche = text}, spans(vector));
    EXPECT_THAT(verdict.labels, IsEmpty()) << text;
    EXPECT_FALSE(verdict.empty);
    EXPECT_THAT(with_axes("content_style").classify({.bio = text}, {}).labels, IsEmpty()) << text;
  }
  EXPECT_FALSE(with_axes("niche").classify({.niche = "why"}, spans(vector)).labels.empty());
}

TEST(Classifier, OffersAskForVectorsOfUndecidedPhrasesOnly) {
  auto const classifier = with_axes("offer_types");
  Input const input{.offering = "my ex files; something for teams"};
  auto const wanted = classifier.wanted(input);
  ASSERT_EQ(wanted.size(), 3U);
  EXPECT_EQ(wanted[0].stored, EmbeddingField::offering);
  EXPECT_EQ(wanted[1].text, "something for teams");
  EXPECT_EQ(wanted[2].text, "something");
  Vectors const vectors{{0, 0, 1}, {0, 0, 1}, {0, 1, 0}};
  EXPECT_THAT(keys(classifier, classifier.classify(input, spans(vectors))), ElementsAre("x", "y"));
  Vectors const vague{{0, 0, 1}, {-1, -1, -1}, {-1, -1, 0}};
  EXPECT_THAT(keys(classifier, classifier.classify(input, spans(vague))), ElementsAre("x"));
}

TEST(Classifier, OffersPartPhrasesAtAndWhereBothSidesAreOffers) {
  auto const classifier = with_axes("offer_types");
  EXPECT_THAT(keys(classifier, classifier.classify({.offering = "ex and why"}, {})), ElementsAre("x", "y"));
  EXPECT_THAT(keys(classifier, classifier.classify({.offering = "ex and ex"}, {})), ElementsAre("x"));
}

TEST(Classifier, StyleTakesTheSentenceThatSaysMost) {
  auto const classifier = with_axes("content_style");
  Input const input{.what_you_do = "First one. Second one.", .bio = "Third why."};
  ASSERT_EQ(classifier.wanted(input).size(), 3U);
  Vectors const vectors{{.1F, .2F, .97F}, {.5F, .5F, .7F}, {1, 0, 0}};
  auto const verdict = classifier.classify(input, spans(vectors));
  EXPECT_THAT(keys(classifier, verdict), ElementsAre("x", "z"));
  EXPECT_GT(verdict.scores[1], .5);
}

TEST(Classifier, RefusesVectorsThatDoNotFit) {
  expect_error(Kind::bad_input, "3 prototypes", [] { Classifier(axes("niche"), {"m", 3, {1, 0, 0}}); });
  expect_error(Kind::bad_input, "prototype 1 is zero", [] { Classifier(axes("niche"), {"m", 1, {1, 0, 1}}); });
  auto const classifier = with_axes("niche");
  Vectors const wrong{{1, 0}};
  expect_error(Kind::bad_input, "2 dimensions", [&] { classifier.classify({.niche = "two words"}, spans(wrong)); });
  Vectors const many{{1, 0, 0}, {1, 0, 0}};
  expect_error(Kind::internal, "2 vectors for 1 texts",
               [&] { classifier.classify({.niche = "two words"}, spans(many)); });
}

TEST(Classifier, ProfileVectorsAreWeightedUnitSums) {
  auto const classifier = with_axes("niche");
  Input const input{.niche = "a", .who_you_serve = "b"};
  Vectors const vectors{{3, 0, 0}, {0, 1, 0}};
  auto const x = profile_vector(classifier, input, spans(vectors));
  ASSERT_EQ(x.size(), 3U);
  EXPECT_NEAR(x[0] / x[1], 3, 1e-5);
  EXPECT_NEAR(x[0] * x[0] + x[1] * x[1], 1, 1e-5);
  EXPECT_THAT(profile_vector(classifier, {}, {}), IsEmpty());
}

TEST(Classifier, TheFingerprintNamesTaxonomyAndModel) {
  EXPECT_NE(with_axes("niche").fingerprint(), Classifier(axes("niche"), {}).fingerprint());
  EXPECT_NE(with_axes("niche").fingerprint(), with_axes("content_style").fingerprint());
}

/// Profiles of the fixture with vectors drawn at random, some of them missing.
struct Batch {
  std::vector<Input> inputs;
  std::vector<Vectors> vectors;
};

Batch random_batch(Classifier const& classifier, std::size_t count, std::size_t dims, std::mt19937& random) {
  Batch batch;
  std::normal_distribution<float> normal;
  std::string const path = JVMM_SOURCE_DIR "/tests/data/fixtures/profiles-3143.jsonl.gz";
  text::LineReader lines(path);
  for (std::string line; batch.inputs.size() < count && lines.next(line);) {
    auto const row = json::parse(line, path);
    batch.inputs.push_back(read_input(json::Ref(row, path)));
    auto& vectors = batch.vectors.emplace_back(classifier.wanted(batch.inputs.back()).size());
    for (auto& vector : vectors)
      if (random() % 8 != 0)
        for (std::size_t i = 0; i < dims; ++i)
          vector.push_back(normal(random));
  }
  return batch;
}

PrototypeVectors random_prototypes(Taxonomy const& taxonomy, std::size_t dims, std::mt19937& random) {
  PrototypeVectors out{"all-MiniLM-L6-v2", dims, {}};
  std::normal_distribution<float> normal;
  for (auto left = prototype_texts(taxonomy).size() * dims; left > 0; --left)
    out.rows.push_back(normal(random));
  return out;
}

void expect_same(Verdict const& a, Verdict const& b) {
  EXPECT_EQ(a.scores, b.scores);  // bit by bit
  EXPECT_EQ(a.confidence, b.confidence);
  EXPECT_EQ(a.margin, b.margin);
  EXPECT_EQ(a.sure, b.sure);
  ASSERT_EQ(a.labels.size(), b.labels.size());
  for (std::size_t i = 0; i < a.labels.size(); ++i) {
    EXPECT_EQ(a.labels[i].label, b.labels[i].label);
    EXPECT_EQ(a.labels[i].confidence, b.labels[i].confidence);
  }
}

TEST(Classifier, VerdictsDoNotDependOnBatchOrOrder) {
  constexpr std::size_t k_dims = 40, k_profiles = 300;
  auto const seed = test::test_seed();
  SCOPED_TRACE(::testing::Message() << "JVMM_TEST_SEED=" << seed);
  std::mt19937 random(seed);
  for (auto const task : k_tasks) {
    auto taxonomy = shipped_taxonomy(default_taxonomy(task));
    auto prototypes = random_prototypes(taxonomy, k_dims, random);
    Classifier const classifier(std::move(taxonomy), std::move(prototypes));
    auto const batch = random_batch(classifier, k_profiles, k_dims, random);
    std::vector<std::vector<std::span<float const>>> vectors;
    for (auto const& one : batch.vectors)
      vectors.push_back(spans(one));
    std::vector<std::size_t> order(batch.inputs.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::shuffle(order, random);
    std::vector<Item> items;
    for (auto const i : order)
      items.push_back({&batch.inputs[i], vectors[i]});
    auto const together = classifier.classify(items);
    for (std::size_t k = 0; k < order.size(); ++k)
      expect_same(together[k], classifier.classify(batch.inputs[order[k]], vectors[order[k]]));
  }
}

TEST(Classifier, AnotherModelsCosinesAreBroughtToTheKnownScale) {
  std::mt19937 random(5);
  auto taxonomy = shipped_taxonomy("style-7");
  auto prototypes = random_prototypes(taxonomy, 64, random);
  // All vectors near each other, as those of many models are.
  for (std::size_t i = 0; i < prototypes.rows.size(); i += 64)
    prototypes.rows[i] += 20;
  prototypes.model = "somebody/else";
  Vectors const vector{std::vector<float>(prototypes.rows.begin(), prototypes.rows.begin() + 64)};
  Classifier const classifier(std::move(taxonomy), std::move(prototypes));
  auto const verdict = classifier.classify({.bio = "two words"}, spans(vector));
  EXPECT_EQ(verdict.labels.at(0).label, 0U);
  EXPECT_GT(verdict.margin, .1);
}

}  // namespace
}  // namespace jvmm::classify
