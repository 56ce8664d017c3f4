// How well the shipped taxonomies do with the default model, and without any, on texts that carry labels: the fixture's
// 200 rows (what their texts can tell) and wordings written for this test (tests/data/classify/README.md). Nothing is
// trained on either; docs/algorithms/classification.md has the figures of each step. `JVMM_PRINT_QUALITY=1` prints
// them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>

#include "classify/classifier.hpp"
#include "classify/keyword_mapping.hpp"
#include "inference/default_model.hpp"
#include "inference/embedder.hpp"
#include "json/parse.hpp"
#include "text/lines.hpp"

namespace jvmm::classify {
namespace {

std::string const k_data = JVMM_SOURCE_DIR "/tests/data/";

/// What is true of a profile, and what is true but not to be told from its texts.
struct Example {
  Input input;
  std::string primary, secondary;
  std::set<std::string> all, open;
};

std::vector<json::Value> lines_of(std::string const& name) {
  std::vector<json::Value> out;
  text::LineReader lines(k_data + name);
  for (std::string line; lines.next(line);)
    out.push_back(json::parse(line, name));
  return out;
}

std::set<std::string> strings(json::Ref const& list) {
  std::set<std::string> out;
  for (auto const& item : list.items())
    out.insert(item.string());
  return out;
}

std::vector<Example> fixture(Task task) {
  std::vector<Example> out;
  for (auto const& row : lines_of("fixtures/labelled-200.jsonl.gz")) {
    json::Ref const root(row, "labelled-200");
    auto const labels = root["labels"], told = labels["recoverable"];
    Example example{read_input(root["profile"]), "", "", {}, {}};
    if (task == Task::offer_types) {
      example.all = strings(told["offer_types"]);
      for (auto const& label : strings(labels["offer_types"]))
        if (!example.all.contains(label)) example.open.insert(label);
      if (example.all.empty()) continue;
    } else {
      auto const key = std::string(name(task));
      bool const known = task == Task::niche ? !strings(told["niche"]).empty() : told["content_style"].boolean();
      if (!known) continue;
      example.primary = labels[key]["primary"].string();
      if (auto const second = labels[key].find("secondary")) example.secondary = second->string();
    }
    out.push_back(std::move(example));
  }
  return out;
}

/// `sitting`: 1 or 2, see tests/data/classify/README.md.
std::vector<Example> wordings(Task task, int sitting) {
  std::vector<Example> out;
  for (auto const& row : lines_of("classify/wordings.jsonl")) {
    json::Ref const root(row, "wordings");
    if (root["task"].string() != name(task) || root["sitting"].integer() != sitting) continue;
    auto const labels = strings(root["labels"]);
    out.push_back({read_input(root["profile"]), *labels.begin(), "", labels, {}});
  }
  return out;
}

inference::Embedder& embedder() {
  static auto const opened = [] {
    inference::EmbedderOptions options;
    options.models_dirs = {inference::default_model().parent_path()};
    return inference::open_embedder(options);
  }();
  return *opened;
}

using Cache = std::map<std::string, std::vector<float>>;

void embed(std::vector<std::string> const& texts, Cache& cache) {
  std::vector<std::string_view> wanted;
  for (auto const& text : texts)
    if (cache.try_emplace(text).second) wanted.push_back(text);
  auto results = embedder().embed(wanted);
  for (std::size_t i = 0; i < wanted.size(); ++i)
    cache[std::string(wanted[i])] = std::move(results[i]).value_or_throw().vector;
}

Classifier with_model(Task task, Cache& cache) {
  auto taxonomy = shipped_taxonomy(default_taxonomy(task));
  PrototypeVectors vectors{embedder().info().model, embedder().info().dims, {}};
  auto const texts = prototype_texts(taxonomy);
  embed(texts, cache);
  for (auto const& text : texts)
    vectors.rows.insert(vectors.rows.end(), cache[text].begin(), cache[text].end());
  return {std::move(taxonomy), std::move(vectors)};
}

std::vector<Verdict> judge(Classifier const& classifier, std::vector<Example> const& examples, Cache& cache) {
  std::vector<std::string> texts;
  for (auto const& example : examples)
    for (auto const& wanted : classifier.wanted(example.input))
      texts.push_back(wanted.text);
  if (!texts.empty()) embed(texts, cache);
  std::vector<Verdict> out;
  for (auto const& example : examples) {
    std::vector<std::span<float const>> vectors;
    for (auto const& wanted : classifier.wanted(example.input))
      vectors.emplace_back(cache[wanted.text]);
    out.push_back(classifier.classify(example.input, vectors));
  }
  return out;
}

struct Figures {
  std::size_t examples = 0;
  double accuracy = 0;  ///< niche, style: the first label is the primary one
  double f1 = 0;        ///< offers: micro
  double precision = 0, recall = 0;
  double calibration_error = 0;  ///< of all labels that are given, in ten bins
  double texts = 0;              ///< embedded per example
};

class Tally {
 public:
  void add(double confidence, bool right) {
    auto& bin = m_bins[std::min<std::size_t>(9, static_cast<std::size_t>(confidence * 10))];
    bin.count += 1;
    bin.confidence += confidence;
    bin.right += right ? 1 : 0;
    m_count += 1;
  }
  double error() const {
    double sum = 0;
    for (auto const& bin : m_bins)
      sum += std::abs(bin.confidence - bin.right);
    return m_count > 0 ? sum / m_count : 0;
  }

 private:
  struct Bin {
    double count = 0, confidence = 0, right = 0;
  };
  Bin m_bins[10];
  double m_count = 0;
};

Figures measure(Classifier const& classifier, std::vector<Example> const& examples, Cache& cache) {
  Figures figures;
  figures.examples = examples.size();
  auto const verdicts = judge(classifier, examples, cache);
  double right = 0, hit = 0, false_alarm = 0, missed = 0;
  Tally tally;
  for (std::size_t i = 0; i < examples.size(); ++i) {
    auto const& truth = examples[i];
    std::set<std::string> given;
    for (auto const& one : verdicts[i].labels) {
      auto const& key = classifier.taxonomy().labels[one.label].key;
      if (truth.open.contains(key)) continue;
      bool const sound = truth.all.contains(key) || key == truth.primary || (!given.empty() && key == truth.secondary);
      if (given.empty() && key == truth.primary) ++right;
      if (given.empty() || truth.primary.empty()) tally.add(one.confidence, sound);
      given.insert(key);
    }
    for (auto const& key : given)
      ++(truth.all.contains(key) ? hit : false_alarm);
    for (auto const& key : truth.all)
      missed += given.contains(key) ? 0 : 1;
    figures.texts += static_cast<double>(classifier.wanted(truth.input).size()) / static_cast<double>(examples.size());
  }
  figures.accuracy = right / static_cast<double>(examples.size());
  figures.precision = hit / (hit + false_alarm);
  figures.recall = hit / (hit + missed);
  figures.f1 = 2 * hit / (2 * hit + false_alarm + missed);
  figures.calibration_error = tally.error();
  return figures;
}

void print(std::string const& what, Task task, Figures const& figures) {
  if (!std::getenv("JVMM_PRINT_QUALITY")) return;
  std::printf("%-14s %-19s n %3zu  ", std::string(name(task)).c_str(), what.c_str(), figures.examples);
  if (task == Task::offer_types)
    std::printf("F1 %.3f (P %.3f R %.3f)", figures.f1, figures.precision, figures.recall);
  else
    std::printf("accuracy %.3f", figures.accuracy);
  std::printf("  ECE %.3f  texts %.1f\n", figures.calibration_error, figures.texts);
}

enum class With { model, words };

/// Accuracy of niches and styles, F1 of offers. `sitting`: of the wordings; 0 is the fixture.
double quality(Task task, With with, int sitting) {
  static Cache cache;
  auto const classifier =
      with == With::model ? with_model(task, cache) : Classifier(shipped_taxonomy(default_taxonomy(task)), {});
  auto const figures = measure(classifier, sitting == 0 ? fixture(task) : wordings(task, sitting), cache);
  auto const source = sitting == 0 ? "labelled-200" : sitting == 1 ? "wordings 1" : "wordings 2";
  print(std::string(source) + (with == With::model ? "" : ", words"), task, figures);
  return task == Task::offer_types ? figures.f1 : figures.accuracy;
}

TEST(ClassificationQuality, ReachesTheContractWithTheDefaultModel) {
  EXPECT_GE(quality(Task::niche, With::model, 0), .90);
  EXPECT_GE(quality(Task::offer_types, With::model, 0), .90);
  EXPECT_GE(quality(Task::content_style, With::model, 0), .85);
}

TEST(ClassificationQuality, ReachesTheContractByWordsAlone) {
  EXPECT_GE(quality(Task::niche, With::words, 0), .85);
  EXPECT_GE(quality(Task::offer_types, With::words, 0), .85);
  EXPECT_GE(quality(Task::content_style, With::words, 0), .78);
}

// Few texts, so that the bounds leave room for two or three of them.
TEST(ClassificationQuality, HoldsForOtherWordings) {
  for (int const sitting : {1, 2}) {
    EXPECT_GE(quality(Task::niche, With::model, sitting), .86);
    EXPECT_GE(quality(Task::offer_types, With::model, sitting), .86);
    EXPECT_GE(quality(Task::content_style, With::model, sitting), .80);
    EXPECT_GE(quality(Task::niche, With::words, sitting), .60);
    EXPECT_GE(quality(Task::offer_types, With::words, sitting), .70);
  }
}

TEST(ClassificationQuality, WhatMeansNothingIsUnknown) {
  static Cache cache;
  for (auto const task : k_tasks) {
    auto const classifier = with_model(task, cache);
    for (auto const* text :
         {"hello", "n/a", "test", "asdf", "tbd", "John Smith", "yes", "???", "none", "12345", "\U0001F60A"}) {
      std::vector<Example> const examples{
          {{.niche = text, .what_you_do = text, .offering = text, .bio = text}, "", "", {}, {}}};
      auto const verdict = judge(classifier, examples, cache).front();
      for (auto const& one : verdict.labels)
        ADD_FAILURE() << name(task) << " of '" << text << "': " << classifier.taxonomy().labels[one.label].key << " "
                      << one.confidence;
    }
  }
}

TEST(ClassificationQuality, FewStayUnknownThatKeywordsDidNotKnow) {
  Classifier const classifier(shipped_taxonomy("niche-25"), {});
  std::size_t rows = 0, by_keywords = 0, by_words = 0;
  for (auto const& row : lines_of("fixtures/profiles-3143.jsonl.gz")) {
    auto const input = read_input(json::Ref(row, "profiles-3143"));
    ++rows;
    if (!keyword_category(shipped_keyword_mapping(), input)) ++by_keywords;
    if (classifier.classify(input, {}).labels.empty()) ++by_words;
  }
  if (std::getenv("JVMM_PRINT_QUALITY"))
    std::printf("unknown niche of %zu: %zu by keywords, %zu by the lexicon\n", rows, by_keywords, by_words);
  EXPECT_EQ(rows, 3143U);
  EXPECT_GT(by_keywords, rows / 2);
  EXPECT_LT(by_words, rows / 6);
}

}  // namespace
}  // namespace jvmm::classify
