#include <fmt/format.h>

#include <fstream>
#include <sstream>

#include "cli/cli_db.hpp"
#include "cli/html_problem.hpp"
#include "support/temp_dir.hpp"

namespace jvmm::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string const k_health = "Health & Wellness", k_sales = "Marketing & Sales", k_women = "Women's Empowerment";

std::string content(std::filesystem::path const& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

/// Labels and answers of four profiles: two right, one wrong, one unknown.
class Evaluate : public ::testing::Test {
 protected:
  std::string file(std::string const& name, std::string const& text) const { return m_dir.write(name, text).string(); }
  std::string path(std::string const& name) const { return (m_dir.path() / name).string(); }

  static std::string labels() {
    return fmt::format("id,label,niche\n{},{},Fitness\n{},{},sales\n{},{},Lifestyle\n{},{},\n", profile_id(1), k_health,
                       profile_id(2), k_sales, profile_id(3), k_women, profile_id(4), k_sales);
  }
  static std::string answers() {
    return fmt::format("id,predicted,confidence\n{},{},0.9\n{},{},0.8\n{},{},0.4\n{},,\n", profile_id(1), k_health,
                       profile_id(2), k_sales, profile_id(3), k_sales, profile_id(4));
  }

  Arguments niche(Arguments more = {}) const {
    Arguments all{"evaluate",
                  "--task",
                  "niche",
                  "--labels",
                  file("labels.csv", labels()),
                  "--predictions",
                  file("answers.csv", answers())};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  void expect_refused(std::string const& labels, int code, std::vector<std::string> const& words) const {
    SCOPED_TRACE(labels);
    expect_failure(run_cli({"evaluate", "--task", "niche", "--labels", file("bad.csv", labels), "--predictions",
                            file("answers.csv", answers())}),
                   code, words);
  }

  jvmm::testing::TempDir m_dir;
};

json::Value report_of(Arguments arguments, int exit_code = 0) {
  arguments.insert(arguments.end(), {"--format", "json"});
  auto const result = run_cli(arguments);
  EXPECT_EQ(result.exit_code, exit_code) << result;
  return json::parse(result.out, "evaluate");
}

TEST_F(Evaluate, NeedsNoDatabaseForTwoFiles) {
  auto const value = report_of(niche());
  json::Ref const report(value, "evaluate");
  EXPECT_EQ(report["cases"].integer(), 4);
  EXPECT_EQ(report["unknown"].integer(), 1);
  EXPECT_DOUBLE_EQ(report["accuracy"]["value"].number(), 0.5);
  EXPECT_DOUBLE_EQ(report["micro_precision"].number(), 2.0 / 3);
  EXPECT_DOUBLE_EQ(report["micro_recall"].number(), 0.5);
  EXPECT_DOUBLE_EQ(report["micro_f1"]["value"].number(), 4.0 / 7);
  EXPECT_DOUBLE_EQ(report["macro_f1"]["value"].number(), (1 + 0.5 + 0) / 3);
  EXPECT_DOUBLE_EQ(report["reliability"]["ece"].number(), (0.1 + 0.2 + 0.4) / 3);
  EXPECT_EQ(report["confusions"].items().size(), 2u);
  EXPECT_LT(report["accuracy"]["low"].number(), 0.5);
  EXPECT_TRUE(report["passed"].boolean());
}

TEST_F(Evaluate, TheKeywordMappingStandsBeside) {
  auto const value = report_of(niche());
  auto const baselines = json::Ref(value, "evaluate")["baselines"].items();
  ASSERT_EQ(baselines.size(), 1u);
  EXPECT_EQ(baselines[0]["name"].string(), "keyword_mapping");
  EXPECT_EQ(baselines[0]["unknown"].integer(), 2);
  EXPECT_DOUBLE_EQ(baselines[0]["accuracy"]["value"].number(), 0.5);
  auto const text = run_cli(niche()).out;
  EXPECT_THAT(text, HasSubstr("the keyword mapping in use"));
  EXPECT_THAT(text, HasSubstr("50.0 %"));
}

TEST_F(Evaluate, EndsWithOneBelowWhatIsRequired) {
  EXPECT_EQ(run_cli(niche({"--require", "0.5"})).exit_code, 0);
  auto const result = run_cli(niche({"--require", "0.51"}));
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.out, HasSubstr("accuracy 0.5000 is below the 0.51 required"));
  EXPECT_THAT(result.err, HasSubstr("is below the 0.51 required"));
  auto const value = report_of(niche({"--require", "0.51"}), 1);
  EXPECT_FALSE(json::Ref(value, "evaluate")["passed"].boolean());
  auto const quiet = run_cli(niche({"--require", "0.51", "--quiet"}));
  EXPECT_EQ(quiet.exit_code, 1);
  EXPECT_EQ(quiet.out, "");
}

TEST_F(Evaluate, TheSameSeedGivesTheSameIntervals) {
  auto const first = run_cli(niche({"--format", "json", "--seed", "3"})).out;
  EXPECT_EQ(run_cli(niche({"--format", "json", "--seed", "3"})).out, first);
  EXPECT_EQ(run_cli(niche({"--format", "json"})).exit_code, 0);
}

TEST_F(Evaluate, OffersAreJudgedBySetsAndTheirF1) {
  auto const labels =
      file("labels.jsonl", fmt::format(R"({{"profile": {{"id": "{}"}}, "labels": {{"offer_types": )"
                                       R"(["online_course", "podcast"], "recoverable": {{"offer_types": )"
                                       R"(["online_course"]}}}}}}
{{"profile": {{"id": "{}"}}, "labels": {{"offer_types": ["agency"]}}}}
)",
                                       profile_id(1), profile_id(2)));
  auto const answers =
      file("answers.jsonl", fmt::format(R"({{"id": "{}", "offer_types": [{{"type": "podcast", "confidence": 0.9}}, )"
                                        R"({{"type": "online_course", "confidence": 0.7}}]}}
{{"id": "{}", "offer_types": [{{"type": "consulting", "confidence": 0.5}}, {{"type": "agency", "confidence": 0.4}}]}}
)",
                                        profile_id(1), profile_id(2)));
  auto const value = report_of(
      {"evaluate", "--task", "offer_types", "--labels", labels, "--predictions", answers, "--require", "0.8"});
  json::Ref const report(value, "evaluate");
  EXPECT_DOUBLE_EQ(report["micro_f1"]["value"].number(), 0.8);
  EXPECT_DOUBLE_EQ(report["accuracy"]["value"].number(), 0.5);
  EXPECT_DOUBLE_EQ(report["exact"].number(), 0.5);
  EXPECT_EQ(report["measure"].string(), "micro_f1");
}

TEST_F(Evaluate, ReadsSheetsAsSpreadsheetsAndModelsLeaveThem) {
  auto const sheet =
      file("sheet.csv",
           fmt::format(
               "\xef\xbb\xbfname,\"id\",my label,model\r\n\"O'Neil, \"\"Al\"\"\",{},\"{}\","
               "\"```json\n{{\"\"primary\"\": \"\"{}\"\", \"\"secondary\"\": null, \"\"confidence\"\": 0.7}}\n```\"\r\n"
               "'=1+1,{},women\u2019s EMPOWERMENT,Pottery\r\n\r\nCyn,{},,\r\n",
               profile_id(1), k_sales, k_sales, profile_id(2), profile_id(3)));
  auto const result = run_cli({"evaluate", "--task", "niche", "--labels", sheet, "--label-column", "my label",
                               "--predictions", sheet, "--prediction-column", "model", "--format", "json"});
  ASSERT_EQ(result.exit_code, 0) << result;
  auto const value = json::parse(result.out);
  json::Ref const report(value, "evaluate");
  EXPECT_EQ(report["cases"].integer(), 2);
  EXPECT_EQ(report["unlabelled"].integer(), 1);
  EXPECT_EQ(report["foreign"].integer(), 1);
  EXPECT_DOUBLE_EQ(report["accuracy"]["value"].number(), 0.5);
  EXPECT_THAT(result.err, HasSubstr("1 answers are no label of niche-25"));
}

TEST_F(Evaluate, FinerLabelsAreMappedToTheirParents) {
  auto const labels = file("fine.csv", fmt::format("id,label\n{},Hatha\n", profile_id(1)));
  auto const map = [&](std::string const& rows) { return file("map.csv", "label,parent\n" + rows); };
  Arguments const base{
      "evaluate",   "--task", "niche", "--labels", labels, "--predictions", file("answers.csv", answers()),
      "--label-map"};
  auto with = base;
  with.push_back(map("Hatha,Yoga\nYoga," + k_health + "\n"));
  auto const value = report_of(with);
  EXPECT_DOUBLE_EQ(json::Ref(value, "evaluate")["accuracy"]["value"].number(), 1);
  map("Hatha,Yoga\nYoga,Hatha\n");
  expect_failure(run_cli(with), 65, {"map.csv: line 2", "circle: Hatha → Yoga → Hatha"});
  map("Hatha,Pottery\n");
  expect_failure(run_cli(with), 65, {"map.csv: line 2", "the parent 'Pottery' of 'Hatha' is no label"});
}

TEST_F(Evaluate, SaysWhatIsWrongWithTheFiles) {
  auto const a = profile_id(1);
  expect_refused("id,name\n" + a + ",x\n", 65, {"bad.csv: line 1", "no column label or labels; it has id, name"});
  expect_refused("id;label\n" + a + ";x\n", 65, {"bad.csv: line 1", "semicolons"});
  expect_refused("id,label\n" + a + "," + k_health + "\n" + a + "," + k_sales + "\n", 65,
                 {"bad.csv: line 3, column 1 (id)", "is already in line 2"});
  expect_refused("id,label\n" + a + ",Welness\n", 65, {"bad.csv: line 2, column 2 (label): 'Welness' is no label"});
  expect_refused("id,label\nx," + k_health + "\n", 65, {"line 2, column 1 (id): 'x' is no profile id"});
  expect_refused("id,label\n" + a + ",\"" + k_health + "\n", 65, {"line 2, column 2: a quote is never closed"});
  expect_refused("id,label\n" + a + ",\xff\n", 65, {"bad.csv: line 2: this is no UTF-8"});
  expect_refused("id,label\n" + a + ",\n", 65, {"no row has a label for niche"});
  expect_refused("", 65, {"bad.csv: line 1: empty"});
  expect_refused("id,label\n" + profile_id(9) + "," + k_health + "\n", 65,
                 {"answers.csv has no row for 1 of 1 labelled profiles", profile_id(9), "line 2"});
  auto const none = path("none.csv");
  expect_failure(run_cli({"evaluate", "--task", "niche", "--labels", none, "--predictions", none}), 66, {"none.csv"});
}

TEST_F(Evaluate, RefusesOptionsThatMeanNothing) {
  auto const usage = [&](Arguments const& more, std::string const& word) {
    expect_failure(run_cli(niche(more)), 64, {word});
  };
  usage({"--require", "1.5"}, "--require takes 0 to 1");
  usage({"--bins", "0"}, "--bins takes 2 to 100");
  usage({"--seed", "-1"}, "--seed");
  usage({"--resamples", "1000001"}, "--resamples takes 0 to 100000");
  usage({"--top", "-1"}, "--top");
  usage({"--taxonomy", "none"}, "there is no taxonomy 'none'");
  expect_failure(run_cli({"evaluate", "--task", "personas", "--labels", file("l.csv", labels())}), 64,
                 {"'personas' is no task; expected niche, offer_types or content_style"});
  expect_failure(
      run_cli({"evaluate", "--task", "niche", "--labels", file("l.csv", labels()), "--prediction-column", "x"}), 64,
      {"--prediction-column is a column of --predictions"});
  expect_failure(run_cli({"evaluate", "--task", "niche", "--labels", file("l.csv", labels()), "--predictions",
                          file("l.csv", labels())}),
                 64, {"column label of", "compared with itself"});
  expect_failure(run_cli({"evaluate", "--task", "niche", "--labels", file("l.csv", labels())}), 78,
                 {"no database is configured"});
}

TEST_F(Evaluate, TheHtmlReportIsOneSelfContainedPage) {
  auto const hostile =
      file("hostile.csv", fmt::format("id,predicted\n{0},<script>alert(1)</script>\n{1},\"a \"\"b\"\" & "
                                      "'c' \x1b[2J\"\n{2},x\n{3},\n",
                                      profile_id(1), profile_id(2), profile_id(3), profile_id(4)));
  for (auto const& predictions : {path("answers.csv"), hostile}) {
    auto arguments = niche({"--html", path("report.html"), "--require", "0.1"});
    arguments[6] = predictions;
    auto const result = run_cli(arguments);
    EXPECT_TRUE(result.exit_code == 0 || predictions == hostile) << result;
    EXPECT_THAT(result.out, Not(HasSubstr("\x1b")));
    auto const html = content(path("report.html"));
    EXPECT_EQ(html_problem(html), "");
    for (auto const* word : {"<script", "http:", "https:", "url(", "<link", "<img", "\x1b"})
      EXPECT_THAT(html, Not(HasSubstr(word)));
    EXPECT_EQ(html.find("aria-label=\"Reliability diagram\"") != std::string::npos, predictions != hostile);
    EXPECT_THAT(html, HasSubstr("Women&#39;s Empowerment"));
    EXPECT_THAT(html, HasSubstr("the keyword mapping in use"));
  }
  expect_failure(run_cli(niche({"--html", path("none/x.html")})), 74, {"x.html"});
}

TEST_F(Evaluate, ComparesWhatTheDatabaseStores) {
  CliDb const db;
  for (int i = 1; i <= 3; ++i)
    db.add_profile(i, i == 1 ? "niche = 'Fitness'" : "bio = 'x'");
  db.sql(
      fmt::format("update profiles set classification_updated_at = now(), niche_categories = "
                  "'[{{\"category\": \"{}\", \"confidence\": 0.75}}]' where id = '{}'",
                  k_health, profile_id(1)));
  db.sql(fmt::format("update profiles set classification_updated_at = now(), niche_categories = '[]' where id = '{}'",
                     profile_id(2)));
  auto const labels =
      file("labels.csv", fmt::format("id,label\n{},{}\n{},unknown\n{},{}\n{},{}\n", profile_id(1), k_health,
                                     profile_id(2), profile_id(3), k_sales, profile_id(8), k_sales));
  auto const before = db.trace_all();
  auto const value = db.run_json({"evaluate", "--task", "niche", "--labels", labels});
  json::Ref const report(value, "evaluate");
  EXPECT_EQ(report["cases"].integer(), 3);
  EXPECT_EQ(report["missing"].integer(), 1);
  EXPECT_EQ(report["unclassified"].integer(), 1);
  EXPECT_EQ(report["unknown"].integer(), 2);
  EXPECT_DOUBLE_EQ(report["accuracy"]["value"].number(), 2.0 / 3);
  EXPECT_DOUBLE_EQ(report["reliability"]["ece"].number(), 0.25);
  EXPECT_EQ(report["baselines"].items().size(), 1u) << "the niche is read from the database";
  EXPECT_EQ(db.trace_all(), before);
  db.sql("update profiles set niche_categories = '7' where id = '" + profile_id(1) + "'");
  expect_failure(db.run({"evaluate", "--task", "niche", "--labels", labels}), 65,
                 {"profiles.niche_categories of " + profile_id(1), "expected a label"});
  db.sql("delete from profiles");
  expect_failure(db.run({"evaluate", "--task", "niche", "--labels", labels}), 65,
                 {"none of the 4 labelled profiles", "is in the database"});
}

}  // namespace
}  // namespace jvmm::test
