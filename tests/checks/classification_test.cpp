#include "checks/classification.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace jvmm::checks {
namespace {

using Codes = std::vector<std::string_view>;

Codes codes(ColumnCheck const& check) {
  Codes out;
  for (auto const& finding : check.findings)
    out.push_back(finding.code);
  return out;
}

Codes of(std::vector<ClassifiedLabel> labels) {
  return codes(check_classification({.labels = std::move(labels)}));
}

TEST(CheckClassification, UnknownIsFine) {
  EXPECT_EQ(of({}), Codes{});
}

TEST(CheckClassification, OneSureLabelIsFine) {
  EXPECT_EQ(of({{"a", 0.9}}), Codes{});
}

TEST(CheckClassification, TheThresholdItselfIsEnough) {
  EXPECT_EQ(of({{"a", 0.3}}), Codes{});
  EXPECT_EQ(of({{"a", 0.29995}}), Codes{});  // stored as 0.3000
  EXPECT_EQ(of({{"a", 0.2999}}), Codes{"low_confidence"});
}

TEST(CheckClassification, AnUnsureFirstLabelHoldsAnUnsureSecondDoesNot) {
  EXPECT_TRUE(check_classification({.labels = {{"a", 0.1}}}).holds());
  auto const second = check_classification({.labels = {{"a", 0.9}, {"b", 0.1}}});
  EXPECT_EQ(codes(second), Codes{"low_confidence"});
  EXPECT_FALSE(second.holds());
}

TEST(CheckClassification, ThreeWithinATenthAreUniformExactlyATenthIsNot) {
  EXPECT_EQ(of({{"a", 0.9}, {"b", 0.85}, {"c", 0.8001}}), Codes{"uniform"});
  EXPECT_EQ(of({{"a", 0.9}, {"b", 0.85}, {"c", 0.8}}), Codes{});
  EXPECT_EQ(of({{"a", 0.9}, {"b", 0.9}}), Codes{});
  EXPECT_EQ(codes(check_classification({.labels = {{"a", 0.9}, {"b", 0.9}, {"c", 0.9}}, .uniform_spread = 0})),
            Codes{});
}

TEST(CheckClassification, LabelsOutsideTheTaxonomyEmptyRepeatedOrTooMany) {
  std::vector<std::string> const taxonomy{"a, \"b\" {c}", "d"};
  EXPECT_EQ(codes(check_classification({.labels = {{"a, \"b\" {c}", 0.9}}, .taxonomy = taxonomy})), Codes{});
  EXPECT_EQ(codes(check_classification({.labels = {{"A, \"b\" {c}", 0.9}}, .taxonomy = taxonomy})),
            Codes{"out_of_taxonomy"});
  EXPECT_EQ(of({{"", 0.9}}), Codes{"out_of_taxonomy"});
  EXPECT_EQ(of({{"d", 0.9}, {"d", 0.5}}), Codes{"out_of_taxonomy"});
  EXPECT_EQ(codes(check_classification({.labels = {{"a", 0.9}, {"b", 0.5}}, .max_labels = 1})),
            Codes{"out_of_taxonomy"});
}

TEST(CheckClassification, ConfidencesThatAreNone) {
  for (double const bad : {std::nan(""), -0.1, 1.1, HUGE_VAL, -HUGE_VAL})
    EXPECT_EQ(of({{"a", bad}}), Codes{"bad_confidence"}) << bad;
  EXPECT_EQ(of({{"a", 0.5}, {"b", 0.7}}), Codes{"bad_confidence"});
}

TEST(CheckClassification, AConflictNeedsAClientWhoseTextIsUnderstood) {
  Classification c{.labels = {{"a", 0.9}}};
  c.confirmed = ConfirmedLabels{"my niche", "client_confirmed", {"b", "c"}};
  auto const conflict = check_classification(c);
  EXPECT_EQ(codes(conflict), Codes{"conflict"});
  EXPECT_NE(conflict.findings[0].detail.find("my niche"), std::string::npos);
  c.confirmed->labels = {"b", "a"};
  EXPECT_TRUE(check_classification(c).ok());
  c.confirmed->labels = {};
  EXPECT_TRUE(check_classification(c).ok());
  c.confirmed->labels = {"b"};
  c.labels = {};
  EXPECT_TRUE(check_classification(c).ok()) << "unknown contradicts nobody";
}

TEST(CheckClassification, TheGravestComesFirst) {
  std::vector<std::string> const taxonomy{"a"};
  auto const check = check_classification({.labels = {{"a", 0.2}, {"b", 0.1}}, .taxonomy = taxonomy});
  EXPECT_EQ(check.gravest().code, "out_of_taxonomy");
  EXPECT_EQ(check.details().find("there is no label"), 0u);
}

TEST(ReadLabels, OfEachColumn) {
  auto const niches =
      read_labels("niche_categories", R"([{"category": "A", "confidence": 0.5}, {"category": "B", "confidence": 1}])");
  ASSERT_TRUE(niches);
  ASSERT_EQ(niches->size(), 2u);
  EXPECT_EQ((*niches)[1].key, "B");
  EXPECT_EQ((*niches)[1].confidence, 1.0);
  EXPECT_EQ((*read_labels("offer_types", R"([{"type": "podcast", "confidence": 0.25}])"))[0].key, "podcast");
  auto const style = read_labels("content_style", R"({"primary": "x", "secondary": null, "confidence": 0.5})");
  ASSERT_TRUE(style);
  EXPECT_EQ(style->size(), 1u);
}

TEST(ReadLabels, NothingStoredIsNoLabel) {
  for (auto const* json : {"null", "[]"})
    EXPECT_EQ(read_labels("niche_categories", json)->size(), 0u) << json;
  for (auto const* json : {"null", "{}"})
    EXPECT_EQ(read_labels("content_style", json)->size(), 0u) << json;
}

TEST(ReadLabels, OtherShapesAreAbsent) {
  for (auto const* json :
       {"", "{", "1", "\"A\"", "{}", "[1]", "[{}]", R"([{"category": 1, "confidence": 0.5}])", R"(["A"])"})
    EXPECT_FALSE(read_labels("niche_categories", json)) << json;
  for (auto const* json : {"[]", "7", R"({"confidence": 0.5})", R"({"secondary": "x"})", R"({"primary": 3})"})
    EXPECT_FALSE(read_labels("content_style", json)) << json;
  auto const without = read_labels("niche_categories", R"([{"category": "A"}])");
  ASSERT_TRUE(without);
  EXPECT_TRUE(std::isnan((*without)[0].confidence));
}

}  // namespace
}  // namespace jvmm::checks
