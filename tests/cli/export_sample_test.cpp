#include <fmt/format.h>

#include <set>

#include "classify/task.hpp"
#include "cli/cli_db.hpp"
#include "support/temp_dir.hpp"
#include "text/csv.hpp"

namespace jvmm::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string read(std::filesystem::path const& path) {
  return text::read_text_file(path);
}

/// Rows of a sheet by column.
using SheetRows = std::vector<std::map<std::string, std::string>>;

SheetRows rows_of(std::string const& csv) {
  text::CsvTable table(csv, "sheet.csv");
  SheetRows rows;
  while (auto const row = table.next()) {
    rows.emplace_back();
    for (std::size_t i = 0; i < row->cells.size(); ++i)
      rows.back()[table.columns()[i]] = row->cells[i];
  }
  return rows;
}

std::vector<std::string> ids_of(SheetRows const& rows) {
  std::vector<std::string> ids;
  for (auto const& row : rows)
    ids.push_back(row.at("id"));
  return ids;
}

class ExportSample : public ::testing::Test {
 protected:
  std::string path(std::string const& name) const { return (m_dir.path() / name).string(); }

  jvmm::testing::TempDir m_dir;
};

TEST_F(ExportSample, TheSeedDecidesWhomItTakesAndTheOrderOfRowsDoesNot) {
  CliDb const db(Rows::slice);
  Arguments const sample{"export-sample", "--task", "niche", "--sample", "20"};
  auto const first = db.run(sample).out;
  EXPECT_EQ(rows_of(first).size(), 20u);
  EXPECT_EQ(db.run(sample).out, first);
  auto with_seed = sample;
  with_seed.insert(with_seed.end(), {"--seed", "2"});
  EXPECT_NE(ids_of(rows_of(db.run(with_seed).out)), ids_of(rows_of(first)));
  db.sql(
      "create table kept as table profiles; delete from profiles; "
      "insert into profiles select * from kept order by md5(id::text); drop table kept");
  EXPECT_EQ(db.run(sample).out, first);
}

TEST_F(ExportSample, StrataHaveTheirShare) {
  CliDb const db;
  db.sql(
      "insert into profiles (id, name, niche, niche_categories) select "
      "('10000000-0000-4000-8000-' || lpad(i::text, 12, '0'))::uuid, 'P', case when i <= 20 then 'Fitness' else 'golf' "
      "end, "
      "case when i > 90 then '[{\"category\": \"Marketing & Sales\", \"confidence\": 0.5}]' else '[]' end::jsonb "
      "from generate_series(1, 99) i");
  db.sql("insert into profiles (id, name, niche) values ('20000000-0000-4000-8000-000000000001', 'Blank', E' \\n')");
  auto const value = db.run_json({"export-sample", "--task", "niche", "--sample", "11", "--output", path("a.csv")});
  json::Ref const report(value, "export-sample");
  EXPECT_EQ(report["profiles"].integer(), 99);
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> strata;
  for (auto const& stratum : report["strata"].items())
    strata[stratum["stratum"].string()] = {stratum["profiles"].integer(), stratum["sampled"].integer()};
  using Strata = decltype(strata);
  EXPECT_EQ(
      strata,
      (Strata{{"Marketing & Sales", {9, 1}}, {"keyword: Health & Fitness", {20, 2}}, {"keyword: Unknown", {70, 8}}}));
  std::map<std::string, int> seen;
  for (auto const& row : rows_of(read(path("a.csv"))))
    ++seen[row.at("niche_categories") == "[]" ? row.at("keyword_category") : "classified"];
  EXPECT_EQ(seen, (std::map<std::string, int>{{"classified", 1}, {"Health & Fitness", 2}, {"Unknown", 8}}));
}

TEST_F(ExportSample, TheSheetSurvivesSpreadsheets) {
  CliDb const db;
  std::string const formula = "=HYPERLINK(\"http://x\",\"y\")", lines = "two\nlines, \"quoted\"; \U0001f600";
  db.add_profile(1, fmt::format("name = '{}', niche = E'{}', tags = array['a, b', '-c']", formula,
                                "two\\nlines, \"quoted\"; \U0001f600"));
  auto const csv = db.run({"export-sample", "--task", "niche", "--bom"}).out;
  EXPECT_TRUE(
      csv.starts_with("\xef\xbb\xbfid,name,niche,what_you_do,who_you_serve,tags,keyword_category,"
                      "niche_categories,label,secondary\r\n"));
  auto const rows = rows_of(csv);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].at("name"), "'" + formula);
  EXPECT_EQ(text::unguarded(rows[0].at("name")), formula);
  EXPECT_EQ(rows[0].at("niche"), lines);
  EXPECT_EQ(rows[0].at("tags"), "a, b, -c");
  EXPECT_EQ(rows[0].at("label"), "");
  EXPECT_FALSE(db.run({"export-sample", "--task", "niche"}).out.starts_with("\xef"));
}

TEST_F(ExportSample, ASheetThatWasFilledInIsEvaluated) {
  CliDb const db(Rows::slice);
  ASSERT_EQ(
      db.run({"export-sample", "--task", "niche", "--sample", "15", "--bom", "--output", path("a.csv")}).exit_code, 0);
  auto const csv = read(path("a.csv"));
  text::CsvTable table(csv, "a.csv");
  auto columns = table.columns();
  columns.push_back("model");
  text::CsvWriter filled(text::ByteOrderMark::yes);
  filled.add(columns);
  std::size_t number = 0;
  while (auto row = table.next()) {
    row->cells[table.require("label")] = "Technology & SaaS";
    row->cells.push_back(number++ % 3 == 0 ? "{\"primary\": null}"
                                           : "{\"primary\": \"Technology & SaaS\", \"confidence\": 0.9}");
    filled.add(row->cells);
  }
  m_dir.write("b.csv", std::move(filled).take());
  auto const value = db.run_json({"evaluate", "--task", "niche", "--labels", path("b.csv"), "--predictions",
                                  path("b.csv"), "--prediction-column", "model"});
  json::Ref const report(value, "evaluate");
  EXPECT_EQ(report["cases"].integer(), 15);
  EXPECT_EQ(report["unknown"].integer(), 5);
  EXPECT_DOUBLE_EQ(report["accuracy"]["value"].number(), 10.0 / 15);
  EXPECT_EQ(report["baselines"].items().size(), 1u);
  auto const stored =
      db.run_json({"evaluate", "--task", "niche", "--labels", path("b.csv"), "--predictions", path("b.csv")});
  EXPECT_EQ(json::Ref(stored, "evaluate")["unknown"].integer(), 15) << "by the column niche_categories";
}

TEST_F(ExportSample, TheSameProfilesForTheNextExperiment) {
  CliDb const db(Rows::slice);
  auto const niches = ids_of(rows_of(db.run({"export-sample", "--task", "niche", "--sample", "7"}).out));
  std::string list;
  for (auto const& id : niches)
    list += id + "\n";
  auto const file = m_dir.write("ids.txt", list).string();
  auto const offers = rows_of(db.run({"export-sample", "--task", "offer_types", "--profile-ids", file}).out);
  auto const ids = ids_of(offers);
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()), std::set<std::string>(niches.begin(), niches.end()));
  EXPECT_TRUE(offers[0].contains("signature_programs"));
  EXPECT_TRUE(offers[0].contains("labels"));
  m_dir.write("niche.csv", db.run({"export-sample", "--task", "niche", "--sample", "7"}).out);
  auto const again = db.run({"export-sample", "--task", "offer_types", "--profile-ids", path("niche.csv")}).out;
  EXPECT_EQ(ids_of(rows_of(again)), niches) << "of a sheet, in its order";
  m_dir.write("bad.csv", "id\nx\n");
  expect_failure(db.run({"export-sample", "--task", "offer_types", "--profile-ids", path("bad.csv")}), 65,
                 {"bad.csv: line 2, column 1 (id): 'x' is no profile id"});
  auto const missing = db.run({"export-sample", "--task", "offer_types", "--profile-ids", profile_id(77)});
  expect_failure(missing, 65, {"there is no profile " + profile_id(77)});
}

TEST_F(ExportSample, EveryTaskHasItsTexts) {
  CliDb const db(Rows::slice);
  for (auto const& [task, column] :
       {std::pair{"content_style", "bio"}, {"credentials", "social_proof"}, {"offer_types", "offering"}}) {
    auto const rows = rows_of(db.run({"export-sample", "--task", task, "--sample", "5"}).out);
    EXPECT_EQ(rows.size(), 5u) << task;
    EXPECT_TRUE(rows[0].contains(column)) << task;
  }
}

TEST_F(ExportSample, ListsWhatIsHeldForReview) {
  CliDb const db;
  db.add_profile(1, "name = '=Ada', niche = 'x', bio = 'long'");
  db.sql(fmt::format(
      "insert into jvmm.review (profile_id, stage, column_name, reason, detail, proposed) values "
      "('{0}', 'classify_niche', 'niche_categories', 'low_confidence', 'a, \"b\"', '[{{\"category\": \"x\"}}]'), "
      "('{0}', 'check_profiles', 'email', 'malformed', null, null), "
      "('{1}', 'classify_offers', 'offer_types', 'conflict', null, null)",
      profile_id(1), profile_id(2)));
  db.sql("update jvmm.review set settled_at = now(), verdict = 'rejected' where column_name = 'email'");
  auto const rows = rows_of(db.run({"export-sample", "--held"}).out);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].at("id"), profile_id(1));
  EXPECT_EQ(rows[0].at("review"), "1");
  EXPECT_EQ(rows[0].at("column"), "niche_categories");
  EXPECT_EQ(rows[0].at("reason"), "low_confidence");
  EXPECT_EQ(rows[0].at("detail"), "a, \"b\"");
  EXPECT_EQ(rows[0].at("name"), "'=Ada");
  EXPECT_EQ(rows[0].at("bio"), "long");
  EXPECT_EQ(rows[1].at("name"), "") << "the profile is gone";
  EXPECT_EQ(rows_of(db.run({"export-sample", "--held", "--task", "offer_types"}).out).size(), 1u);
  auto const value = db.run_json({"export-sample", "--held", "--output", path("held.csv")});
  EXPECT_EQ(json::Ref(value, "export-sample")["rows"].integer(), 2);
}

TEST_F(ExportSample, AnEmptyQueueIsASheetWithoutRows) {
  CliDb const db;
  auto const result = db.run({"export-sample", "--held"});
  EXPECT_EQ(result.exit_code, 0) << result;
  EXPECT_TRUE(result.out.starts_with("id,review,"));
  EXPECT_TRUE(rows_of(result.out).empty());
}

TEST_F(ExportSample, WritesThePromptForSheetsAndSettingsForTheBatch) {
  CliDb const db(Rows::slice);
  CliOptions options;
  options.env = {{"JVMM_BATCH_SIZE", "33"}, {"HF_TOKEN", "hf_secret"}};
  auto const result = db.run({"export-sample", "--task", "niche", "--sample", "1", "--output", path("a.csv"),
                              "--prompt", path("prompt.txt"), "--settings", path("batch.toml")},
                             options);
  ASSERT_EQ(result.exit_code, 0) << result;
  auto const prompt = read(path("prompt.txt"));
  EXPECT_THAT(prompt, HasSubstr("- Women's Empowerment"));
  EXPECT_THAT(prompt, HasSubstr("Niche: {{niche}} | Does: {{what_you_do}} | Serves: {{who_you_serve}}"));
  EXPECT_THAT(prompt, Not(HasSubstr("{{labels}}")));
  EXPECT_THAT(read(path("batch.toml")), Not(HasSubstr("hf_secret")));

  auto const shown = run_cli({"--config", path("batch.toml"), "config", "show", "--format", "json"});
  ASSERT_EQ(shown.exit_code, 0) << shown;
  auto const value = json::parse(shown.out);
  std::map<std::string, std::string> settings;
  for (auto const& setting : json::Ref(value, "config")["settings"].items())
    settings[setting["key"].string()] = setting["value"].string();
  EXPECT_EQ(settings["batch_size"], "33");
  EXPECT_THAT(settings["prompt_niche"], HasSubstr("{{labels}}"));
  EXPECT_THAT(settings["prompt_niche"], HasSubstr("\n---\nNiche: {{niche}}"));
}

TEST_F(ExportSample, AnOwnTemplateGoesIntoPromptAndSettings) {
  CliDb const db(Rows::slice);
  auto const own = m_dir.write("own.txt", "Sort into\n{{labels}}\n---\nAbout {{bio}}\n").string();
  Arguments arguments{"export-sample",
                      "--task",
                      "content_style",
                      "--sample",
                      "1",
                      "--output",
                      path("a.csv"),
                      "--prompt",
                      path("prompt.txt"),
                      "--settings",
                      path("batch.toml"),
                      "--prompt-template",
                      own};
  ASSERT_EQ(db.run(arguments).exit_code, 0);
  EXPECT_TRUE(read(path("prompt.txt")).starts_with("Sort into\n- educational and teaching-focused: "));
  EXPECT_THAT(read(path("batch.toml")), HasSubstr("About {{bio}}"));
  m_dir.write("own.txt", "Sort into {{lables}}\n---\nx\n");
  expect_failure(db.run(arguments), 65, {"own.txt: line 1: there is no placeholder {{lables}}"});
}

TEST_F(ExportSample, SaysWhatItCannotDo) {
  CliDb const db;
  auto const refused = [&](Arguments const& arguments, int code, std::string const& word) {
    auto all = Arguments{"export-sample"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    expect_failure(db.run(all), code, {word});
  };
  refused({"--task", "niche"}, 65, "no profile has a text to go by for niche");
  refused({}, 64, "--task says what is to be labelled");
  refused({"--task", "personas"}, 64, "'personas' is no task");
  refused({"--task", "niche", "--sample", "0"}, 64, "--sample takes 1 to 100000");
  refused({"--task", "niche", "--seed", "-4"}, 64, "--seed");
  refused({"--task", "niche", "--format", "json"}, 64, "give the sheet a file with --output");
  refused({"--task", "credentials", "--taxonomy", "x"}, 64, "credentials have no taxonomy");
  refused({"--held", "--profile-ids", profile_id(1)}, 64, "--held lists the whole queue");
  refused({"--held", "--settings", "x"}, 64, "--task says whose prompt it is");
  db.add_profile(1, "niche = 'x'");
  refused({"--task", "niche", "--output", path("none/a.csv")}, 74, "a.csv");
  CliDb const unmigrated(CustomerSchema::plain);
  expect_failure(unmigrated.run({"export-sample", "--task", "niche"}), 78, {"jvmm migrate"});
}

TEST_F(ExportSample, WritesNothingToTheDatabase) {
  CliDb const db(Rows::slice);
  auto const before = db.trace_all();
  EXPECT_EQ(db.run({"export-sample", "--task", "niche"}).exit_code, 0);
  EXPECT_EQ(db.run({"export-sample", "--held"}).exit_code, 0);
  EXPECT_EQ(db.trace_all(), before);
}

}  // namespace
}  // namespace jvmm::test
