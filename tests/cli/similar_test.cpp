#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/cli_db.hpp"
#include "cli/stored.hpp"

namespace jvmm::test {
namespace {

struct Neighbour {
  std::string profile;
  double similarity;
};

double cosine(std::vector<float> const& a, std::vector<float> const& b) {
  double dot = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    dot += double{a[i]} * b[i];
    aa += double{a[i]} * a[i];
    bb += double{b[i]} * b[i];
  }
  return dot / std::sqrt(aa * bb);
}

/// All others by similarity, from the stored vectors.
std::vector<Neighbour> brute_force(CliDb const& db, std::string const& profile, std::string_view field,
                                   std::string_view against) {
  auto const profiles = stored_profiles(db);
  auto const query = vector_of(profiles.at(profile), field);
  std::vector<Neighbour> all;
  for (auto const& [id, other] : profiles)
    if (auto const vector = vector_of(other, against); vector && id != profile)
      all.push_back({id, cosine(*query, *vector)});
  std::stable_sort(all.begin(), all.end(), [](auto const& a, auto const& b) { return a.similarity > b.similarity; });
  return all;
}

std::string profile_with(CliDb const& db, std::string const& field) {
  return db.sql(fmt::format("select id from profiles where embedding_{} is not null order by id limit 1", field));
}

/// Equal similarities may come in any order within the rounding of either side, so ids are compared through theirs.
void expect_exact(CliDb const& db, std::string const& field, std::string const& against, std::size_t top) {
  SCOPED_TRACE(field + " against " + against);
  auto const profile = profile_with(db, field);
  auto const expected = brute_force(db, profile, field, against);
  auto const report =
      db.run_json({"similar", profile, "--field", field, "--against", against, "--top", std::to_string(top)});
  auto const hits = json::Ref(report, "similar")["results"].items();
  ASSERT_EQ(hits.size(), std::min(top, expected.size()));
  for (std::size_t i = 0; i < hits.size(); ++i) {
    auto const id = hits[i]["profile"].string();
    auto const it = std::find_if(expected.begin(), expected.end(), [&](auto const& n) { return n.profile == id; });
    ASSERT_NE(it, expected.end());
    EXPECT_NEAR(hits[i]["similarity"].number(), it->similarity, 1e-6);
    EXPECT_NEAR(hits[i]["similarity"].number(), expected[i].similarity, 1e-6) << "rank " << i;
  }
}

TEST(Similar, IsExact) {
  CliDb const db(Rows::slice);
  db.run_json({"backfill-embeddings"});
  expect_exact(db, "what_you_do", "what_you_do", 10);
  expect_exact(db, "seeking", "offering", 5);
  expect_exact(db, "who_you_serve", "who_you_serve", 1000);
}

TEST(Similar, IsExactBesideAnApproximateIndex) {
  CliDb const db(Rows::slice);
  // As the customer's newest schema has it: made on empty columns, so its lists mean nothing.
  db.sql(
      "create index on profiles using ivfflat (embedding_what_you_do vector_cosine_ops) with (lists = 50);"
      "create index on profiles using hnsw (embedding_seeking vector_cosine_ops)");
  db.run_json({"backfill-embeddings"});
  db.sql("analyze profiles; alter database " + db.db().name() + " set enable_seqscan = off");
  expect_exact(db, "what_you_do", "what_you_do", 20);
  expect_exact(db, "seeking", "seeking", 20);
}

TEST(Similar, FindsAFreeText) {
  CliDb const db;
  db.add_profile(1, "what_you_do = 'growth coach for bakers', company = 'Rise Ltd'");
  db.add_profile(2, "what_you_do = 'tax law for sailors'");
  db.run_json({"backfill-embeddings"});
  auto const report = db.run_json({"similar", "--text", "  growth coach for bakers\n", "--top", "1"});
  json::Ref const similar(report, "similar");
  EXPECT_EQ(similar["text"].string(), "growth coach for bakers");
  EXPECT_FALSE(similar.find("profile").has_value());
  auto const hits = similar["results"].items();
  ASSERT_EQ(hits.size(), 1u);
  EXPECT_EQ(hits[0]["profile"].string(), profile_id(1));
  EXPECT_EQ(hits[0]["company"].string(), "Rise Ltd");
  EXPECT_NEAR(hits[0]["similarity"].number(), 1, 1e-6);
  auto const text = db.run({"similar", "--text", "growth coach"});
  EXPECT_THAT(text.out, ::testing::StartsWith("free text, against what_you_do, model hashing:384\n"));
  EXPECT_THAT(text.out, ::testing::HasSubstr("tax law for sailors"));
}

TEST(Similar, ComparesOnlyVectorsOfTheSameModel) {
  CliDb const db;
  for (int i = 1; i <= 3; ++i)
    db.add_profile(i, "what_you_do = 'growth coach'");
  db.run_json({"backfill-embeddings"});
  db.sql("update profiles set embeddings_model = 'another' where id = '" + profile_id(2) + "'");
  auto const report = db.run_json({"similar", profile_id(1)});
  auto const hits = json::Ref(report, "similar")["results"].items();
  ASSERT_EQ(hits.size(), 1u);
  EXPECT_EQ(hits[0]["profile"].string(), profile_id(3));
}

TEST(Similar, ReadsOnly) {
  CliDb const db(Rows::provenance);
  db.run_json({"backfill-embeddings"});
  auto const before = db.trace_all();
  db.run_json({"similar", "--text", "coach"});
  EXPECT_EQ(db.trace_all(), before);
}

TEST(Similar, SaysWhatIsMissing) {
  CliDb const db;
  db.add_profile(1, "what_you_do = 'growth coach'");
  db.add_profile(2, "");
  db.run_json({"backfill-embeddings"});
  expect_failure(db.run({"similar", profile_id(3)}), 65, {"there is no profile " + profile_id(3)});
  expect_failure(db.run({"similar", profile_id(2)}), 65, {"has no vector for what_you_do", "backfill-embeddings"});
  expect_failure(db.run({"similar", profile_id(1), "--field", "seeking"}), 65, {"has no vector for seeking"});
  expect_failure(db.run({"similar"}), 64, {"--text"});
  expect_failure(db.run({"similar", profile_id(1), "--text", "x"}), 64, {"either"});
  expect_failure(db.run({"similar", "no-id"}), 64, {"no-id"});
  expect_failure(db.run({"similar", "--text", " \n\t\xc2\xa0"}), 64, {"--text is blank"});
  expect_failure(db.run({"similar", "--text", "x", "--field", "bio"}), 64, {"bio", "what_you_do"});
  expect_failure(db.run({"similar", "--text", "x", "--against", "bio"}), 64, {"bio", "what_you_do"});
  expect_failure(db.run({"similar", "--text", "x", "--top", "0"}), 64, {"--top"});
  expect_failure(db.run({"similar", "--text", "x", "--model", "hashing:64"}), 76, {"vector(384)", "hashing:64", "64"});
}

TEST(Similar, OfAnEmptyTableIsAnEmptyList) {
  CliDb const db;
  auto const report = db.run_json({"similar", "--text", "coach"});
  EXPECT_TRUE(json::Ref(report, "similar")["results"].items().empty());
}

}  // namespace
}  // namespace jvmm::test
