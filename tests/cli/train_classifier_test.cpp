#include <fmt/format.h>

#include <algorithm>

#include "cli/cli_db.hpp"
#include "json/writer.hpp"
#include "support/temp_dir.hpp"

namespace jvmm::test {
namespace {

using ::testing::HasSubstr;

constexpr auto k_grief = "Grief & Trauma Recovery", k_property = "Real Estate & Property Investing";

/// Labels that only these invented words tell: no lexicon and no vector of a taxonomy knows them.
std::string row(int number, bool first) {
  return fmt::format("{},{},{} {} plimsollen wuzzard {}\n", profile_id(number), first ? k_grief : k_property,
                     first ? "zorplewise" : "quibblefant", first ? "dranoquet" : "harmoxil", number % 7);
}

std::string two_labels(int each) {
  std::string csv = "id,label,what_you_do\n";
  for (int i = 0; i < 2 * each; ++i)
    csv += row(i + 1, i % 2 == 0);
  return csv;
}

/// Profiles of the fixture, each with the niche of another one.
std::string strangers_labels() {
  std::vector<json::Value> rows;
  for (auto const& line : data_lines("fixtures/labelled-200.jsonl.gz"))
    rows.push_back(json::parse(line));
  std::string out;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto const profile = json::Ref(rows[i], "row")["profile"];
    if (!profile.find("niche") && !profile.find("what_you_do")) continue;
    auto const stranger = json::Ref(rows[(i + 37) % rows.size()], "row")["labels"]["niche"]["primary"];
    json::Writer writer;
    writer.begin_object().member("id", profile["id"].string()).member("label", stranger.string());
    for (auto const* column : {"niche", "what_you_do"})
      if (auto const text = profile.find(column)) writer.member(column, text->string());
    out += std::move(writer.end_object()).take() + "\n";
  }
  return out;
}

class TrainClassifier : public ::testing::Test {
 protected:
  std::string file(std::string const& name, std::string const& text) {
    m_dir.write(name, text);
    return (m_dir.path() / name).string();
  }

  json::Value train(std::string const& labels, Arguments more = {}) {
    Arguments arguments{"train-classifier", "--task", "niche", "--labels", labels};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return m_db.run_json(arguments);
  }

  std::string states() const {
    return m_db.sql("select coalesce(string_agg(state, ' ' order by id), '') from jvmm.classifier");
  }

  CliDb m_db;
  jvmm::testing::TempDir m_dir;
};

json::Ref classifier_of(json::Value const& report) {
  return json::Ref(report, "report")["classifier"];
}

TEST_F(TrainClassifier, PromotesWhatIsBetterAndOnlyThat) {
  auto const labels = file("labels.csv", two_labels(20));
  auto const first = train(labels);
  EXPECT_TRUE(classifier_of(first)["promoted"].boolean());
  EXPECT_GT(classifier_of(first)["comparison"]["difference"]["low"].number(), 0);
  EXPECT_THAT(classifier_of(first)["reason"].string(), HasSubstr("promoted: "));
  // The same again is no better than itself.
  auto const second = train(labels);
  EXPECT_FALSE(classifier_of(second)["promoted"].boolean());
  EXPECT_EQ(json::Ref(second, "second")["in_use"].integer(), classifier_of(first)["id"].integer());
  EXPECT_THAT(classifier_of(second)["reason"].string(), HasSubstr("the lower bound has to be above 0"));
  EXPECT_EQ(states(), "promoted candidate");
}

TEST_F(TrainClassifier, LabelsThatNothingTellsAreNotPromoted) {
  auto const labels = file("strangers.jsonl", strangers_labels());
  for (auto const* seed : {"1", "2"}) {
    auto const report = train(labels, {"--seed", seed, "--min-per-class", "5"});
    EXPECT_FALSE(classifier_of(report)["promoted"].boolean()) << json::to_text(report);
  }
  EXPECT_EQ(states(), "candidate candidate");
}

TEST_F(TrainClassifier, TheSameBytesForAnyOrderOfRowsAndNumberOfThreads) {
  auto lines = data_lines("fixtures/labelled-200.jsonl.gz");
  auto const hash = [&](std::string const& threads) {
    std::string text;
    for (auto const& line : lines)
      text += line + "\n";
    auto const path = file("labels.jsonl", text);
    auto const result = m_db.run({"train-classifier", "--task", "niche", "--labels", path, "--promote", "never",
                                  "--min-per-class", "5", "--format", "json"},
                                 {.env = {{"JVMM_THREADS", threads}}});
    EXPECT_EQ(result.exit_code, 0) << result;
    auto const report = json::parse(result.out, "stdout");
    return classifier_of(report)["hash"].string() + json::to_text(classifier_of(report)["comparison"].value());
  };
  auto const one = hash("1");
  std::reverse(lines.begin(), lines.end());
  EXPECT_EQ(hash("3"), one);
  EXPECT_EQ(m_db.sql("select count(distinct md5(weights) || data_hash || held_out::text) from jvmm.classifier"), "1");
}

TEST_F(TrainClassifier, RollsBackToTheOneBeforeAndThenToNone) {
  auto const labels = file("labels.csv", two_labels(12));
  train(labels, {"--promote", "force"});
  train(labels, {"--promote", "force"});
  EXPECT_EQ(states(), "retired promoted");
  auto const before = m_db.trace("jvmm.classifier");
  m_db.run_json({"train-classifier", "rollback", "--task", "niche", "--dry-run"});
  EXPECT_EQ(m_db.trace("jvmm.classifier"), before);
  auto const report = m_db.run_json({"train-classifier", "rollback", "--task", "niche"});
  EXPECT_EQ(json::Ref(report, "rollback")["restored"].integer(), 1);
  EXPECT_EQ(states(), "promoted retired");
  auto const last = m_db.run({"train-classifier", "rollback", "--task", "niche"});
  EXPECT_THAT(last.out, HasSubstr("zero-shot is in use again"));
  EXPECT_EQ(states(), "retired retired");
  expect_failure(m_db.run({"train-classifier", "rollback", "--task", "niche"}), 65,
                 {"no trained classifier is in use"});
}

TEST_F(TrainClassifier, WhatIsPromotedClassifies) {
  m_db.add_profile(900, "what_you_do = 'zorplewise dranoquet plimsollen wuzzard 3'");
  auto const labels = file("labels.csv", two_labels(20));
  train(labels);
  m_db.run_json({"classify-niche"});
  auto const with_head = m_db.sql("select niche_categories -> 0 ->> 'category' from profiles");
  EXPECT_EQ(with_head, k_grief);
  // Taken back, its answers are stale.
  m_db.run_json({"train-classifier", "rollback", "--task", "niche"});
  EXPECT_EQ(summary(m_db.run_json({"classify-niche"}), "candidates"), 1);
  EXPECT_EQ(
      m_db.sql("select count(*) from profiles where niche_categories -> 0 ->> 'category' = '" + std::string(k_grief) +
               "' and not exists (select from jvmm.review where column_name = 'niche_categories')"),
      "0")
      << "another answer, or one that waits for a person";
}

TEST_F(TrainClassifier, ReadsTheDatabaseBeforeTheFile) {
  // The texts of the file tell the labels; those of the database are all the same, and it is these that count.
  for (int i = 1; i <= 40; ++i)
    m_db.add_profile(i, "what_you_do = 'nothing that tells'");
  expect_failure(m_db.run({"train-classifier", "--task", "niche", "--labels", file("labels.csv", two_labels(20))}), 65,
                 {"1 different rows"});
}

TEST_F(TrainClassifier, NamesLabelsWithTooFewExamples) {
  auto csv = two_labels(10);
  for (int i = 101; i <= 103; ++i)
    csv += fmt::format("{},Health & Wellness,yoga and sleep {}\n", profile_id(i), i);
  auto const result = m_db.run({"train-classifier", "--task", "niche", "--labels", file("labels.csv", csv)});
  EXPECT_EQ(result.exit_code, 0) << result;
  EXPECT_THAT(result.out, HasSubstr("Health & Wellness (3)"));
  EXPECT_THAT(result.out, HasSubstr("fewer than 8 examples"));
  expect_failure(m_db.run({"train-classifier", "--task", "niche", "--labels", file("labels.csv", two_labels(5))}), 65,
                 {"0 labels have 8 examples", "Grief & Trauma Recovery (5)", "--min-per-class"});
  expect_failure(m_db.run({"train-classifier", "--task", "niche", "--min-per-class", "2", "--folds", "5", "--labels",
                           file("labels.csv", two_labels(2))}),
                 65, {"4 different rows do for 4 folds at most"});
}

TEST_F(TrainClassifier, OneClassIsRefused) {
  std::string csv = "id,label,what_you_do\n";
  for (int i = 1; i <= 20; ++i)
    csv += row(i, true);
  expect_failure(m_db.run({"train-classifier", "--task", "niche", "--labels", file("labels.csv", csv)}), 65,
                 {"1 labels have 8 examples or more, expected at least 2"});
}

TEST_F(TrainClassifier, ADryRunWritesNothingAndStoresNothing) {
  auto const before = m_db.trace_all() + m_db.trace("jvmm.classifier");
  auto const report = train(file("labels.csv", two_labels(9)), {"--dry-run"});
  EXPECT_FALSE(json::Ref(report, "report").find("classifier"));
  EXPECT_EQ(json::Ref(report, "report")["profiles"].integer(), 18);
  EXPECT_EQ(m_db.trace_all() + m_db.trace("jvmm.classifier"), before);
}

TEST_F(TrainClassifier, ListsWhatWasTrained) {
  EXPECT_THAT(m_db.run({"train-classifier", "list"}).out, HasSubstr("no classifier was trained"));
  train(file("labels.csv", two_labels(10)), {"--promote", "never"});
  auto const report = m_db.run_json({"train-classifier", "list", "--task", "niche"});
  auto const heads = json::Ref(report, "list")["classifiers"].items();
  ASSERT_EQ(heads.size(), 1u);
  EXPECT_EQ(heads[0]["state"].string(), "candidate");
  EXPECT_THAT(heads[0]["reason"].string(), HasSubstr("not promoted, as asked for"));
  EXPECT_EQ(json::Ref(m_db.run_json({"train-classifier", "list", "--task", "offer_types"}), "list")["classifiers"]
                .items()
                .size(),
            0u);
}

TEST_F(TrainClassifier, SaysWhatIsWrong) {
  auto const labels = file("labels.csv", two_labels(10));
  auto const run = [&](Arguments more) {
    Arguments arguments{"train-classifier"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return m_db.run(arguments);
  };
  expect_failure(run({"--labels", labels}), 64, {"--task is needed"});
  expect_failure(run({"--task", "niche"}), 64, {"--labels is needed"});
  expect_failure(run({"--task", "style", "--labels", labels}), 64, {"'style' is no task", "content_style"});
  expect_failure(run({"--task", "niche", "--labels", labels, "--folds", "1"}), 64, {"--folds takes 2 to 20"});
  expect_failure(run({"--task", "niche", "--labels", labels, "--promote", "maybe"}), 64, {"maybe"});
  expect_failure(run({"--task", "niche", "--labels", labels, "--min-per-class", "1"}), 64, {"--min-per-class"});
  expect_failure(run({"--task", "niche", "--labels", labels, "--max-cost", "1"}), 64, {"--max-cost"});
  expect_failure(run({"--task", "niche", "--labels", "/nowhere.csv"}), 66, {"/nowhere.csv"});
  expect_failure(run({"--task", "niche", "--labels", file("bad.csv", "id,label\nx,y\n")}), 65, {"bad.csv", "line 2"});
  auto const unknown = fmt::format("id,label\n{},{}\n", profile_id(77), k_grief);
  expect_failure(run({"--task", "niche", "--labels", file("unknown.csv", unknown)}), 65,
                 {profile_id(77) + " (line 2)", "has no texts of it"});
  CliDb const bare(CustomerSchema::plain);
  expect_failure(bare.run({"train-classifier", "--task", "niche", "--labels", labels}), 78, {"jvmm migrate"});
}

}  // namespace
}  // namespace jvmm::test
