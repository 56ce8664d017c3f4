#include "classify/evaluation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "json/parse.hpp"
#include "json/ref.hpp"
#include "support/expect_error.hpp"
#include "support/test_seed.hpp"

namespace jvmm::classify {
namespace {

using jvmm::testing::expect_error;

constexpr double k_close = 1e-12;

std::vector<std::string> strings(json::Ref const& list) {
  std::vector<std::string> out;
  for (auto const& item : list.items())
    out.push_back(item.string());
  return out;
}

EvaluationCase read_case(json::Ref const& row) {
  EvaluationCase out{strings(row["truth"]), {}, strings(row["ignored"]), {}};
  for (auto const& predicted : row["predicted"].items()) {
    auto const confidence = predicted.find("confidence");
    out.predicted.push_back(
        {predicted["label"].string(), confidence ? std::optional(confidence->number()) : std::nullopt});
  }
  return out;
}

std::vector<EvaluationCase> read_cases(json::Ref const& rows) {
  std::vector<EvaluationCase> out;
  for (auto const& row : rows.items())
    out.push_back(read_case(row));
  return out;
}

EvaluationOptions read_options(json::Ref const& given) {
  return {given["kind"].string() == "single" ? LabelKind::single : LabelKind::multi,
          static_cast<std::uint64_t>(given["seed"].integer()), given["resamples"].size_value(),
          given["bins"].size_value()};
}

void expect_measure(Measure const& measure, json::Ref const& expected, std::string const& name) {
  EXPECT_NEAR(measure.value, expected[name].number(), k_close) << name;
  EXPECT_NEAR(measure.low, expected["intervals"][name][std::size_t{0}].number(), k_close) << name;
  EXPECT_NEAR(measure.high, expected["intervals"][name][1].number(), k_close) << name;
}

TEST(Evaluation, EqualsScikitLearn) {
  auto const document = json::parse_file(JVMM_SOURCE_DIR "/tests/data/evaluation/measures.json");
  auto const all = json::Ref(document, "measures.json").items();
  ASSERT_GE(all.size(), 10u);
  for (auto const& expected : all) {
    SCOPED_TRACE(expected["name"].string());
    auto const got = evaluate(read_cases(expected["rows"]), read_options(expected));
    for (auto const& [name, measure] : {std::pair{"accuracy", got.accuracy}, std::pair{"micro_f1", got.micro_f1},
                                        std::pair{"macro_f1", got.macro_f1}})
      expect_measure(measure, expected, name);
    EXPECT_NEAR(got.micro_precision, expected["micro_precision"].number(), k_close);
    EXPECT_NEAR(got.micro_recall, expected["micro_recall"].number(), k_close);
    EXPECT_NEAR(got.exact, expected["exact"].number(), k_close);
    auto const labels = expected["labels"].items();
    ASSERT_EQ(got.labels.size(), labels.size());
    for (std::size_t i = 0; i < labels.size(); ++i) {
      EXPECT_EQ(got.labels[i].label, labels[i]["label"].string());
      EXPECT_NEAR(got.labels[i].precision, labels[i]["precision"].number(), k_close);
      EXPECT_NEAR(got.labels[i].recall, labels[i]["recall"].number(), k_close);
      EXPECT_NEAR(got.labels[i].f1, labels[i]["f1"].number(), k_close);
      EXPECT_EQ(got.labels[i].support, labels[i]["support"].size_value());
    }
    auto const bins = expected["reliability"]["bins"].items();
    ASSERT_EQ(got.reliability.bins.size(), bins.size());
    for (std::size_t i = 0; i < bins.size(); ++i) {
      EXPECT_EQ(got.reliability.bins[i].answers, bins[i]["answers"].size_value());
      EXPECT_NEAR(got.reliability.bins[i].confidence, bins[i]["confidence"].number(), k_close);
      EXPECT_NEAR(got.reliability.bins[i].right, bins[i]["right"].number(), k_close);
    }
    EXPECT_NEAR(got.reliability.ece, expected["reliability"]["ece"].number(), k_close);
  }
}

std::vector<EvaluationCase> random_cases(unsigned seed, std::size_t count) {
  std::mt19937 random(seed);
  std::vector<std::string> const labels{"a", "b", "c", "d"};
  std::vector<EvaluationCase> cases(count);
  for (auto& each : cases) {
    for (auto const& label : labels) {
      if (random() % 3 == 0) each.truth.push_back(label);
      if (random() % 3 == 0) each.predicted.push_back({label, static_cast<double>(random() % 101) / 100});
    }
  }
  return cases;
}

TEST(Evaluation, TheOrderOfCasesChangesNoFigureButTheIntervals) {
  auto cases = random_cases(test::test_seed(), 50);
  for (auto const kind : {LabelKind::single, LabelKind::multi}) {
    auto const before = evaluate(cases, {.kind = kind, .resamples = 0});
    std::reverse(cases.begin(), cases.end());
    auto const after = evaluate(cases, {.kind = kind, .resamples = 0});
    EXPECT_DOUBLE_EQ(before.accuracy.value, after.accuracy.value);
    EXPECT_DOUBLE_EQ(before.micro_f1.value, after.micro_f1.value);
    EXPECT_DOUBLE_EQ(before.macro_f1.value, after.macro_f1.value);
    EXPECT_NEAR(before.reliability.ece, after.reliability.ece, k_close);
    ASSERT_EQ(before.confusions.size(), after.confusions.size());
    for (std::size_t i = 0; i < before.confusions.size(); ++i)
      EXPECT_EQ(before.confusions[i].truth + before.confusions[i].predicted,
                after.confusions[i].truth + after.confusions[i].predicted);
  }
}

TEST(Evaluation, TheSeedDecidesTheIntervals) {
  auto const cases = random_cases(5, 40);
  auto const interval = [&](std::uint64_t seed) {
    auto const measure = evaluate(cases, {.kind = LabelKind::multi, .seed = seed}).micro_f1;
    EXPECT_LE(measure.low, measure.value);
    EXPECT_GE(measure.high, measure.value);
    return std::pair(measure.low, measure.high);
  };
  EXPECT_EQ(interval(1), interval(1));
  EXPECT_NE(interval(1), interval(2));
}

TEST(Evaluation, TheSecondaryLabelIsAHitButNotAccurate) {
  std::vector<EvaluationCase> const cases{{{"a"}, {"b"}, {}, {{"b", 0.5}}}, {{"a"}, {}, {}, {{"a", 0.9}}}};
  auto const got = evaluate(cases, {});
  EXPECT_EQ(got.accuracy.value, 0.5);
  EXPECT_EQ(got.primary_or_secondary, 1);
}

TEST(Evaluation, UnknownIsWrongWhereThereIsALabelAndCountedApart) {
  std::vector<EvaluationCase> const cases{
      {{"a"}, {}, {}, {}}, {{"a"}, {}, {}, {{"a", 0.9}}}, {{}, {}, {}, {}}, {{}, {}, {}, {{"a", 0.2}}}};
  auto const got = evaluate(cases, {});
  EXPECT_EQ(got.unknown, 2u);
  EXPECT_EQ(got.accuracy.value, 0.5);
  EXPECT_EQ(got.accuracy_where_answered, 0.5);
  EXPECT_EQ(got.reliability.answers, 2u);
  ASSERT_EQ(got.confusions.size(), 2u);
  EXPECT_EQ(got.confusions[0].truth, "");
  EXPECT_EQ(got.confusions[0].predicted, "a");
  EXPECT_EQ(got.confusions[1].truth, "a");
  EXPECT_EQ(got.confusions[1].predicted, "");
}

TEST(Evaluation, WhatNobodyCouldTellCountsNeitherWay) {
  std::vector<EvaluationCase> const with{{{"a"}, {}, {"b"}, {{"b", 0.9}, {"a", 0.8}}}};
  std::vector<EvaluationCase> const without{{{"a"}, {}, {}, {{"a", 0.8}}}};
  for (auto const& cases : {with, without}) {
    auto const got = evaluate(cases, {.kind = LabelKind::multi});
    EXPECT_EQ(got.micro_f1.value, 1);
    EXPECT_EQ(got.accuracy.value, 1);
    EXPECT_EQ(got.reliability.answers, 1u);
    EXPECT_EQ(got.labels.size(), 1u);
  }
}

TEST(Evaluation, ALabelSaidTwiceCountsOnce) {
  std::vector<EvaluationCase> const cases{{{"a", "a"}, {}, {}, {{"a", 0.9}, {"a", 0.1}, {"b", 0.1}}}};
  auto const got = evaluate(cases, {.kind = LabelKind::multi});
  EXPECT_EQ(got.micro_precision, 0.5);
  EXPECT_EQ(got.micro_recall, 1);
  EXPECT_EQ(got.reliability.answers, 2u);
}

TEST(Evaluation, RefusesWhatCannotBeMeasured) {
  expect_error(Kind::bad_input, "nothing to evaluate", [] { (void)evaluate({}, {}); });
  for (double const confidence : {-0.1, 1.5, std::nan("")}) {
    std::vector<EvaluationCase> const cases{{{"a"}, {}, {}, {{"a", confidence}}}};
    expect_error(Kind::bad_input, "is outside 0..1", [&] { (void)evaluate(cases, {}); });
  }
}

}  // namespace
}  // namespace jvmm::classify
