#include "inference/dialect/ner.hpp"

#include <gtest/gtest.h>

#include "json/parse.hpp"
#include "support/expect_error.hpp"

namespace jvmm::inference {
namespace {

using jvmm::testing::expect_error;
using Texts = std::vector<std::string_view>;

constexpr std::string_view k_text = "Zoë met Åse 🙂 in São Paulo";

Reading read(Texts const& texts, std::string_view body) {
  return make_ner_dialect(ServiceKind::hf, "dslim/bert-base-NER")->read(texts, body);
}

std::vector<Entity> entities(std::string_view text, std::string_view body) {
  auto reading = read({text}, body);
  return unpack_entities(std::move(reading.answers[0]).value_or_throw().bytes, text.size());
}

TEST(NerDialect, AsksForWholeWords) {
  auto const hf = make_ner_dialect(ServiceKind::hf, "dslim/bert-base-NER");
  EXPECT_EQ(hf->task(), Task::ner);
  EXPECT_EQ(hf->path(), "/hf-inference/models/dslim/bert-base-NER");
  EXPECT_EQ(hf->body(Texts{"Zoë\x01"}),
            R"({"inputs":"Zoë ","parameters":{"aggregation_strategy":"first","stride":64}})");
  EXPECT_EQ(*json::parse(make_ner_dialect(ServiceKind::toolkit, "m")->body(Texts{"a", "b"})).find("inputs"),
            json::Value(json::Array{"a", "b"}));
  EXPECT_EQ(make_ner_dialect(ServiceKind::toolkit, "m")->path(), "");
  for (auto const kind : {ServiceKind::tei, ServiceKind::openai})
    expect_error(Kind::configuration, "does not do ner", [&] { (void)make_ner_dialect(kind, "m"); });
}

TEST(NerDialect, TurnsCodePointsIntoBytes) {
  // "São Paulo": code points 17..26, bytes 22..32.
  auto const found = entities(k_text, R"([{"entity_group":"PER","score":0.99,"word":"Zoe","start":0,"end":3},
      {"entity_group":"PER","score":0.5,"word":"åse","start":8,"end":11},
      {"entity_group":"LOC","score":1,"word":"sao paulo","start":17,"end":26}])");
  EXPECT_EQ(found, (std::vector<Entity>{{"PER", 0, 4, 0.99}, {"PER", 9, 13, 0.5}, {"LOC", 22, 32, 1}}));
  EXPECT_EQ(k_text.substr(22, 10), "São Paulo");
}

TEST(NerDialect, CombiningMarksAndBadBytesAreCodePoints) {
  // e + combining acute is two; each ill-formed sequence was sent as one U+FFFD.
  EXPECT_EQ(entities("e\u0301 X", R"([{"entity_group":"ORG","score":1,"word":"X","start":3,"end":4}])"),
            (std::vector<Entity>{{"ORG", 4, 5, 1}}));
  EXPECT_EQ(entities("\xff\xe2\x82 X", R"([{"entity_group":"ORG","score":1,"word":"X","start":3,"end":4}])"),
            (std::vector<Entity>{{"ORG", 4, 5, 1}}));
}

TEST(NerDialect, MergesTagsOfTokens) {
  // Anna-Maria Wolfgang | Berlin, Bern : B- begins anew, a piece of a word never does.
  constexpr std::string_view k_tokens = "Anna Wolfgang Berlin Bern";
  auto const found = entities(k_tokens, R"([
      {"entity":"B-PER","score":0.9,"index":1,"word":"Anna","start":0,"end":4},
      {"entity":"I-PER","score":0.7,"index":2,"word":"Wolf","start":5,"end":9},
      {"entity":"B-ORG","score":0.5,"index":3,"word":"##gang","start":9,"end":13},
      {"entity":"B-LOC","score":0.8,"index":4,"word":"Berlin","start":14,"end":20},
      {"entity":"B-LOC","score":0.6,"index":5,"word":"Bern","start":21,"end":25}])");
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].type, "PER");
  EXPECT_EQ(found[0].end, 13U);
  EXPECT_NEAR(found[0].score, 0.7, 1e-12);
  EXPECT_EQ(found[1], (Entity{"LOC", 14, 20, 0.8}));
  EXPECT_EQ(found[2], (Entity{"LOC", 21, 25, 0.6}));
}

TEST(NerDialect, TokensMergeOnlyWhereNothingIsBetween) {
  EXPECT_EQ(entities("Anna, Bob", R"([{"entity":"I-PER","score":1,"word":"Anna","start":0,"end":4},
                                      {"entity":"I-PER","score":1,"word":"Bob","start":6,"end":9}])"),
            (std::vector<Entity>{{"PER", 0, 4, 1}, {"PER", 6, 9, 1}}));
  EXPECT_EQ(entities("Anna Bob", R"([{"entity":"PER","score":1,"word":"Anna","start":0,"end":4},
                                     {"entity":"PER","score":0.5,"word":"Bob","start":5,"end":8}])"),
            (std::vector<Entity>{{"PER", 0, 8, 0.75}}));
  EXPECT_EQ(entities("Anna Bob", R"([{"entity":"I-PER","score":1,"word":"Anna","start":0,"end":4},
                                     {"entity":"I-ORG","score":1,"word":"Bob","start":5,"end":8}])"),
            (std::vector<Entity>{{"PER", 0, 4, 1}, {"ORG", 5, 8, 1}}));
  EXPECT_EQ(entities("Anna x Bob", R"([{"entity":"I-PER","score":1,"word":"Anna","start":0,"end":4},
      {"entity":"O","score":1,"word":"x","start":5,"end":6}, {"entity":"I-PER","score":1,"word":"Bob","start":7,"end":10}])"),
            (std::vector<Entity>{{"PER", 0, 4, 1}, {"PER", 7, 10, 1}}));
  EXPECT_EQ(entities("Wolfgang", R"([{"entity":"B-PER","score":1,"word":"Wolf","start":0,"end":4},
                                     {"entity":"O","score":0.5,"word":"##gang","start":4,"end":8}])"),
            (std::vector<Entity>{{"PER", 0, 8, 0.75}}));
  // Aggregated ones are left as they are.
  EXPECT_EQ(entities("Anna Bob", R"([{"entity_group":"PER","score":1,"start":0,"end":4},
                                     {"entity_group":"PER","score":1,"start":5,"end":8}])"),
            (std::vector<Entity>{{"PER", 0, 4, 1}, {"PER", 5, 8, 1}}));
}

TEST(NerDialect, SearchesTheWordWhereOffsetsAreMissing) {
  constexpr std::string_view k_twice = "Paris met Paris, O'Neill of San\nJose";
  EXPECT_EQ(entities(k_twice, R"([{"entity_group":"PER","score":1,"word":"Paris","start":null,"end":null},
      {"entity_group":"LOC","score":1,"word":"paris"},
      {"entity_group":"PER","score":1,"word":"O ' Neill","start":null,"end":null},
      {"entity_group":"LOC","score":1,"word":"▁San Jose","start":null,"end":null}])"),
            (std::vector<Entity>{{"PER", 0, 5, 1}, {"LOC", 10, 15, 1}, {"PER", 17, 24, 1}, {"LOC", 28, 36, 1}}));
  EXPECT_EQ(entities("Wolfgang", R"([{"entity":"B-PER","score":1,"word":"Wolf"},
                                     {"entity":"I-PER","score":1,"word":"##gang"}])"),
            (std::vector<Entity>{{"PER", 0, 8, 1}}));
}

TEST(NerDialect, BlanksAtTheEndsAreNoPartOfAName) {
  EXPECT_EQ(entities("in Rome now", R"([{"entity_group":"LOC","score":1,"word":" Rome","start":2,"end":8}])"),
            (std::vector<Entity>{{"LOC", 3, 7, 1}}));
}

TEST(NerDialect, OrdersByPlace) {
  EXPECT_EQ(entities("ab cd", R"([{"entity_group":"B","score":1,"start":3,"end":5},
                                  {"entity_group":"A","score":1,"start":0,"end":2}])"),
            (std::vector<Entity>{{"A", 0, 2, 1}, {"B", 3, 5, 1}}));
}

TEST(NerDialect, ReadsListsOfListsAndFlatOnes) {
  EXPECT_EQ(entities("abc", "[]"), std::vector<Entity>());
  EXPECT_EQ(entities("abc", "[[]]"), std::vector<Entity>());
  EXPECT_EQ(entities("", "[]"), std::vector<Entity>());
  EXPECT_EQ(entities("abc", R"([[{"entity_group":"A","score":1,"start":0,"end":2}]])"),
            (std::vector<Entity>{{"A", 0, 2, 1}}));
  auto const reading = read({"abc", "d"}, R"([[{"entity_group":"A","score":1,"start":0,"end":2}],[]])");
  ASSERT_EQ(reading.answers.size(), 2U);
  EXPECT_EQ(unpack_entities(reading.answers[0]->bytes, 3).size(), 1U);
  EXPECT_EQ(unpack_entities(reading.answers[1]->bytes, 1).size(), 0U);
}

TEST(NerDialect, AFlawOfOneTextIsInItsPlace) {
  for (auto const* entity : {R"({"entity_group":"A","score":1,"start":0,"end":4})",
                             R"({"entity_group":"A","score":1,"start":2,"end":2})",
                             R"({"entity_group":"A","score":1,"start":2,"end":1})",
                             R"({"entity_group":"A","score":1,"start":-1,"end":1})",
                             R"({"entity_group":"A","score":1,"start":0.5,"end":1})",
                             R"({"entity_group":"A","score":1,"start":0,"end":1e300})",
                             R"({"entity_group":"A","score":1,"start":0,"end":null})",
                             R"({"entity_group":"A","score":1,"start":"0","end":"1"})",
                             R"({"entity_group":"A","score":1.5,"start":0,"end":1})",
                             R"({"entity_group":"A","score":null,"start":0,"end":1})",
                             R"({"entity_group":"A","start":0,"end":1})",
                             R"({"entity_group":"","score":1,"start":0,"end":1})",
                             R"({"entity":"B-","score":1,"start":0,"end":1})",
                             R"({"score":1,"start":0,"end":1})",
                             R"({"entity_group":"A","score":1,"word":"xyz"})",
                             R"({"entity_group":"A","score":1,"word":""})",
                             R"({"entity_group":"A","score":1})",
                             R"(7)",
                             R"(null)",
                             R"([])"}) {
    auto const reading =
        read({"a c", "b"}, std::string("[[") + entity + R"(],[{"entity_group":"B","score":1,"start":0,"end":1}]])");
    ASSERT_EQ(reading.answers.size(), 2U);
    ASSERT_FALSE(reading.answers[0]) << entity;
    EXPECT_EQ(reading.answers[0].error().kind(), Kind::bad_answer);
    EXPECT_TRUE(reading.answers[1]) << entity;
  }
  EXPECT_FALSE(read({"a", "b"}, "[null,[]]").answers[0]);
  EXPECT_FALSE(read({"a c"}, R"([{"entity_group":"A","score":1,"start":1,"end":2}])").answers[0]);
}

TEST(NerDialect, RefusesAnotherShape) {
  for (auto const& [body, message] : std::vector<std::pair<std::string, std::string>>{
           {"{}", "expected entities"},
           {"null", "expected entities"},
           {R"({"error":"Model x does not exist"})", "with an error: Model x does not exist"},
           {"[]", "0 answers to 2 texts"},
           {"[[]]", "1 answers to 2 texts"},
           {R"([{"entity_group":"A","score":1,"start":0,"end":1},{}])", "expected a list a text"},
           {"[[],[]", "no JSON"},
       })
    expect_error(Kind::bad_answer, message, [&] { (void)read({"a", "b"}, body); });
}

TEST(NerDialect, PackedEntitiesUnpackToTheSame) {
  std::vector<Entity> const given{{"PER\"\n", 0, 4, 0.1}, {"é", 2, 5, 1}};
  EXPECT_EQ(unpack_entities(pack_entities(given), 5), given);
  EXPECT_EQ(unpack_entities(pack_entities({}), 0), std::vector<Entity>());
  expect_error(Kind::bad_answer, "not within 4 bytes", [&] { (void)unpack_entities(pack_entities(given), 4); });
  for (auto const* none : {"", "{}", "[7]", "[[\"A\",0,1]]", "[[\"A\",1,1,0.5]]", "[[\"\",0,1,0.5]]", "[[\"A\",0,1,2]]",
                           "[[\"A\",0,1,null]]", "[[\"A\",-1,1,0.5]]", "[[\"A\",0,1,0.5]] x"})
    expect_error(Kind::bad_answer, "", [&] { (void)unpack_entities(none, 10); });
}

}  // namespace
}  // namespace jvmm::inference
