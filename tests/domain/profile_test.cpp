#include "domain/profile.hpp"

#include <gtest/gtest.h>

#include "json/parse.hpp"
#include "support/expect_error.hpp"
#include "text/lines.hpp"

namespace jvmm {
namespace {

using jvmm::testing::expect_error;

std::string const k_data = JVMM_SOURCE_DIR "/tests/data/";
constexpr auto k_id = R"("id": "10000000-0000-4000-8000-000000000001")";

Profile profile_with(std::string const& members) {
  auto const row = json::parse(std::string("{") + k_id + ", " + members + "}");
  return parse_profile(json::Ref(row, "p.jsonl:1"));
}

std::vector<float> vector_in(std::string const& value) {
  auto const row = json::parse("{\"embedding_seeking\": " + value + "}");
  Profile profile;
  parse_embeddings(json::Ref(row, "e.jsonl:1"), profile);
  return profile.embeddings[index(EmbeddingField::seeking)];
}

template <class Use>
void for_each_row(std::string const& file, Use const& use) {
  text::LineReader lines(k_data + file);
  for (std::string line; lines.next(line);) {
    auto const row = json::parse(line, file);
    use(json::Ref(row, file));
  }
}

TEST(ParseProfile, ReadsEverySortOfColumn) {
  auto const profile = profile_with(
      R"("name": " Ann ", "niche": "", "tags": ["a", "b"], "list_size": 12, "pagerank_score": 0.5,
         "intent_signal": false, "last_active_at": "2026-11-01T02:00:00+02:00", "jv_history": [1],
         "offer_types": [{"type": "podcast", "confidence": 0.5}], "credentials": {"credibility_score": 0.25},
         "content_style": {"primary": "narrative", "confidence": 1}, "shoe_size": {})");
  EXPECT_EQ(profile.id.text(), "10000000-0000-4000-8000-000000000001");
  EXPECT_EQ(profile.name, " Ann ");
  EXPECT_EQ(profile.niche, "");
  EXPECT_FALSE(profile.email);
  EXPECT_EQ(profile.tags, 2u);
  EXPECT_EQ(profile.list_size, 12.0);
  EXPECT_EQ(profile.pagerank_score, 0.5);
  EXPECT_EQ(profile.intent_signal, false);
  EXPECT_EQ(profile.last_active_at, parse_iso8601("2026-11-01T00:00:00Z"));
  EXPECT_EQ(profile.jv_history, json::parse("[1]"));
  ASSERT_EQ(profile.offer_types.size(), 1u);
  EXPECT_EQ(profile.offer_types[0].label, "podcast");
  EXPECT_EQ(profile.offer_types[0].confidence, 0.5);
  EXPECT_TRUE(profile.has_credentials);
  EXPECT_EQ(profile.credibility_score, 0.25);
  ASSERT_TRUE(profile.content_style);
  EXPECT_EQ(profile.content_style->label, "narrative");
}

TEST(ParseProfile, StylesOfTheShippedTaxonomyAreReadAsCodes) {
  auto const style = [](std::string const& primary) {
    return profile_with(R"("content_style": {"primary": ")" + primary + R"(", "confidence": 0.9})")
        .content_style->label;
  };
  EXPECT_EQ(style("data-driven and evidence-based"), "data_driven");
  EXPECT_EQ(style("nurturing and empathetic"), "nurturing");
  EXPECT_EQ(style("nurturing"), "nurturing");
  EXPECT_EQ(style("own style"), "own style");
}

TEST(ParseProfile, ToleratesAnythingInJsonColumns) {
  for (std::string const odd : {"null", "true", "7", "\"x\"", "[]", "{}", "[null, 3, {}, [[]]]"}) {
    auto const profile =
        profile_with("\"jv_history\": " + odd + ", \"content_platforms\": " + odd + ", \"offer_types\": " + odd +
                     ", \"credentials\": " + odd + ", \"content_style\": " + odd);
    EXPECT_EQ(profile.jv_history, json::parse(odd));
    EXPECT_TRUE(profile.offer_types.empty()) << odd;
    EXPECT_FALSE(profile.has_credentials) << odd;
    EXPECT_FALSE(profile.credibility_score) << odd;
    EXPECT_FALSE(profile.content_style) << odd;
  }
  auto const profile = profile_with(
      R"("offer_types": [{"type": 3, "confidence": 1}, {"type": "a"}, {"type": "b", "confidence": 1}],
         "credentials": {"credibility_score": "high"})");
  ASSERT_EQ(profile.offer_types.size(), 1u);
  EXPECT_EQ(profile.offer_types[0].label, "b");
  EXPECT_TRUE(profile.has_credentials);
  EXPECT_FALSE(profile.credibility_score);
}

TEST(ParseProfile, PrefersTheColumnOfTheCredibilityScore) {
  EXPECT_EQ(profile_with(R"("credentials": {"credibility_score": 0.25}, "credibility_score": 0.75)").credibility_score,
            0.75);
}

TEST(ParseProfile, NamesThePathOfWhatDoesNotFit) {
  std::pair<std::string, std::string> const cases[] = {
      {R"("seeking": 7)", "p.jsonl:1: /seeking: expected string, found number"},
      {R"("list_size": "12")", "/list_size: expected number, found string"},
      {R"("profile_confidence": true)", "/profile_confidence: expected number, found boolean"},
      {R"("intent_signal": 1)", "/intent_signal: expected boolean, found number"},
      {R"("tags": "a,b")", "/tags: expected array, found string"},
      {R"("updated_at": "2026-02-30T00:00:00Z")", "/updated_at: expected a time"},
      {R"("updated_at": "2026-02-20T00:00:00")", "/updated_at: expected a time with offset"},
  };
  for (auto const& [members, message] : cases)
    expect_error(Kind::bad_input, message, [&, &members = members] { profile_with(members); });
  for (std::string const row : {"{}", "{\"id\": null}", "{\"id\": \"17\"}", "[1, 2]"}) {
    auto const value = json::parse(row);
    expect_error(Kind::bad_input, "p.jsonl:2: ", [&] { parse_profile(json::Ref(value, "p.jsonl:2")); });
  }
}

TEST(ParseProfile, ReadsAllSyntheticRows) {
  std::size_t rows = 0, with_history = 0, with_time = 0;
  for_each_row("golden/profiles.jsonl.gz", [&](json::Ref const& row) {
    auto const profile = parse_profile(row);
    ++rows;
    with_history += profile.jv_history.is_null() ? 0 : 1;
    with_time += profile.last_active_at ? 1 : 0;
  });
  EXPECT_EQ(rows, 400u);
  EXPECT_EQ(with_history, 142u);
  EXPECT_EQ(with_time, 171u);
  rows = 0;
  for_each_row("fixtures/profiles-3143.jsonl.gz", [&](json::Ref const& row) {
    parse_profile(row);
    ++rows;
  });
  EXPECT_EQ(rows, 3143u);
}

TEST(ParseEmbeddings, ReadsListsAndTexts) {
  std::vector<float> const expected{0.5F, -2.0F, 1e-3F};
  EXPECT_EQ(vector_in("[0.5, -2, 1e-3]"), expected);
  EXPECT_EQ(vector_in("\"[0.5,-2,1e-3]\""), expected);
  EXPECT_EQ(vector_in("\" [ 0.5 , -2 ,1e-3 ]\\n\""), expected);
}

TEST(ParseEmbeddings, TakesWhatCannotBeReadAsAbsent) {
  for (auto const* odd :
       {"null",      "[]",        "true",   "3",     "{}",      "[1, null]", "[1, \"2\"]", "[[1]]",   "[1, 1e300]",
        "\"\"",      "\" \"",     "\"[]\"", "\"[\"", "\"[,]\"", "\"[0.1,\"", "\"[0.1,]\"", "\"0.1\"", "\"[0.1 0.2]\"",
        "\"[nan]\"", "\"[inf]\"", "\"x\""})
    EXPECT_EQ(vector_in(odd), std::vector<float>()) << odd;
}

TEST(ParseEmbeddings, ReadsAllSyntheticRows) {
  std::size_t read = 0, empty = 0;
  for_each_row("golden/embeddings.jsonl.gz", [&](json::Ref const& row) {
    Profile profile;
    parse_embeddings(row, profile);
    for (EmbeddingField field : k_embedding_fields)
      if (row.value().find("embedding_" + std::string(name(field))))
        ++(profile.embeddings[index(field)].empty() ? empty : read);
  });
  EXPECT_EQ(read, 310u + 16 + 176 + 1);
  EXPECT_EQ(empty, 9u) << "3 nulls, an empty list and 5 texts that are no vector";
}

}  // namespace
}  // namespace jvmm
