// The program with a server that others wrote: the same vectors as from the model in this process.

#include <fmt/format.h>

#include <algorithm>

#include "cli/cli_db.hpp"
#include "cli/stored.hpp"
#include "domain/embedding_field.hpp"
#include "math/vector.hpp"
#include "real/real_server.hpp"

namespace jvmm::test {
namespace {

using ::testing::HasSubstr;

constexpr float k_least_cosine = 0.9999f;

CliOptions with_route(std::string const& route) {
  return {.env = {{"JVMM_MODEL", ""},
                  {"JVMM_EMBED", route},
                  {"JVMM_REMOTE_CONCURRENCY", "2"},
                  {"JVMM_REMOTE_BATCH_ITEMS", "16"},
                  {"JVMM_REQUEST_TIMEOUT", "300"},
                  {"JVMM_RETRY_SECONDS", "300"}},
          .timeout = std::chrono::seconds(600)};
}

json::Value embed(CliDb const& db, std::string const& route) {
  auto const result = db.run({"backfill-embeddings", "--format", "json"}, with_route(route));
  EXPECT_EQ(result.exit_code, 0) << result;
  return json::parse(result.out, "stdout of jvmm backfill-embeddings");
}

/// Compares all vectors of both databases; gives their number.
int expect_same_vectors(CliDb const& one, CliDb const& other) {
  auto const others = stored_profiles(other);
  int compared = 0;
  for (auto const& [id, profile] : stored_profiles(one))
    for (EmbeddingField field : k_embedding_fields) {
      auto const served = vector_of(profile, name(field)), local = vector_of(others.at(id), name(field));
      EXPECT_EQ(served.has_value(), local.has_value()) << id << " " << name(field);
      if (!served || !local) continue;
      EXPECT_EQ(served->size(), 384u);
      EXPECT_GE(math::cosine(*served, *local), k_least_cosine) << id << ": " << text_of(profile, name(field));
      ++compared;
    }
  return compared;
}

std::string repeated(std::string const& text, int times) {
  return fmt::format("repeat('{}', {})", text, times);
}

TEST(ServedEmbedding, IsThatOfTheModelInThisProcess) {
  RealServer const server;
  CliDb const served(Rows::slice), local(Rows::slice);
  auto const report = embed(served, server.spec());
  embed(local, "local:all-MiniLM-L6-v2");
  EXPECT_EQ(summary(report, "failed"), 0);
  EXPECT_GT(expect_same_vectors(served, local), 200);
  EXPECT_EQ(served.sql("select distinct embeddings_model from profiles where embeddings_model is not null"),
            "all-MiniLM-L6-v2");
}

// The server itself would read on to 512 tokens and refuse what is longer still.
TEST(ServedEmbedding, SeesOfALongTextWhatTheModelSees) {
  RealServer const server;
  CliDb const served, local;
  for (auto const* db : {&served, &local}) {
    db->add_profile(1, "seeking = 'first ' || " + repeated("partners for joint ventures ", 90));
    db->add_profile(2, "seeking = 'second ' || " + repeated("keynotes, panels and podcasts; ", 10'000));
    db->add_profile(3, "seeking = 'third ' || " + repeated("Electroencephalographically-", 300));
    db->add_profile(4, "seeking = 'fourth ' || " + repeated("Zürcher Künstler im 日本 ", 100));
    db->add_profile(5, "seeking = 'this one fits'");
  }
  auto const report = embed(served, server.spec());
  embed(local, "local:all-MiniLM-L6-v2");
  EXPECT_EQ(summary(report, "failed"), 0);
  EXPECT_EQ(json::Ref(report, "report")["truncated"].integer(), 4);
  EXPECT_EQ(expect_same_vectors(served, local), 5);
}

TEST(ServedEmbedding, FindsByMeaningWhatSharesNoWord) {
  RealServer const server;
  CliDb const db;
  db.add_profile(1, "who_you_serve = 'physicians with their own practice'");
  db.add_profile(2, "who_you_serve = 'people who restore old motorcycles'");
  db.add_profile(3, "who_you_serve = 'gardeners in small towns'");
  embed(db, server.spec());
  auto const similar = db.run({"similar", "--text", "doctors", "--field", "who_you_serve", "--format", "json"},
                              with_route(server.spec()));
  ASSERT_EQ(similar.exit_code, 0) << similar;
  auto const report = json::parse(similar.out);
  EXPECT_EQ(json::Ref(report, "similar")["results"][0]["profile"].string(), profile_id(1));
}

TEST(ServedEmbedding, IsFoundSoundByTheDoctor) {
  RealServer const server;
  CliDb const db;
  auto const result = db.run({"doctor"}, with_route(server.spec()));
  EXPECT_EQ(result.exit_code, 0) << result.out << result;
  EXPECT_THAT(result.out, HasSubstr("embed by " + server.spec()));
  EXPECT_THAT(result.out, HasSubstr("sentence-transformers/all-MiniLM-L6-v2"));
  EXPECT_THAT(result.out, HasSubstr("window 512 tokens"));
  EXPECT_THAT(result.out, HasSubstr("384 dimensions"));
}

// The server answers to any name with the model that it has, and bge-small has as many dimensions.
TEST(ServedEmbedding, OfAnotherModelIsRefused) {
  RealServer const server;
  CliDb const db;
  db.add_profile(1, "seeking = 'partners'");
  auto const route = server.spec("BAAI/bge-small-en-v1.5");
  auto const run = db.run({"backfill-embeddings"}, with_route(route));
  EXPECT_EQ(run.exit_code, 78) << run;
  EXPECT_THAT(run.err, HasSubstr("has model sentence-transformers/all-MiniLM-L6-v2, not BAAI/bge-small-en-v1.5"));
  EXPECT_EQ(db.sql("select count(*) from profiles where embedding_seeking is not null"), "0");
  auto const doctor = db.run({"doctor"}, with_route(route));
  EXPECT_EQ(doctor.exit_code, 1) << doctor;
  EXPECT_THAT(doctor.out, HasSubstr("has model sentence-transformers/all-MiniLM-L6-v2"));
}

}  // namespace
}  // namespace jvmm::test
