// What 'backfill-embeddings' stores, and what it leaves alone.

#include <fmt/format.h>

#include <map>
#include <optional>

#include "cli/cli_db.hpp"
#include "cli/stored.hpp"
#include "domain/embedding_field.hpp"
#include "inference/embedder.hpp"
#include "text/canonical.hpp"
#include "text/digest.hpp"

namespace jvmm::test {
namespace {

constexpr std::size_t k_floor = 5;  // code points

std::vector<std::string> keys(json::Value const& object) {
  std::vector<std::string> names;
  for (auto const& [name, value] : json::Ref(object, "object").members())
    names.push_back(name);
  return names;
}

std::vector<float> hashing_vector(std::string_view text) {
  static auto const embedder = [] {
    inference::EmbedderOptions options;
    options.model = "hashing:384";
    return inference::open_embedder(options);
  }();
  std::string_view const texts[]{text};
  return std::move(embedder->embed(texts).front()).value_or_throw().vector;
}

void expect_provenance(json::Value const& entry, std::string_view text) {
  EXPECT_THAT(keys(entry),
              ::testing::UnorderedElementsAre("source", "model", "updated_at", "pipeline_version", "input_hash"));
  json::Ref const meta(entry, "provenance");
  EXPECT_EQ(meta["source"].string(), "hf_embedding");
  EXPECT_EQ(meta["model"].string(), "hashing:384");
  EXPECT_EQ(meta["pipeline_version"].integer(), 2);
  EXPECT_EQ(meta["input_hash"].string(), text::md5_hex(text));
  EXPECT_THAT(meta["updated_at"].string(),
              ::testing::MatchesRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\\.[0-9]{3}\\+00:00"));
}

TEST(BackfillEmbeddings, StoresVectorAndProvenanceOfEachTextOfFiveCharacters) {
  CliDb const db(Rows::slice);
  auto const report = db.run_json({"backfill-embeddings"});
  std::int64_t texts = 0;
  for (auto const& [id, profile] : stored_profiles(db)) {
    SCOPED_TRACE(id);
    for (EmbeddingField field : k_embedding_fields) {
      auto const stored = text_of(profile, name(field));
      auto const text = text::strip(stored);
      auto const vector = vector_of(profile, name(field));
      auto const* entry = field_meta(profile, fmt::format("embedding_{}", name(field)));
      EXPECT_EQ(vector.has_value(), text::code_point_count(text) >= k_floor);
      EXPECT_EQ(entry != nullptr, vector.has_value());
      if (!vector || !entry) continue;
      ++texts;
      EXPECT_EQ(*vector, hashing_vector(text));
      expect_provenance(*entry, text);
    }
  }
  EXPECT_GT(texts, 100);
  json::Ref const counted(report, "report");
  std::int64_t reported = 0;
  for (auto const& [field, count] : counted["texts"].members())
    reported += count.integer();
  EXPECT_EQ(reported, texts);
  EXPECT_EQ(counted["model"].string(), "hashing:384");
}

TEST(BackfillEmbeddings, LeavesEveryOtherColumnAndEntryAsItWas) {
  CliDb const db(Rows::slice);
  auto const before = stored_profiles(db);
  db.run_json({"backfill-embeddings"});
  auto const after = stored_profiles(db);
  ASSERT_EQ(before.size(), after.size());
  for (auto const& [id, profile] : before) {
    SCOPED_TRACE(id);
    EXPECT_EQ(without_ours(after.at(id)), without_ours(profile));
  }
}

TEST(BackfillEmbeddings, KeepsMetadataOfOddShapesBesideItsOwnEntries) {
  CliDb const db(Rows::provenance);
  db.run_json({"backfill-embeddings"});
  auto const metadata = [&](int row, std::string const& path) {
    return db.sql(
        fmt::format("select enrichment_metadata #>> '{{{}}}' from profiles where id = "
                    "'30000000-0000-4000-8000-{:012d}'",
                    path, row));
  };
  EXPECT_EQ(metadata(7, "field_meta,embedding_seeking,source"), "hf_embedding") << "there was none";
  EXPECT_EQ(metadata(9, "unreadable"), R"(["field_meta"])") << "it was an array";
  EXPECT_EQ(metadata(10, "unreadable_field_meta"), R"(["niche", "seeking"])") << "field_meta was an array";
  EXPECT_EQ(metadata(10, "last_enrichment"), "exa_pipeline");
  EXPECT_EQ(metadata(11, "field_meta,niche"), "client_confirmed") << "the entry was a string";
  EXPECT_EQ(metadata(14, "field_meta,embedding_seeking,model"), "hashing:384") << "the entry was of another model";
}

TEST(BackfillEmbeddings, LeavesAVectorThatAClientConfirmed) {
  CliDb const db;
  db.add_profile(1,
                 "seeking = 'podcast guests', offering = 'keynotes', "
                 "embedding_seeking = array_fill(0.5, array[384])::vector, enrichment_metadata = "
                 R"('{"field_meta": {"embedding_seeking": {"source": "client_confirmed"}}}')");
  auto const before = db.sql("select embedding_seeking::text from profiles");
  EXPECT_EQ(summary(db.run_json({"backfill-embeddings"}), "done"), 1);
  db.sql("update profiles set seeking = 'something else'");
  db.run_json({"backfill-embeddings", "--force"});
  EXPECT_EQ(db.sql("select embedding_seeking::text from profiles"), before);
  EXPECT_EQ(db.sql("select enrichment_metadata #>> '{field_meta,embedding_seeking}' from profiles"),
            R"({"source": "client_confirmed"})");
  EXPECT_EQ(db.sql("select embedding_offering is not null from profiles"), "t");
}

TEST(BackfillEmbeddings, DoesNothingTheSecondTime) {
  CliDb const db(Rows::slice);
  db.run_json({"backfill-embeddings"});
  auto const profiles = db.trace("profiles");
  auto const report = db.run_json({"backfill-embeddings"});
  EXPECT_EQ(summary(report, "candidates"), 0);
  EXPECT_EQ(db.trace("profiles"), profiles);
}

TEST(BackfillEmbeddings, DoesNothingWhenOtherColumnsChange) {
  CliDb const db(Rows::slice);
  db.run_json({"backfill-embeddings"});
  db.sql(
      "update profiles set bio = 'new', niche = 'new', updated_at = now(), list_size = 7, "
      "seeking = E'\\n\\u00a0 ' || seeking || '  '");  // blanks around a text are no change either
  EXPECT_EQ(summary(db.run_json({"backfill-embeddings"}), "candidates"), 0);
}

TEST(BackfillEmbeddings, EmbedsOnlyTheFieldWhoseTextChanged) {
  CliDb const db(Rows::provenance);
  db.run_json({"backfill-embeddings"});
  auto const before = stored_profiles(db);
  std::string const id = "30000000-0000-4000-8000-000000000001";
  db.sql("update profiles set seeking = 'hosts of summits' where id = '" + id + "'");
  auto const report = db.run_json({"backfill-embeddings"});
  EXPECT_EQ(summary(report, "done"), 1);
  json::Ref const texts = json::Ref(report, "report")["texts"];
  EXPECT_EQ(texts["seeking"].integer(), 1);
  EXPECT_EQ(texts["offering"].integer(), 0);
  auto const after = stored_profiles(db);
  EXPECT_EQ(vector_of(after.at(id), "seeking"), hashing_vector("hosts of summits"));
  EXPECT_EQ(*field_meta(after.at(id), "embedding_offering"), *field_meta(before.at(id), "embedding_offering"));
}

TEST(BackfillEmbeddings, ClearsTheVectorOfATextThatWentAway) {
  CliDb const db;
  db.add_profile(1, "seeking = 'podcast guests', offering = 'keynotes'");
  db.add_profile(2, "seeking = 'podcast guests'");
  db.run_json({"backfill-embeddings"});
  db.sql("update profiles set seeking = E' \\t four'");
  EXPECT_EQ(summary(db.run_json({"backfill-embeddings"}), "done"), 2);
  EXPECT_EQ(db.sql("select count(embedding_seeking) from profiles"), "0");
  EXPECT_EQ(db.sql("select count(*) from profiles where enrichment_metadata -> 'field_meta' ? 'embedding_seeking'"),
            "0");
  EXPECT_EQ(db.sql("select string_agg(coalesce(embeddings_model, 'none'), ' ' order by id) from profiles"),
            "hashing:384 none");
  EXPECT_EQ(summary(db.run_json({"backfill-embeddings"}), "candidates"), 0);
}

TEST(BackfillEmbeddings, RemembersProfilesWithoutText) {
  CliDb const db;
  db.add_profile(1, "seeking = 'abcd', offering = ''");
  db.add_profile(2, "");
  auto const first = db.run_json({"backfill-embeddings"});
  EXPECT_EQ(summary(first, "skipped"), 2);
  EXPECT_EQ(db.sql("select count(*) from profiles where enrichment_metadata is not null"), "0");
  EXPECT_EQ(summary(db.run_json({"backfill-embeddings"}), "candidates"), 0);
  db.sql("update profiles set seeking = 'abcde' where id = '" + profile_id(1) + "'");
  EXPECT_EQ(summary(db.run_json({"backfill-embeddings"}), "done"), 1);
}

TEST(BackfillEmbeddings, EmbedsEverythingAgainWithAnotherModel) {
  CliDb const db(CustomerSchema::plain);
  db.sql(insert_sql(data_lines("provenance.jsonl")));
  ASSERT_EQ(db.run({"migrate", "--dims", "64"}, {.env = {{"JVMM_MODEL", "hashing:64"}}}).exit_code, 0);
  auto const run = [&](std::string const& model) {
    return json::parse(db.run({"backfill-embeddings", "--format", "json", "--model", model}).out);
  };
  auto const first = run("hashing:64");
  db.sql("update jvmm.ledger set fingerprint = 'another revision' where outcome = 'done'");
  EXPECT_EQ(summary(run("hashing:64"), "done"), summary(first, "done"));
  db.sql(
      "update profiles set enrichment_metadata = jsonb_set(enrichment_metadata, "
      "'{field_meta,embedding_seeking,model}', '\"old-model\"') where embedding_seeking is not null");
  auto const report = run("hashing:64");
  EXPECT_EQ(json::Ref(report, "report")["texts"]["seeking"].integer(),
            json::Ref(first, "report")["texts"]["seeking"].integer());
  EXPECT_EQ(json::Ref(report, "report")["texts"]["offering"].integer(), 0);
}

TEST(BackfillEmbeddings, EmbedsAgainWhenThePipelineChanged) {
  CliDb const db;
  db.add_profile(1, "seeking = 'podcast guests', offering = 'keynotes'");
  db.run_json({"backfill-embeddings"});
  db.sql(
      "update profiles set enrichment_metadata = jsonb_set(enrichment_metadata, "
      "'{field_meta,embedding_seeking,pipeline_version}', '1')");
  auto const report = db.run_json({"backfill-embeddings"});
  EXPECT_EQ(json::Ref(report, "report")["texts"]["seeking"].integer(), 1);
  EXPECT_EQ(json::Ref(report, "report")["texts"]["offering"].integer(), 0);
}

TEST(BackfillEmbeddings, ReportsInTextOrNotAtAll) {
  CliDb const db(Rows::provenance);
  auto const text = db.run({"backfill-embeddings"});
  EXPECT_EQ(text.exit_code, 0) << text;
  EXPECT_THAT(text.out, ::testing::StartsWith("run 1: 12 profiles written in "));
  EXPECT_THAT(text.out, ::testing::HasSubstr("profiles/s"));
  auto const quiet = db.run({"backfill-embeddings", "--force", "-q"});
  EXPECT_EQ(quiet.exit_code, 0);
  EXPECT_EQ(quiet.out + quiet.err, "") << "cron mails what is said";
}

}  // namespace
}  // namespace jvmm::test
