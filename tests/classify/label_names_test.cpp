#include "classify/label_names.hpp"

#include <gtest/gtest.h>

#include "classify/label_values.hpp"
#include "json/parse.hpp"
#include "support/expect_error.hpp"
#include "support/temp_dir.hpp"

namespace jvmm::classify {
namespace {

using jvmm::testing::expect_error;
using Keys = std::vector<std::string>;

std::vector<LabelName> const k_labels{{"Yoga"},
                                      {"Women's Empowerment"},
                                      {"Food, Drink & \"More\""},
                                      {"Food"},
                                      {"{VIP}"},
                                      {"online_course", {"Online course", "E-learning"}}};
LabelNames const k_names(k_labels);

Keys keys(std::string const& cell, Foreign foreign = Foreign::refuse) {
  Keys out;
  for (auto const& predicted : labels_of(cell, k_names, foreign, "a.csv: line 2").labels)
    out.push_back(predicted.label);
  return out;
}

void expect_refused(std::string const& cell, std::string const& said) {
  SCOPED_TRACE(cell);
  expect_error(Kind::bad_input, "a.csv: line 2" + said, [&] { (void)keys(cell); });
}

TEST(LabelNames, FindsKeysAndNamesWhateverTheirCaseAndBlanks) {
  EXPECT_EQ(k_names.find(" yoga "), "Yoga");
  EXPECT_EQ(k_names.find("WOMEN\u2019S  empowerment"), "Women's Empowerment");
  EXPECT_EQ(k_names.find("e-learning"), "online_course");
  EXPECT_EQ(k_names.find("yog"), std::nullopt);
  EXPECT_EQ(k_names.suggestion("yoqa"), "Yoga");
  EXPECT_EQ(k_names.suggestion("on line course"), "online_course");
  EXPECT_EQ(k_names.suggestion("xxxxxxxxxxxxxxxxxxxxxxxxxxx"), "");
  EXPECT_EQ(k_names.suggestion(std::string(100'000, 'x')), "");
}

TEST(LabelNames, ACellHoldsOneLabelOrSeveral) {
  EXPECT_EQ(keys("Yoga"), Keys{"Yoga"});
  EXPECT_EQ(keys("Yoga; online_course"), (Keys{"Yoga", "online_course"}));
  EXPECT_EQ(keys("Yoga | Food\r\nonline_course"), (Keys{"Yoga", "Food", "online_course"}));
  EXPECT_EQ(keys("Yoga, online_course"), (Keys{"Yoga", "online_course"}));
}

TEST(LabelNames, LabelsMayHoldCommasQuotesAndBraces) {
  EXPECT_EQ(keys("Food, Drink & \"More\""), Keys{"Food, Drink & \"More\""});
  EXPECT_EQ(keys("Yoga, food, drink & \"more\", Food"), (Keys{"Yoga", "Food, Drink & \"More\"", "Food"}));
  EXPECT_EQ(keys("{VIP}"), Keys{"{VIP}"});
  EXPECT_EQ(keys("{vip}; Yoga"), (Keys{"{VIP}", "Yoga"}));
}

TEST(LabelNames, ACellMayBeWhatThePromptsAskFor) {
  EXPECT_EQ(keys(R"({"primary": "Yoga", "secondary": "Food", "confidence": 0.5})"), (Keys{"Yoga", "Food"}));
  EXPECT_EQ(keys(R"([{"type": "online_course", "confidence": 0.9}, {"category": "Yoga"}, "Food"])"),
            (Keys{"online_course", "Yoga", "Food"}));
  EXPECT_EQ(keys("```json\n[\"Yoga\"]\n```"), Keys{"Yoga"});
  EXPECT_EQ(keys("[]"), Keys{});
  auto const given =
      labels_of(R"({"primary": "Yoga", "secondary": "Food", "confidence": 0.5})", k_names, Foreign::refuse, "x");
  EXPECT_EQ(given.labels[0].confidence, 0.5);
  EXPECT_EQ(given.labels[1].confidence, std::nullopt);
}

TEST(LabelNames, NothingAndNoneAreDifferent) {
  for (auto const* cell : {"", "  ", "{}"})
    EXPECT_FALSE(labels_of(cell, k_names, Foreign::refuse, "x").given) << cell;
  for (auto const* cell : {"unknown", "None", "n/a", "[]", R"({"primary": null, "secondary": null})"}) {
    auto const given = labels_of(cell, k_names, Foreign::refuse, "x");
    EXPECT_TRUE(given.given) << cell;
    EXPECT_TRUE(given.labels.empty()) << cell;
  }
}

TEST(LabelNames, ForeignLabelsAreAMistakeOfPeopleAndAnAnswerOfClassifiers) {
  expect_refused("Yogga", ": 'Yogga' is no label of the taxonomy (is 'Yoga' meant?)");
  expect_refused("Yoga; Pottery", ": 'Pottery' is no label of the taxonomy");
  expect_refused("[\"Pottery\"]", ": /0: 'Pottery' is no label of the taxonomy");
  EXPECT_EQ(keys("Pottery; Yoga", Foreign::keep), (Keys{"Pottery", "Yoga"}));
  EXPECT_EQ(keys(R"([{"type": "Pottery"}])", Foreign::keep), Keys{"Pottery"});
}

TEST(LabelNames, RefusesWhatIsNoAnswer) {
  expect_refused("{\"primary\": ", ": line 1");
  expect_refused("[3]", ": /0: expected string");
  expect_refused("[{\"x\": 1}]", ": /0: expected an object with \"category\", \"type\" or \"label\"");
  expect_refused(R"([{"type": "Yoga", "confidence": 1.5}])", ": /0/confidence: a confidence of 1.5 is outside 0..1");
  expect_refused(R"([{"type": "Yoga", "confidence": "high"}])", ": /0/confidence: expected number");
  auto const number = json::parse("3");
  expect_error(Kind::bad_input, "expected a label",
               [&] { (void)labels_of(json::Ref(number, "x"), k_names, Foreign::refuse); });
}

LabelNames with_parents(std::vector<LabelParent> const& parents) {
  auto names = k_names;
  names.add_parents(parents, "map.csv");
  return names;
}

TEST(LabelParents, AFinerLabelCountsAsTheOneAboveIt) {
  auto const names = with_parents({{"Hatha", "asanas", 2}, {"Asanas", "yoga", 3}, {"Hatha", "Asanas", 4}});
  EXPECT_EQ(names.find("hatha"), "Yoga");
  EXPECT_EQ(names.find("Asanas"), "Yoga");
  EXPECT_EQ(names.find("Yoga"), "Yoga");
}

TEST(LabelParents, RefusesCirclesAndUnknownParents) {
  auto const refused = [](std::vector<LabelParent> const& parents, std::string const& said) {
    expect_error(Kind::bad_input, said, [&] { (void)with_parents(parents); });
  };
  refused({{"a", "b", 2}, {"b", "c", 3}, {"c", "a", 4}}, "map.csv: line 2: the parents go in a circle: a → b → c → a");
  refused({{"a", "a", 2}}, "map.csv: line 2: the parents go in a circle: a → a");
  refused({{"x", "a", 2}, {"a", "b", 3}, {"b", "a", 4}}, "the parents go in a circle");
  refused({{"a", "Pottery", 2}}, "map.csv: line 2: the parent 'Pottery' of 'a' is no label of the taxonomy");
  refused({{"a", "Yoga", 2}, {"A ", "Food", 3}},
          "map.csv: line 3: 'A ' has the parent 'Food' here and 'Yoga' in line 2");
  refused({{" ", "Yoga", 2}}, "line 2: the label is empty");
  refused({{"yoga", "Food", 2}}, "line 2: 'yoga' is a label of the taxonomy itself");
}

TEST(LabelParents, AreReadFromCsv) {
  jvmm::testing::TempDir const dir;
  auto const parents = read_label_parents(dir.write("map.csv", "note,label,parent\nx,\"'=Hatha\",Yoga\n").string());
  ASSERT_EQ(parents.size(), 1u);
  EXPECT_EQ(parents[0].label, "=Hatha");
  EXPECT_EQ(parents[0].line, 2u);
  expect_error(Kind::bad_input, "the header has no column parent; it has label",
               [&] { (void)read_label_parents(dir.write("bad.csv", "label\n").string()); });
}

}  // namespace
}  // namespace jvmm::classify
