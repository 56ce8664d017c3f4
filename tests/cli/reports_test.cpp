// 'migrate', 'status' and 'runs'.

#include <fmt/format.h>

#include "cli/cli_db.hpp"

namespace jvmm::test {
namespace {

TEST(Migrate, DryRunSaysWhatIsMissingAndDoesNothing) {
  CliDb const db(CustomerSchema::plain);
  auto const plan = db.run_json({"migrate", "--dry-run"});
  for (auto const& migration : json::Ref(plan, "plan")["migrations"].items())
    EXPECT_FALSE(migration["was_applied"].boolean());
  auto const text = db.run({"migrate", "-n"});
  EXPECT_THAT(text.out, ::testing::HasSubstr("0003_embedding_columns: would be applied"));
  EXPECT_THAT(text.out, ::testing::HasSubstr("384 dimensions"));
  EXPECT_EQ(db.sql("select to_regnamespace('jvmm') is null"), "t");
}

TEST(Migrate, IsIdempotentAndKeepsChecksums) {
  CliDb const db(CustomerSchema::plain);
  EXPECT_THAT(db.run({"migrate"}).out, ::testing::HasSubstr("0001_migration: applied"));
  auto const before = db.trace_all();
  auto const again = db.run({"migrate"});
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_THAT(again.out, ::testing::HasSubstr("0001_migration: there already"));
  EXPECT_EQ(db.trace_all(), before);
  EXPECT_EQ(db.sql("select bool_and(checksum ~ '^[0-9a-f]{64}$' and dims = 384) from jvmm.migration"), "t");
}

TEST(Migrate, GivesNewColumnsTheWidthOfTheModelOrTheOneAskedFor) {
  CliDb const of_model(CustomerSchema::plain);
  EXPECT_EQ(of_model.run({"migrate", "--model", "hashing:64"}).exit_code, 0);
  constexpr auto k_type =
      "select format_type(atttypid, atttypmod) from pg_attribute where attrelid = 'profiles'::regclass "
      "and attname = 'embedding_offering'";
  EXPECT_EQ(of_model.sql(k_type), "vector(64)");
  CliDb const asked_for(CustomerSchema::plain);
  EXPECT_EQ(json::Ref(asked_for.run_json({"migrate", "--dims", "768"}), "migrate")["dims"].integer(), 768);
  EXPECT_EQ(asked_for.sql(k_type), "vector(768)");
  expect_failure(asked_for.run({"migrate", "--dims", "0"}), 64, {"--dims"});
  expect_failure(asked_for.run({"migrate", "--dims", "16001"}), 64, {"--dims"});
}

TEST(Migrate, RefusesADatabaseOfAnotherVersion) {
  CliDb const db;
  db.sql("update jvmm.migration set checksum = 'another' where number = 2");
  expect_failure(db.run({"migrate"}), 78, {"0002_engine", "another text", "use the jvmm that migrated it"});
  expect_failure(db.run({"status"}), 78, {"another text"});
  db.sql("insert into jvmm.migration (number, name, checksum, dims) values (9999, 'future', 'x', 1)");
  db.sql("delete from jvmm.migration where number = 2");
  expect_failure(db.run({"backfill-embeddings"}), 78, {"9999_future", "does not know"});
}

TEST(Migrate, LeavesTheCustomersRowsAlone) {
  CliDb const db(CustomerSchema::plain);
  db.sql(insert_sql(data_lines("provenance.jsonl")));
  auto const content =
      "select md5(string_agg((to_jsonb(p) - array(select attname::text from pg_attribute where "
      "attrelid = 'profiles'::regclass and attname ~ '^(embedding|niche_c|offer_t|cred|content_s|"
      "audience_p|classif)'))::text, '' order by id)) from profiles p";
  auto const before = db.sql(content);
  EXPECT_EQ(db.run({"migrate"}).exit_code, 0);
  EXPECT_EQ(db.sql(content), before);
}

TEST(Status, CountsTextsVectorsAndStages) {
  CliDb const db(Rows::slice);
  auto const report = db.run_json({"backfill-embeddings"});
  auto const document = db.run_json({"status"});
  json::Ref const status(document, "status");
  EXPECT_EQ(status["profiles"].integer(), 74);
  for (auto const* field : {"seeking", "offering", "who_you_serve", "what_you_do"}) {
    EXPECT_EQ(status["fields"][field]["vectors"].integer(), status["fields"][field]["texts"].integer());
    EXPECT_EQ(status["fields"][field]["vectors"].integer(), json::Ref(report, "report")["texts"][field].integer());
  }
  auto const stages = status["stages"].items();
  ASSERT_EQ(stages.size(), 1u);
  EXPECT_EQ(stages[0]["done"].integer(), summary(report, "done"));
  EXPECT_EQ(stages[0]["skipped"].integer(), summary(report, "skipped"));
  EXPECT_EQ(status["models"]["hashing:384"].integer(), summary(report, "done"));
  EXPECT_TRUE(status["leases"].items().empty());
  EXPECT_TRUE(status["failures"].items().empty());
  EXPECT_EQ(status["last_run"].integer(), 1);
  auto const text = db.run({"status"});
  EXPECT_THAT(text.out, ::testing::StartsWith("74 profiles, "));
  EXPECT_THAT(text.out, ::testing::HasSubstr("vectors of hashing:384"));
}

TEST(Status, OfAnEmptyDatabaseIsNoError) {
  CliDb const db;
  auto const document = db.run_json({"status"});
  EXPECT_EQ(json::Ref(document, "status")["profiles"].integer(), 0);
  EXPECT_FALSE(json::Ref(document, "status").find("last_run").has_value());
  EXPECT_EQ(db.run({"status"}).exit_code, 0);
}

TEST(Runs, ListsNewestFirstWithArgumentsAndSummary) {
  CliDb const db(Rows::provenance);
  EXPECT_EQ(db.run({"runs"}).exit_code, 0);
  db.run_json({"backfill-embeddings", "--limit", "3"}, 75);
  db.run_json({"backfill-embeddings"});
  auto const document = db.run_json({"runs"});
  auto const runs = json::Ref(document, "runs")["runs"].items();
  ASSERT_EQ(runs.size(), 2u);
  EXPECT_EQ(runs[0]["run"].integer(), 2);
  EXPECT_EQ(runs[0]["state"].string(), "done");
  EXPECT_EQ(runs[1]["state"].string(), "stopped");
  EXPECT_EQ(runs[1]["exit_code"].integer(), 75);
  EXPECT_EQ(runs[1]["done"].integer(), 3);
  EXPECT_EQ(runs[1]["arguments"]["argv"][0].string(), "backfill-embeddings");
  EXPECT_EQ(runs[1]["arguments"]["argv"][2].string(), "3");
  EXPECT_EQ(runs[1]["summary"]["stopped"].string(), "row_limit");
  auto const one = db.run_json({"runs", "--top", "1"});
  EXPECT_EQ(json::Ref(one, "runs")["runs"].items().size(), 1u);
  EXPECT_THAT(db.run({"runs"}).out, ::testing::HasSubstr("backfill-embeddings"));
}

}  // namespace
}  // namespace jvmm::test
