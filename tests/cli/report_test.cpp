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

std::string content(std::filesystem::path const& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void rescore(CliDb const& db) {
  db.run_json({"backfill-embeddings"});
  db.sql(
      "with p as (select id, row_number() over (order by id) as n from profiles) "
      "insert into match_suggestions (profile_id, suggested_profile_id, match_score) "
      "select a.id, b.id, 20 + a.n from p a, p b where b.n - a.n between 1 and 5");
  db.run_json({"rescore", "--shadow", "engine-2026-02-16"});
}

TEST(Report, ShowsWhatTheLastRunChanged) {
  CliDb const db(Rows::slice);
  rescore(db);
  auto const html = db.run({"report", "--coverage"}).out;
  EXPECT_EQ(html_problem(html), "");
  auto const matches = db.sql("select count(*) from match_suggestions");
  EXPECT_THAT(html, HasSubstr("<dt>matches scored</dt><dd>" + matches + "</dd>"));
  for (auto const* words : {"smooth/1", "hashing:384", "Greatest gains", "Greatest losses", "Shadow: engine-2026-02-16",
                            "Coverage", "prefers-color-scheme"})
    EXPECT_THAT(html, HasSubstr(words));
  auto const mean = db.sql("select round(avg(harmonic_mean), 2) from match_suggestions");
  EXPECT_THAT(html, HasSubstr("<td class=\"number\">" + mean + "</td>"));
}

TEST(Report, NeedsNoNetworkAndNoScript) {
  CliDb const db(Rows::slice);
  rescore(db);
  auto const html = db.run({"report", "--coverage"}).out;
  for (auto const* word : {"<script", "http:", "https:", "url(", "@import", "<link", "<img", "onload"})
    EXPECT_THAT(html, Not(HasSubstr(word)));
}

TEST(Report, EscapesWhateverProfilesAreCalled) {
  CliDb const db(Rows::slice);
  db.sql(
      "with p as (select id, row_number() over (order by id) % 4 as n from profiles) "
      "update profiles set name = (array['<script>alert(1)</script>', 'A \"quoted\" & ''single'' name', "
      "E'\\x1b[2J</td></table>\\u009b', '<img src=x onerror=alert(1)>'])[p.n + 1] from p where p.id = profiles.id");
  rescore(db);
  auto const html = db.run({"report"}).out;
  EXPECT_EQ(html_problem(html), "");
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, Not(HasSubstr("<img")));
  EXPECT_THAT(html, Not(HasSubstr("\x1b")));
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;"));
  EXPECT_THAT(html, HasSubstr("A &quot;quoted&quot; &amp; &#39;single&#39; name"));
}

TEST(Report, TheNewestRunThatScoredComesFirst) {
  CliDb const db(Rows::slice);
  rescore(db);
  db.run_json({"rescore", "--force", "--limit", "7"}, 75);
  db.run_json({"rescore"});  // nothing is left to do
  auto const report = db.run_json({"report"});
  auto const runs = json::Ref(report, "report")["sections"]["impact"]["runs"].items();
  ASSERT_EQ(runs.size(), 2u);
  EXPECT_EQ(runs[0]["impact"]["pairs"].integer(), 7);
  EXPECT_LT(runs[1]["run"].integer(), runs[0]["run"].integer());
  EXPECT_TRUE(runs[1].find("shadow"));
  EXPECT_FALSE(runs[0].find("shadow"));
  auto const html = db.run({"report"}).out;
  EXPECT_THAT(html, HasSubstr("<dt>matches scored</dt><dd>7</dd>"));
  EXPECT_THAT(html, HasSubstr("Earlier runs"));
}

TEST(Report, SaysThatThereIsNothingYet) {
  CliDb const db;
  auto const html = db.run({"report"}).out;
  EXPECT_EQ(html_problem(html), "");
  EXPECT_THAT(html, HasSubstr("No run has scored matches yet"));
  auto const report = db.run_json({"report"});
  EXPECT_TRUE(json::Ref(report, "report")["sections"]["impact"]["runs"].items().empty());
}

TEST(Report, SurvivesSummariesOfOtherVersions) {
  CliDb const db;
  for (auto const* summary : {"{\"impact\": {\"pairs\": 3}}",
                              "{\"impact\": {\"pairs\": 3, \"before\": [], \"gains\": "
                              "[1, {}], \"factors\": null}, \"scoring\": 5, \"shadow\": {\"impact\": {\"gates\": 1}}}",
                              "{\"impact\": 3}", "[]"}) {
    db.sql(fmt::format("insert into jvmm.run (command, version, holder, summary) values ('rescore', '9', '{{}}', '{}')",
                       summary));
    auto const result = db.run({"report"});
    EXPECT_EQ(result.exit_code, 0) << result;
    EXPECT_EQ(html_problem(result.out), "");
  }
}

TEST(Report, AFileIsReplacedWhenItIsWhole) {
  CliDb const db;
  jvmm::testing::TempDir const dir;
  auto const path = dir.path() / "report.html";
  dir.write("report.html", "older");
  auto const result = db.run({"report", "--output", path.string()});
  EXPECT_EQ(result.exit_code, 0) << result;
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(html_problem(content(path)), "");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(dir.path()), {}), 1) << "nothing is left beside it";
  expect_failure(db.run({"report", "--output", (dir.path() / "none" / "x.html").string()}), 74, {"x.html"});
  expect_failure(db.run({"report", "--output", dir.path().string()}), 74, {dir.path().string()});
}

TEST(Report, WritesNothingToTheDatabase) {
  CliDb const db(Rows::slice);
  rescore(db);
  auto const before = db.trace_all() + db.trace("match_suggestions");
  db.run({"report", "--coverage"});
  EXPECT_EQ(db.trace_all() + db.trace("match_suggestions"), before);
}

}  // namespace
}  // namespace jvmm::test
