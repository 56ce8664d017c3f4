#include <fmt/format.h>

#include "cli/cli_db.hpp"

namespace jvmm::test {
namespace {

/// Every byte of every row.
std::string content(CliDb const& db) {
  return db.sql("select string_agg(p::text, E'\\n' order by id) from profiles p");
}

std::int64_t number(json::Value const& report, std::string_view member) {
  return json::Ref(report, "undo")[member].integer();
}

/// Metadata of every shape there is, vectors that were there before, and a row without text.
void add_odd_rows(CliDb const& db) {
  constexpr char const* k_metadata[] = {"null",
                                        "'null'",
                                        "'{}'",
                                        "'[1, 2]'",
                                        "'\"text\"'",
                                        "'{\"field_meta\": {}}'",
                                        "'{\"field_meta\": null}'",
                                        "'{\"field_meta\": [\"niche\"], \"tier\": 2.50}'",
                                        "'{\"field_meta\": {\"embedding_seeking\": \"a string\"}}'",
                                        "'{\"field_meta\": {\"niche\": null}, \"unreadable\": 1}'"};
  int row = 1;
  for (auto const* metadata : k_metadata)
    db.add_profile(row++, fmt::format("seeking = 'partners', enrichment_metadata = {}", metadata));
  db.add_profile(row++,
                 "seeking = 'partners', embedding_seeking = array_fill(0.1, array[384])::vector, "
                 "embeddings_model = 'old', embeddings_updated_at = '2025-01-02T03:04:05.678901+02:00'");
  db.add_profile(row++, "embedding_offering = array_fill(1e-30, array[384])::vector, embeddings_model = 'old'");
  db.add_profile(row++, "");
}

TEST(Undo, RestoresEveryByte) {
  CliDb const db(Rows::slice);
  add_odd_rows(db);
  auto const before = content(db);
  auto const run = db.run_json({"backfill-embeddings"});
  EXPECT_NE(content(db), before);
  auto const report = db.run_json({"undo", "1"});
  EXPECT_EQ(content(db), before);
  EXPECT_EQ(number(report, "restored"), summary(run, "done"));
  EXPECT_EQ(number(report, "changed_since"), 0);
  EXPECT_EQ(db.sql("select count(*) from jvmm.ledger"), "0");
  EXPECT_EQ(summary(db.run_json({"backfill-embeddings"}), "candidates"), summary(run, "candidates"));
}

TEST(Undo, TakesBackOneRunOfTwo) {
  CliDb const db(Rows::provenance);
  db.run_json({"backfill-embeddings"});
  db.sql("update profiles set seeking = 'someone else' where name < 'M' and seeking is not null");
  auto const before = content(db);
  db.run_json({"backfill-embeddings"});
  EXPECT_NE(content(db), before);
  db.run_json({"undo", "2"});
  EXPECT_EQ(content(db), before);
}

TEST(Undo, RestoresAVectorThatWasCleared) {
  CliDb const db;
  db.add_profile(1, "seeking = 'partners', offering = 'keynotes'");
  db.run_json({"backfill-embeddings"});
  db.sql("update profiles set seeking = null");
  auto const before = content(db);
  db.run_json({"backfill-embeddings"});
  db.run_json({"undo", "2"});
  EXPECT_EQ(content(db), before);
}

TEST(Undo, LeavesWhatWasEditedSince) {
  CliDb const db;
  db.add_profile(1, "seeking = 'partners'");
  db.add_profile(2, "seeking = 'partners', enrichment_metadata = '{\"tier\": 1}'");
  db.run_json({"backfill-embeddings"});
  db.sql("update profiles set embedding_seeking = array_fill(0.5, array[384])::vector where id = '" + profile_id(1) +
         "'");
  db.sql(
      "update profiles set bio = 'new', enrichment_metadata = jsonb_set(enrichment_metadata || '{\"tier\": 2}', "
      "'{field_meta,niche}', '{\"source\": \"manual_edit\"}') where id = '" +
      profile_id(2) + "'");
  auto const edited = db.sql("select p::text from profiles p where id = '" + profile_id(1) + "'");
  auto const report = db.run_json({"undo", "1"});
  EXPECT_EQ(number(report, "restored"), 1);
  EXPECT_EQ(number(report, "changed_since"), 1);
  EXPECT_EQ(db.sql("select p::text from profiles p where id = '" + profile_id(1) + "'"), edited);
  EXPECT_EQ(db.sql("select enrichment_metadata::text || bio from profiles where id = '" + profile_id(2) + "'"),
            R"({"tier": 2, "field_meta": {"niche": {"source": "manual_edit"}}}new)");
}

TEST(Undo, CanBeRunAgainAndOverADeletedRow) {
  CliDb const db;
  db.add_profile(1, "seeking = 'partners'");
  db.add_profile(2, "seeking = 'partners'");
  db.run_json({"backfill-embeddings"});
  db.sql("delete from profiles where id = '" + profile_id(1) + "'");
  EXPECT_EQ(number(db.run_json({"undo", "1"}), "restored"), 1);
  EXPECT_EQ(number(db.run_json({"undo", "1"}), "looked_at"), 0);
}

TEST(Undo, ForgetsWhatTheRunOnlyRecorded) {
  CliDb const db;
  db.add_profile(1, "");
  db.run_json({"backfill-embeddings"});
  db.run_json({"undo", "1"});
  EXPECT_EQ(db.sql("select count(*) from jvmm.ledger"), "0");
}

TEST(Undo, DryRunWritesNothing) {
  CliDb const db(Rows::provenance);
  db.run_json({"backfill-embeddings"});
  auto const before = db.trace_all();
  EXPECT_EQ(number(db.run_json({"undo", "1", "--dry-run"}), "looked_at"), 12);
  EXPECT_THAT(db.run({"undo", "1", "-n"}).out, ::testing::HasSubstr("12 profiles"));
  EXPECT_EQ(db.trace_all(), before);
}

TEST(Undo, IsShownAmongTheRuns) {
  CliDb const db(Rows::provenance);
  db.run_json({"backfill-embeddings"});
  EXPECT_THAT(db.run({"undo", "1"}).out, ::testing::StartsWith("run 1: 12 profiles restored"));
  auto const runs = db.run_json({"runs"});
  auto const listed = json::Ref(runs, "runs")["runs"].items();
  ASSERT_EQ(listed.size(), 2u);
  EXPECT_EQ(listed[0]["command"].string(), "undo");
  EXPECT_EQ(listed[0]["summary"]["restored"].integer(), 12);
}

TEST(Undo, RefusesWhatIsNoRunToUndo) {
  CliDb const db(Rows::provenance);
  db.run_json({"backfill-embeddings"});
  db.run_json({"undo", "1"});
  auto const before = db.trace_all();
  expect_failure(db.run({"undo", "99"}), 65, {"there is no run 99", "jvmm runs"});
  expect_failure(db.run({"undo", "2"}), 65, {"cannot be undone"});
  expect_failure(db.run({"undo"}), 64, {"RUN"});
  expect_failure(db.run({"undo", "first"}), 64, {"RUN"});
  EXPECT_EQ(db.trace_all(), before);
}

}  // namespace
}  // namespace jvmm::test
