#include "classify/taxonomy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "classify/documents.hpp"
#include "support/expect_error.hpp"
#include "support/temp_dir.hpp"

namespace jvmm::classify {
namespace {

using jvmm::testing::expect_error;
using ::testing::Contains;
using ::testing::ElementsAre;

Taxonomy parse(std::string const& labels, std::string const& head = "") {
  return parse_taxonomy(R"({"name": "mine", "task": "niche", "version": 1, )" + head + R"("labels": [)" + labels + "]}",
                        "mine.json");
}

void refuse(std::string const& labels, std::string const& part, std::string const& head = "") {
  expect_error(Kind::bad_input, part, [&] { parse(labels, head); });
}

TEST(Taxonomies, ShippedOnesHaveTheLabelsOfTheContract) {
  std::map<std::string, std::size_t> const sizes{{"niche-25", 25},    {"niche-20", 20},  {"offers-17", 17},
                                                 {"offers-15", 15},   {"offers-12", 12}, {"style-7", 7},
                                                 {"style-7-codes", 7}};
  ASSERT_EQ(shipped_documents().size(), sizes.size());
  std::set<std::string> hashes;
  for (auto const& [name, size] : sizes) {
    auto const taxonomy = shipped_taxonomy(name);
    EXPECT_EQ(taxonomy.labels.size(), size) << name;
    EXPECT_EQ(taxonomy.name, name);
    EXPECT_TRUE(hashes.insert(taxonomy.hash).second) << name;
    EXPECT_FALSE(taxonomy.confidence.empty()) << name;
    for (auto const& label : taxonomy.labels) {
      EXPECT_GE(label.prototypes.size(), 10U) << name << ": " << label.key;
      EXPECT_GE(label.lexicon.size(), 10U) << name << ": " << label.key;
      EXPECT_FALSE(label.description.empty()) << name << ": " << label.key;
    }
  }
}

TEST(Taxonomies, OfATaskBeginWithTheDefault) {
  EXPECT_THAT(shipped_taxonomies(Task::niche), ElementsAre("niche-25", "niche-20"));
  EXPECT_THAT(shipped_taxonomies(Task::offer_types), ElementsAre("offers-17", "offers-15", "offers-12"));
  EXPECT_THAT(shipped_taxonomies(Task::content_style), ElementsAre("style-7", "style-7-codes"));
  for (auto const task : k_tasks)
    EXPECT_EQ(shipped_taxonomy(default_taxonomy(task)).task, task);
}

TEST(Taxonomies, KeysAreThoseThatAreStored) {
  EXPECT_EQ(shipped_taxonomy("niche-25").labels[6].key, "Financial Education & Wealth Building");
  EXPECT_EQ(shipped_taxonomy("offers-17").labels[4].key, "done_for_you_service");
  EXPECT_EQ(shipped_taxonomy("style-7").labels[4].key, "data-driven and evidence-based");
  EXPECT_EQ(shipped_taxonomy("style-7-codes").labels[4].key, "data_driven");
}

TEST(Taxonomies, LabelsAreFoundByKeyNameAndSynonym) {
  auto const styles = shipped_taxonomy("style-7");
  EXPECT_EQ(find_label(styles, "data-driven and evidence-based"), 4U);
  EXPECT_EQ(find_label(styles, " Data_Driven "), 4U);
  EXPECT_EQ(find_label(styles, "nothing"), std::nullopt);
  EXPECT_EQ(find_label(shipped_taxonomy("niche-25"), "health & wellness"), 1U);
}

TEST(Taxonomies, HypothesesStandInTheTemplate) {
  auto const offers = shipped_taxonomy("offers-17");
  EXPECT_EQ(hypothesis(offers, *find_label(offers, "book_author")), "This person offers published book author.");
}

TEST(Taxonomies, LabelsWithSignsAreFine) {
  auto const taxonomy = parse(R"({"key": "a, \"b\" {c}"}, {"key": "d's [e]"})");
  EXPECT_EQ(taxonomy.labels[0].key, "a, \"b\" {c}");
  EXPECT_THAT(taxonomy.labels[0].prototypes, ElementsAre("a, \"b\" {c}"));
  EXPECT_EQ(hypothesis(taxonomy, 0), "This is about a, \"b\" {c}.");
}

TEST(Taxonomies, LikeTakesFromTheBase) {
  auto const taxonomy =
      parse(R"({"key": "Body", "like": ["Health & Wellness", "Fitness & Nutrition"]}, {"key": "Rest"})",
            R"("base": "niche-25", )");
  auto const base = shipped_taxonomy("niche-25");
  EXPECT_THAT(taxonomy.labels[0].prototypes, Contains(base.labels[1].prototypes.back()));
  EXPECT_THAT(taxonomy.labels[0].prototypes, Contains(base.labels[5].prototypes.back()));
  EXPECT_EQ(taxonomy.labels[0].hypothesis, base.labels[1].hypothesis);
  EXPECT_EQ(taxonomy.confidence.size(), base.confidence.size());
}

TEST(Taxonomies, WhatHasAParentCountsForIt) {
  auto const taxonomy = parse(
      R"({"key": "Art", "lexicon": [["art", 1]]},
         {"key": "Music", "parent": "Art", "lexicon": [["music*", 2], ["art", 2]]},
         {"key": "Jazz", "parent": "Music", "prototypes": ["bebop"]}, {"key": "Other"})");
  ASSERT_EQ(taxonomy.labels.size(), 2U);
  EXPECT_EQ(taxonomy.labels[0].lexicon.size(), 2U);
  EXPECT_EQ(taxonomy.labels[0].lexicon[0].weight, 2);
  EXPECT_THAT(taxonomy.labels[0].prototypes, Contains("bebop"));
  EXPECT_EQ(find_label(taxonomy, "jazz"), 0U);
}

TEST(Taxonomies, BadLabelsAreRefusedByName) {
  refuse(R"({"key": "A"}, {"key": " a"})", "begins or ends with a blank");
  refuse(R"({"key": "A b"}, {"key": "ab"})", "label 'ab': is there twice");
  refuse(R"({"key": "A"}, {"key": "B", "synonyms": ["a"]})", "its synonym 'a' also stands for label 'A'");
  refuse(R"({"key": ""})", "/labels/0/key");
  refuse(R"({"key": "  "})", "is empty");
  refuse(R"({"key": "A\u0000"})", "control character");
  refuse(R"({"key": "A", "kye": "B"})", "/labels/0");
  refuse(R"({"key": "A", "lexicon": [["x", 0]]})", "/labels/0/lexicon/0/1");
  refuse(R"({"key": "A", "lexicon": [["x", 3.5]]})", "/labels/0/lexicon/0/1");
  refuse(R"({"key": "A", "lexicon": [["x y", 1], ["X-Y", 2]]})", "label 'A': the lexicon entry 'X-Y' is there twice");
  refuse(R"({"key": "A", "lexicon": [["* x", 1]]})", "lexicon entry '* x'");
  refuse(R"({"key": "A", "lexicon": [[1, "x"]]})", "expected");
  refuse(R"({"key": "A", "prototypes": ["x", "X"]})", "the prototype 'X' is there twice");
  refuse(R"({"key": "A", "prototypes": [")" + std::string(501, 'x') + R"("]})", "/labels/0/prototypes/0");
  refuse(R"({"key": "A", "threshold": 1.5})", "/labels/0/threshold");
  refuse("", "/labels");
}

TEST(Taxonomies, CirclesAndUnknownNamesAreRefused) {
  refuse(R"({"key": "A", "parent": "B"}, {"key": "B", "parent": "A"}, {"key": "C"})",
         "its parents lead back to itself");
  refuse(R"({"key": "A", "parent": "X"})", "its parent 'X' is no label here");
  refuse(R"({"key": "A", "like": ["B"]}, {"key": "B", "like": ["A"]})", "leads back to itself");
  refuse(R"({"key": "A", "like": ["X"]})", "'like' names 'X', which is no label here");
  refuse(R"({"key": "A", "like": ["X"]})", "which the base 'niche-25' has not", R"("base": "niche-25", )");
  refuse(R"({"key": "A"})", "/base: there is no taxonomy 'niche-99'", R"("base": "niche-99", )");
  refuse(R"({"key": "A"})", "its task is niche, that of its base 'style-7' is content_style", R"("base": "style-7", )");
  refuse(R"({"key": "A"})", "needs {} once", R"("hypothesis_template": "about", )");
  refuse(
      R"({"key": "A"})", "is there twice",
      R"("confidence": [{"model": "m", "first": {"intercept": 0, "margin": 1, "score": 1}, "other": {"intercept": 0, "margin": 1, "score": 1}}, {"model": "m", "first": {"intercept": 0, "margin": 1, "score": 1}, "other": {"intercept": 0, "margin": 1, "score": 1}}], )");
}

TEST(Taxonomies, FilesThatAreBasedOnEachOtherAreRefused) {
  jvmm::testing::TempDir const folder;
  for (auto const& [name, base] : {std::pair("a", "b"), std::pair("b", "a")})
    std::ofstream(folder.path() / (std::string(name) + ".json"))
        << R"({"name": "x", "task": "niche", "version": 1, "base": ")" << base
        << R"(.json", "labels": [{"key": "A"}]})";
  expect_error(Kind::bad_input, "in a circle",
               [&] { load_taxonomy((folder.path() / "a.json").string(), Task::niche); });
}

TEST(Taxonomies, AreLoadedByNameOrFileForTheirTask) {
  jvmm::testing::TempDir const folder;
  auto const path = (folder.path() / "mine.json").string();
  std::ofstream(path) << R"({"name": "mine", "task": "niche", "version": 2, "labels": [{"key": "A"}]})";
  EXPECT_EQ(load_taxonomy(path, Task::niche).version, 2);
  EXPECT_EQ(load_taxonomy("niche-25", Task::niche).labels.size(), 25U);
  expect_error(Kind::usage, "is for niche, not for offer_types", [&] { load_taxonomy(path, Task::offer_types); });
  expect_error(Kind::usage, "there is no taxonomy 'niche'", [] { load_taxonomy("niche", Task::niche); });
  expect_error(Kind::missing_input, "none.json", [&] { load_taxonomy("/nowhere/none.json", Task::niche); });
}

TEST(Taxonomies, TheHashIsOfWhatShapesAnswers) {
  auto const plain = parse(R"({"key": "A", "lexicon": [["x", 1]]}, {"key": "B"})");
  EXPECT_EQ(
      parse(R"({"key": "A", "description": "said", "lexicon": [["x", 1.0]]}, {"key": "B"})", R"("description": "d", )")
          .hash,
      plain.hash);
  EXPECT_NE(parse(R"({"key": "A", "lexicon": [["x", 2]]}, {"key": "B"})").hash, plain.hash);
  EXPECT_NE(parse(R"({"key": "B"}, {"key": "A", "lexicon": [["x", 1]]})").hash, plain.hash);
  EXPECT_EQ(plain.hash.size(), 64U);
}

TEST(Taxonomies, PrototypesComeLabelByLabel) {
  auto const taxonomy = parse(R"({"key": "A", "prototypes": ["x", "y"]}, {"key": "B"})");
  EXPECT_THAT(prototype_texts(taxonomy), ElementsAre("x", "y", "B"));
}

}  // namespace
}  // namespace jvmm::classify
