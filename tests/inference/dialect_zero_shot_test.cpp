#include "inference/dialect/zero_shot.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "json/parse.hpp"
#include "support/expect_error.hpp"

namespace jvmm::inference {
namespace {

using jvmm::testing::expect_error;
using Texts = std::vector<std::string_view>;

Texts const k_one{"I run group programs"};
Texts const k_two{"I run group programs", "other"};

ZeroShotParameters parameters(bool multi_label = true) {
  return {{"coaching", "software", "book"}, "This text is about {}.", multi_label};
}

Reading read(Texts const& texts, std::string_view body, ZeroShotParameters given = parameters()) {
  return make_zero_shot_dialect(ServiceKind::hf, "org/name", std::move(given))->read(texts, body);
}

std::vector<double> scores(Reading const& reading, std::size_t i = 0) {
  if (!reading.answers[i]) throw reading.answers[i].error();
  return unpack_scores(reading.answers[i]->bytes, 3);
}

TEST(ZeroShotDialect, AsksAsTheOfficialClientsDo) {
  auto const hf = make_zero_shot_dialect(ServiceKind::hf, "facebook/bart-large-mnli", parameters());
  EXPECT_EQ(hf->task(), Task::zero_shot);
  EXPECT_EQ(hf->path(), "/hf-inference/models/facebook/bart-large-mnli");
  EXPECT_EQ(hf->body(k_one), R"({"inputs":"I run group programs","parameters":{)"
                             R"("candidate_labels":["coaching","software","book"],)"
                             R"("hypothesis_template":"This text is about {}.","multi_label":true}})");
  auto const toolkit = make_zero_shot_dialect(ServiceKind::toolkit, "x", parameters(false));
  EXPECT_EQ(toolkit->path(), "");
  EXPECT_EQ(*json::parse(toolkit->body(k_two)).find("inputs"),
            json::Value(json::Array{"I run group programs", "other"}));
  for (auto const kind : {ServiceKind::tei, ServiceKind::openai})
    expect_error(Kind::configuration, "does not do zero_shot",
                 [&] { (void)make_zero_shot_dialect(kind, "x", parameters()); });
}

TEST(ZeroShotDialect, ReadsBothShapesAndListsOfBoth) {
  std::vector<double> const expected{0.97, 0.01, 0.21};
  for (auto const* body : {
           R"([{"label":"coaching","score":0.97},{"label":"book","score":0.21},{"label":"software","score":0.01}])",
           R"([[{"label":"book","score":0.21},{"label":"coaching","score":0.97},{"label":"software","score":0.01}]])",
           R"({"sequence":"I…","labels":["coaching","book","software"],"scores":[0.97,0.21,0.01]})",
           R"([{"labels":["coaching","book","software"],"scores":[0.97,0.21,0.01]}])",
       })
    EXPECT_EQ(scores(read(k_one, body)), expected) << body;
  for (auto const* body : {
           R"([[{"label":"coaching","score":0.97},{"label":"book","score":0.21},{"label":"software","score":0.01}],
               [{"label":"coaching","score":0},{"label":"book","score":1},{"label":"software","score":0.5}]])",
           R"([{"labels":["coaching","book","software"],"scores":[0.97,0.21,0.01]},
               {"labels":["software","coaching","book"],"scores":[0.5,0,1]}])",
       }) {
    auto const reading = read(k_two, body);
    EXPECT_EQ(scores(reading), expected) << body;
    EXPECT_EQ(scores(reading, 1), (std::vector<double>{0, 0.5, 1})) << body;
  }
}

TEST(ZeroShotDialect, RefusesWhatIsNotWhatWasAsked) {
  struct Case {
    std::string body, message;
    bool multi_label = true;
  };
  for (auto const& [body, message, multi_label] : std::vector<Case>{
           {R"({"labels":["coaching","software"],"scores":[0.5,0.5]})", "3 labels were sent, 2 came back"},
           {R"({"labels":["coaching","software","book","x"],"scores":[1,0,0,0]})", "3 labels were sent, 4 came back"},
           {R"({"labels":["coaching","software","Book"],"scores":[1,0,0]})", "a label that was not sent"},
           {R"({"labels":["coaching","software",null],"scores":[1,0,0]})", "a label that was not sent"},
           {R"({"labels":["coaching","book","book"],"scores":[1,0,0]})", "label 'book' came twice"},
           {R"({"labels":["coaching","software","book"],"scores":[1,0]})", "3 labels with 2 scores"},
           {R"({"labels":["coaching","software","book"],"scores":[1,0,1.1]})", "expected 0 to 1, found 1.1"},
           {R"({"labels":["coaching","software","book"],"scores":[1,0,-0.1]})", "expected 0 to 1"},
           {R"({"labels":["coaching","software","book"],"scores":[1,0,null]})", "expected a number"},
           {R"({"labels":["coaching","software","book"],"scores":[1,0,"0"]})", "expected a number"},
           {R"({"labels":["coaching","software","book"],"scores":[0.5,0.4,0.2]})", "scores sum to 1.1", false},
           {R"({"labels":"coaching","scores":1})", "no array"},
           {R"([{"label":"coaching","score":0.9}])", "3 labels were sent, 1 came back"},
           {R"([[]])", "3 labels were sent, 0 came back"},
           {"[null]", "no array"},
       }) {
    auto const reading = read(k_one, body, parameters(multi_label));
    ASSERT_FALSE(reading.answers[0]) << body;
    EXPECT_EQ(reading.answers[0].error().kind(), Kind::bad_answer);
    EXPECT_THAT(reading.answers[0].error().what(), ::testing::HasSubstr(message));
  }
  for (auto const& [body, message] : std::vector<std::pair<std::string, std::string>>{
           {"[]", "expected labels with scores"},
           {"{}", "expected labels with scores"},
           {"7", "expected labels with scores"},
           {"[7]", "expected labels with scores"},
           {R"({"labels":["coaching"]})", "expected labels with scores"},
           {R"({"error":"Model x is currently loading","estimated_time":20})", "with an error: Model x is currently"},
           {R"([{"labels":[],"scores":[]},{"labels":[],"scores":[]}])", "2 answers to 1 texts"},
           {"[", "no JSON"},
       })
    expect_error(Kind::bad_answer, message, [&] { (void)read(k_one, body); });
  expect_error(Kind::bad_answer, "1 answers to 2 texts", [] {
    (void)read(k_two, R"([{"label":"coaching","score":1},{"label":"book","score":0},{"label":"software","score":0}])");
  });
}

TEST(ZeroShotDialect, AFlawOfOneTextIsInItsPlace) {
  auto const reading = read(k_two, R"([{"labels":["coaching","book"],"scores":[1,0]},
                                       {"labels":["software","coaching","book"],"scores":[0.5,0,1]}])");
  EXPECT_FALSE(reading.answers[0]);
  EXPECT_EQ(scores(reading, 1), (std::vector<double>{0, 0.5, 1}));
}

TEST(ZeroShotDialect, ExclusiveScoresSumToOneUnlessThereIsOneLabel) {
  EXPECT_EQ(
      scores(read(k_one, R"({"labels":["coaching","software","book"],"scores":[0.5,0.25,0.2505]})", parameters(false))),
      (std::vector<double>{0.5, 0.25, 0.2505}));
  auto const reading = read(k_one, R"({"labels":["coaching"],"scores":[0.3]})", {{"coaching"}, "{}", false});
  EXPECT_EQ(unpack_scores(reading.answers[0]->bytes, 1), std::vector<double>{0.3});
  // float32's way of writing 1.
  auto const above = read(k_one, R"({"labels":["coaching"],"scores":[1.0000001192092896]})", {{"coaching"}, "{}"});
  EXPECT_EQ(unpack_scores(above.answers[0]->bytes, 1), std::vector<double>{1});
}

TEST(ZeroShotDialect, ComparesLabelsAsTheyWereSent) {
  ZeroShotParameters const given{{"a\rb", "c\xff"}, "{}", true};
  EXPECT_EQ(
      unpack_scores(read(k_one, R"({"labels":["c\ufffd","a b"],"scores":[0.25,0.5]})", given).answers[0]->bytes, 2),
      (std::vector<double>{0.5, 0.25}));
}

TEST(ZeroShotDialect, TheKeyTellsApartWhatShapesTheScores) {
  auto const key = [](ZeroShotParameters const& given) {
    return make_zero_shot_dialect(ServiceKind::hf, "m", given)->parameters_key();
  };
  EXPECT_EQ(key(parameters()), make_zero_shot_dialect(ServiceKind::toolkit, "m", parameters())->parameters_key());
  EXPECT_NE(key(parameters()), key(parameters(false)));
  EXPECT_NE(key({{"a", "b"}, "{}"}), key({{"b", "a"}, "{}"}));  // packed scores have the order of the labels
  EXPECT_NE(key({{"a\",\"b"}, "{}"}), key({{"a", "b"}, "{}"}));
  EXPECT_NE(key({{"a"}, "{}"}), key({{"a"}, "{}."}));
}

TEST(ZeroShotDialect, PackedScoresUnpackToTheSame) {
  std::vector<double> const given{0, 1, 0.1, 1e-300};
  EXPECT_EQ(unpack_scores(pack_scores(given), 4), given);
  expect_error(Kind::bad_answer, "32 bytes are not 3 numbers", [&] { (void)unpack_scores(pack_scores(given), 3); });
  expect_error(Kind::bad_answer, "not 1 numbers", [] { (void)unpack_scores("", 1); });
  expect_error(Kind::bad_answer, "not finite",
               [] { (void)unpack_scores(pack_scores(std::vector{std::numeric_limits<double>::quiet_NaN()}), 1); });
  expect_error(Kind::bad_answer, "a stored score is 2", [] { (void)unpack_scores(pack_scores(std::vector{2.0}), 1); });
}

TEST(ZeroShotParameters, AreValidated) {
  validate(parameters());
  for (auto const& [given, message] : std::vector<std::pair<ZeroShotParameters, std::string>>{
           {{{}, "{}"}, "at least one label"},
           {{{"a", " \t"}, "{}"}, "is empty"},
           {{{""}, "{}"}, "is empty"},
           {{{"a", "b", "a"}, "{}"}, "label 'a' is given twice"},
           {{{"a\x01", "a\x02"}, "{}"}, "given twice"},
           {{{"a"}, "no hole"}, "has to hold {} once"},
           {{{"a"}, "{} and {}"}, "has to hold {} once"},
           {{{"a"}, "{x} {}"}, "has to hold {} once"},
           {{{"a"}, "{} {"}, "has to hold {} once"},
           {{{"a"}, "{{}}"}, "has to hold {} once"},
       })
    expect_error(Kind::usage, message, [&] { validate(given); });
}

}  // namespace
}  // namespace jvmm::inference
