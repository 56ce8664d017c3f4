// The scores that 'jvmm rescore' writes: those of the reference, and those of the library.

#include <fmt/format.h>

#include <map>

#include "base/clock.hpp"
#include "cli/match_rows.hpp"
#include "scoring/calibration.hpp"
#include "scoring/match_reason.hpp"
#include "scoring/scorer.hpp"

namespace jvmm::test {
namespace {

using json::Ref;

/// The golden pairs that can be rows: no outcomes of their own, and vectors of the model's width or none.
std::vector<json::Value> storable_pairs(std::map<std::string, json::Value> const& vectors, std::size_t count) {
  std::vector<json::Value> pairs;
  auto const storable = [&](Ref const& pair) {
    if (pair.find("outcome_data") || pair["expected"].find("match_reason_error")) return false;
    for (auto const& tag : pair["tags"].items())
      if (tag.string() == "ambiguous_reason" || tag.string() == "emb_odd") return false;
    return pair["embeddings"].boolean() && vectors.contains(std::string(pair["a"].string())) &&
           vectors.contains(std::string(pair["b"].string()));
  };
  for (auto const& line : data_lines("golden/pairs.jsonl.gz")) {
    auto row = json::parse(line, "pairs");
    if (pairs.size() < count && storable(Ref(row, "pairs"))) pairs.push_back(std::move(row));
  }
  return pairs;
}

/// Rows of golden/embeddings.jsonl.gz of which every vector has 384 numbers.
std::map<std::string, json::Value> whole_vectors() {
  std::map<std::string, json::Value> rows;
  for (auto const& line : data_lines("golden/embeddings.jsonl.gz")) {
    auto row = json::parse(line, "embeddings");
    Profile profile;
    parse_embeddings(Ref(row, "embeddings"), profile);
    bool whole = true;
    for (auto const field : k_embedding_fields) {
      auto const given = Ref(row, "embeddings").find("embedding_" + std::string(name(field)));
      whole = whole && (!given || profile.embeddings[index(field)].size() == 384);
    }
    if (whole) rows.emplace(std::string(Ref(row, "embeddings")["id"].string()), std::move(row));
  }
  return rows;
}

void add_golden(CliDb const& db, std::map<std::string, json::Value> const& vectors) {
  // Types that hold what the golden rows hold; the customer's own are narrower.
  db.sql(
      "alter table profiles drop constraint profiles_status_check, alter revenue_tier type text, "
      "alter network_role type text, alter seniority type text, alter list_size type bigint, "
      "alter social_reach type bigint");
  std::string script;
  for (auto const& line : data_lines("golden/profiles.jsonl.gz"))
    script += fmt::format(
        "insert into profiles select * from jsonb_populate_record(null::profiles, $j${}$j$::jsonb);\n", line);
  for (auto const& [id, row] : vectors)
    for (auto const& [column, value] : Ref(row, "embeddings").members())
      if (column != "id" && json::name(value.value().type()) != "null") {
        auto const text = value.value().get_if<std::string>();
        script += fmt::format("update profiles set {} = '{}', embeddings_model = 'golden' where id = '{}';\n", column,
                              text ? *text : json::to_text(value.value()), id);
      }
  db.sql(script);
}

TEST(RescoreScores, AreThoseOfTheReference) {
  CliDb const db;
  auto const vectors = whole_vectors();
  auto const pairs = storable_pairs(vectors, 500);
  ASSERT_GE(pairs.size(), 300u);
  add_golden(db, vectors);
  std::string script = "drop index match_suggestions_pair_key;";
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    Ref const pair(pairs[i], "pair");
    script +=
        fmt::format("insert into match_suggestions (id, profile_id, suggested_profile_id) values ('{}', '{}', '{}');",
                    match_id(static_cast<int>(i)), pair["a"].string(), pair["b"].string());
  }
  db.sql(script);
  rescore(db, {"--scoring", "calibrated"});
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    Ref const pair(pairs[i], "pair");
    auto const expected = pair["expected"];
    bool const eligible = expected["eligible"].boolean();
    auto const stored =
        db.sql_json("select to_jsonb(m) from match_suggestions m where id = '" + match_id(static_cast<int>(i)) + "'");
    Ref const match(stored, std::string(pair["pair"].string()));
    EXPECT_EQ(match["score_ab"].number(), expected["score_ab"].number()) << pair["pair"].string();
    EXPECT_EQ(match["score_ba"].number(), expected["score_ba"].number()) << pair["pair"].string();
    EXPECT_EQ(match["harmonic_mean"].number(), expected["harmonic_mean"].number()) << pair["pair"].string();
    auto const context = match["match_context"];
    if (!eligible) {
      EXPECT_EQ(context["ineligible_reason"].string(), expected["ineligible_reason"].string());
      continue;
    }
    EXPECT_EQ(match["match_reason"].string(), expected["match_reason"].string()) << pair["pair"].string();
    for (auto const& [ours, theirs] : {std::pair("breakdown_ab", "ab"), std::pair("breakdown_ba", "ba")})
      EXPECT_EQ(db.sql("select $a$" + json::to_text(context[ours].value()) + "$a$::jsonb = $b$" +
                       json::to_text(expected[theirs].value()) + "$b$::jsonb"),
                "t")
          << pair["pair"].string() << json::to_text(context[ours].value()) << json::to_text(expected[theirs].value());
    if (::testing::Test::HasFailure()) break;
  }
}

/// A scorer made from what the tables hold, read another way than the program reads them.
struct Library {
  explicit Library(CliDb const& db) {
    auto const rows = db.sql_json("select json_agg(to_jsonb(p)) from profiles p");
    std::vector<Profile> all;
    for (auto const& row : Ref(rows, "profiles").items()) {
      auto profile = parse_profile(row);
      parse_embeddings(row, profile);
      all.push_back(std::move(profile));
    }
    auto rules = scoring::load_scoring_profile("smooth");
    std::vector<double> percentiles;
    for (auto const& step : rules[scoring::FactorId::network_influence].percentile_steps.steps)
      percentiles.push_back(step.first);
    scoring::ScoringContext context;
    context.now = *parse_iso8601(k_scored_as_of);
    context.model = "hashing:384";
    context.network = scoring::network_cuts(all, percentiles);
    auto const map = [&](std::string const& pair) {
      auto const document = db.sql_json("select document from jvmm.calibration where field_pair = '" + pair + "'");
      return scoring::read_calibration(Ref(document, "calibration")).map;
    };
    context.offering_seeking = map("offering_seeking");
    context.audience = map("audience");
    scorer.emplace(std::move(rules), std::move(context));
    for (auto& profile : all)
      profiles.emplace(profile.id.text(), std::move(profile));
  }

  std::map<std::string, Profile> profiles;
  std::optional<scoring::Scorer> scorer;
};

TEST(RescoreScores, AreThoseOfTheLibrary) {
  CliDb const db(Rows::slice);
  db.run_json({"backfill-embeddings"});
  db.sql(
      "update profiles set pagerank_score = s, degree_centrality = s from (select id as i, "
      "0.01 * row_number() over (order by id) as s from profiles) r where i = id and s < 0.5");
  db.sql(
      "insert into match_suggestions (profile_id, suggested_profile_id) select a.id, b.id from profiles a, profiles b "
      "where a.id <> b.id and md5(a.id::text || b.id) < '08'");
  EXPECT_GT(rescored(db), 100);
  Library library(db);
  auto const rows = db.sql_json("select json_agg(to_jsonb(m)) from match_suggestions m");
  int matches = 0;
  for (auto const& row : Ref(rows, "matches").items()) {
    auto const &a = library.profiles.at(std::string(row["profile_id"].string())),
               &b = library.profiles.at(std::string(row["suggested_profile_id"].string()));
    auto const prepared_a = library.scorer->prepare(a), prepared_b = library.scorer->prepare(b);
    auto const score = library.scorer->score(prepared_a, prepared_b);
    ASSERT_EQ(row["harmonic_mean"].number(), scoring::rounded(score.harmonic_mean, 2)) << row["id"].string();
    ASSERT_EQ(row["score_ab"].number(), scoring::rounded(score.ab.score, 2));
    ASSERT_EQ(row["score_ba"].number(), scoring::rounded(score.ba.score, 2));
    if (!score.eligible) continue;
    ASSERT_EQ(row["match_reason"].string(), match_reason(scoring::reason_parts(a), scoring::reason_parts(b)));
    ++matches;
  }
  EXPECT_GT(matches, 100);
}

}  // namespace
}  // namespace jvmm::test
