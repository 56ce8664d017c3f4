// The options of 'backfill-embeddings': which rows, and how far.

#include <fmt/format.h>

#include "cli/cli_db.hpp"

namespace jvmm::test {
namespace {

/// Profiles 1 to `count`, each with two texts.
void add_profiles(CliDb const& db, int count) {
  for (int i = 1; i <= count; ++i)
    db.add_profile(i, fmt::format("seeking = 'partner number {0}', what_you_do = 'trade number {0}'", i));
}

std::string embedded(CliDb const& db) {
  return db.sql(
      "select string_agg(right(id::text, 2), ' ' order by id) from profiles where embedding_seeking is not null");
}

TEST(BackfillEmbeddingsForce, EmbedsWhatIsFreshToo) {
  CliDb const db;
  add_profiles(db, 3);
  db.run_json({"backfill-embeddings"});
  auto const report = db.run_json({"backfill-embeddings", "--force"});
  EXPECT_EQ(summary(report, "done"), 3);
  EXPECT_EQ(json::Ref(report, "report")["texts"]["seeking"].integer(), 3);
}

TEST(BackfillEmbeddingsForce, StampsProvenanceOnlyWhereAValueChanged) {
  CliDb const db;
  add_profiles(db, 3);
  db.run_json({"backfill-embeddings"});
  auto const provenance = "select string_agg(enrichment_metadata::text, ' ' order by id) from profiles";
  auto const before = db.sql(provenance);
  db.run_json({"backfill-embeddings", "--force"});
  EXPECT_EQ(db.sql(provenance), before);
  db.sql(
      "update profiles set enrichment_metadata = jsonb_set(enrichment_metadata, "
      "'{field_meta,embedding_seeking,model}', '\"another\"')");
  db.run_json({"backfill-embeddings", "--force"});
  EXPECT_NE(db.sql(provenance), before);
}

TEST(BackfillEmbeddingsLimit, StopsWith75WhileMoreRemainsAndGoesOn) {
  CliDb const db;
  add_profiles(db, 5);
  EXPECT_EQ(summary(db.run_json({"backfill-embeddings", "--limit", "2"}, 75), "done"), 2);
  EXPECT_EQ(embedded(db), "01 02");
  EXPECT_EQ(summary(db.run_json({"backfill-embeddings", "--limit", "2", "--batch-size", "1"}, 75), "done"), 2);
  EXPECT_EQ(summary(db.run_json({"backfill-embeddings", "--limit", "2"}, 0), "done"), 1);
  EXPECT_EQ(embedded(db), "01 02 03 04 05");
  EXPECT_EQ(db.sql("select string_agg(outcome || exit_code, ' ' order by id) from jvmm.run"),
            "stopped75 stopped75 done0");
}

TEST(BackfillEmbeddingsLimit, IsNoEarlyStopWhenNothingRemains) {
  CliDb const db;
  add_profiles(db, 3);
  EXPECT_EQ(summary(db.run_json({"backfill-embeddings", "--limit", "3"}, 0), "done"), 3);
}

TEST(BackfillEmbeddingsSince, TakesOnlyWhatWasUpdatedSince) {
  CliDb const db;
  add_profiles(db, 3);
  db.sql("update profiles set updated_at = now() - interval '10 days' where id = '" + profile_id(1) + "'");
  db.sql("update profiles set updated_at = '2020-02-02T10:00:00Z' where id = '" + profile_id(2) + "'");
  db.run_json({"backfill-embeddings", "--since", "7d"});
  EXPECT_EQ(embedded(db), "03");
  db.run_json({"backfill-embeddings", "--since", "2020-02-02T11:00:01+01:00"});
  EXPECT_EQ(embedded(db), "01 03");
  db.run_json({"backfill-embeddings", "--since", "2020-02-02"});
  EXPECT_EQ(embedded(db), "01 02 03");
}

TEST(BackfillEmbeddingsStaleDays, AlsoRedoesWhatIsOlder) {
  CliDb const db;
  add_profiles(db, 3);
  db.run_json({"backfill-embeddings"});
  db.sql("update profiles set embeddings_updated_at = now() - interval '31 days' where id <= '" + profile_id(2) + "'");
  EXPECT_EQ(summary(db.run_json({"backfill-embeddings", "--stale-days", "32"}), "done"), 0);
  EXPECT_EQ(summary(db.run_json({"backfill-embeddings", "--stale-days", "30"}), "done"), 2);
  EXPECT_EQ(summary(db.run_json({"backfill-embeddings", "--stale-days", "30"}), "done"), 0);
}

TEST(BackfillEmbeddingsProfileIds, AreIdsOrFilesOrStandardInput) {
  CliDb const db;
  add_profiles(db, 6);
  EXPECT_EQ(db.run({"backfill-embeddings", "--profile-ids", profile_id(1), profile_id(2)}).exit_code, 0);
  EXPECT_EQ(embedded(db), "01 02");
  testing::TempDir const folder;
  auto const file = folder.write("ids.txt", "# picked by hand\n\n  " + profile_id(4) + " \r\n" + profile_id(4) + "\n");
  EXPECT_EQ(db.run({"backfill-embeddings", "--profile-ids", file.string()}).exit_code, 0);
  EXPECT_EQ(embedded(db), "01 02 04");
  auto const piped = db.run({"backfill-embeddings", "--profile-ids", "-"}, {.input = profile_id(6)});
  EXPECT_EQ(piped.exit_code, 0) << piped;
  EXPECT_EQ(embedded(db), "01 02 04 06");
}

TEST(BackfillEmbeddingsProfileIds, NameFileAndLineOfABadOne) {
  CliDb const db;
  add_profiles(db, 1);
  testing::TempDir const folder;
  auto const file = folder.write("ids.txt", profile_id(1) + "\nno-uuid\n");
  auto const before = db.trace_all();
  expect_failure(db.run({"backfill-embeddings", "--profile-ids", file.string()}), 65,
                 {file.string() + ":2:", "no-uuid", "expected a profile id"});
  expect_failure(db.run({"backfill-embeddings", "--profile-ids", "-"}, {.input = "10000000-\n"}), 65,
                 {"standard input:1:"});
  expect_failure(db.run({"backfill-embeddings", "--profile-ids", "-"}), 65, {"no id was given"});
  expect_failure(db.run({"backfill-embeddings", "--profile-ids", "/no/such/file"}), 66, {"/no/such/file"});
  expect_failure(db.run({"backfill-embeddings", "--profile-ids", folder.path().string()}), 65, {});
  EXPECT_EQ(db.trace_all(), before);
}

TEST(BackfillEmbeddingsShard, PartsMakeUpTheWhole) {
  CliDb const db;
  for (int i = 0; i < 16; ++i)
    db.sql(
        fmt::format("insert into profiles (id, name, seeking) values ('{:x}0000000-0000-4000-8000-000000000000', "
                    "'P', 'partner {}')",
                    i, i));
  EXPECT_EQ(summary(db.run_json({"backfill-embeddings", "--shard", "0/2"}), "done"), 8);
  EXPECT_EQ(summary(db.run_json({"backfill-embeddings", "--shard", "0/2"}), "done"), 0);
  EXPECT_EQ(summary(db.run_json({"backfill-embeddings", "--shard", "1/2"}), "done"), 8);
  EXPECT_EQ(summary(db.run_json({"backfill-embeddings"}), "done"), 0);
}

TEST(BackfillEmbeddingsDryRun, CountsAndWritesNothing) {
  CliDb const db(Rows::slice);
  auto const before = db.trace_all();
  auto const plan = db.run_json({"backfill-embeddings", "--dry-run"});
  auto const text = db.run({"backfill-embeddings", "-n"});
  EXPECT_EQ(text.exit_code, 0);
  EXPECT_THAT(text.out, ::testing::HasSubstr("Would look at 74 profiles with hashing:384"));
  EXPECT_EQ(db.trace_all(), before);
  auto const report = db.run_json({"backfill-embeddings"});
  json::Ref const planned = json::Ref(plan, "plan")["plan"];
  EXPECT_EQ(planned["profiles"].integer(), summary(report, "candidates"));
  EXPECT_EQ(planned["empty"].integer(), summary(report, "skipped"));
  EXPECT_EQ(planned["texts"].value(), json::Ref(report, "report")["texts"].value());
}

TEST(BackfillEmbeddingsPreview, ShowsBeforeAndAfterAndWritesNothing) {
  CliDb const db(Rows::provenance);
  db.run_json({"backfill-embeddings"});
  db.sql("update profiles set seeking = 'someone new' where name = 'Odile Farrow'");
  db.sql("update profiles set embedding_seeking = null where name = 'Bram Okonjo'");
  auto const before = db.trace_all();
  auto const shown = db.run_json({"backfill-embeddings", "--preview", "5"});
  auto const changes = json::Ref(shown, "preview")["preview"].items();
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(changes[0]["text"].string(), "someone new");
  EXPECT_LT(changes[0]["before"]["cosine"].number(), 0.99);
  EXPECT_FALSE(changes[1].find("before").has_value());
  EXPECT_EQ(changes[1]["after"].items().size(), 384u);
  auto const text = db.run({"backfill-embeddings", "--preview", "1"});
  EXPECT_THAT(text.out, ::testing::EndsWith("Nothing was written.\n"));
  EXPECT_EQ(db.trace_all(), before);
}

TEST(BackfillEmbeddingsMaxFailures, StopsOnceMoreFailed) {
  CliDb const db;
  add_profiles(db, 20);
  db.sql(
      "create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no entry'; end $$;"
      "create trigger refuse before update on profiles for each row execute function refuse()");
  auto const report = db.run_json({"backfill-embeddings", "--batch-size", "1", "--max-failures", "2"}, 75);
  EXPECT_GE(summary(report, "failed"), 3);
  EXPECT_LT(summary(report, "failed"), 20);
  EXPECT_EQ(json::Ref(report, "report")["summary"]["stopped"].string(), "failure_limit");
}

TEST(BackfillEmbeddingsMaxMinutes, StopsBetweenBatches) {
  CliDb const db;
  add_profiles(db, 2);
  auto const report = db.run_json({"backfill-embeddings", "--max-minutes", "0"}, 75);
  EXPECT_EQ(json::Ref(report, "report")["summary"]["stopped"].string(), "time_limit");
  EXPECT_EQ(summary(db.run_json({"backfill-embeddings", "--max-minutes", "1"}), "done"), 2);
}

struct BadOptions {
  char const* name;
  Arguments arguments;
  char const* words;
};

class BadOptionsTest : public ::testing::TestWithParam<BadOptions> {};

TEST_P(BadOptionsTest, AreRefusedBeforeAnythingIsDone) {
  Arguments arguments{"backfill-embeddings"};
  arguments.insert(arguments.end(), GetParam().arguments.begin(), GetParam().arguments.end());
  expect_failure(run_cli(arguments, {.env = {{"DATABASE_URL", "host=/nonexistent"}}}), 64, {GetParam().words});
}

INSTANTIATE_TEST_SUITE_P(
    BackfillEmbeddings, BadOptionsTest,
    ::testing::Values(BadOptions{"Unknown", {"--nonsense"}, "--nonsense"},
                      BadOptions{"DryRunAndPreview", {"--dry-run", "--preview", "1"}, "--preview"},
                      BadOptions{"PreviewOfNone", {"--preview", "0"}, "--preview"},
                      BadOptions{"ForceAndStale", {"--force", "--stale-days", "1"}, "--stale-days"},
                      BadOptions{"StaleDaysBeyondAllTime", {"--stale-days", "99999999"}, "--stale-days"},
                      BadOptions{"ShardBeyondCount", {"--shard", "2/2"}, "--shard"},
                      BadOptions{"ShardOfWords", {"--shard", "one"}, "I/N"},
                      BadOptions{"Since", {"--since", "yesterday"}, "--since"},
                      BadOptions{"SinceNoSuchDay", {"--since", "2026-02-30"}, "--since"},
                      BadOptions{"NegativeLimit", {"--limit=-1"}, "--limit"},
                      BadOptions{"NegativePreview", {"--preview=-1"}, "--preview"},
                      BadOptions{"LimitOfWords", {"--limit", "ten"}, "--limit"},
                      BadOptions{"BatchSizeOfZero", {"--batch-size", "0"}, "batch_size"},
                      BadOptions{"Format", {"--format", "xml"}, "text|json"},
                      BadOptions{"HashingDims", {"--model", "hashing:0"}, "hashing:0"}),
    [](auto const& given) { return std::string(given.param.name); });

}  // namespace
}  // namespace jvmm::test
