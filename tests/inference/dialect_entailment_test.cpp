#include "inference/dialect/entailment.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "support/expect_error.hpp"

namespace jvmm::inference {
namespace {

using jvmm::testing::expect_error;

// Logits and scores of docs on the wire, computed in double precision.
std::vector<Entailment> const k_pairs{{3.0, -2.0}, {-1.0, 1.5}, {0.5, 0.25}};

std::vector<Result<Answer>> read(std::size_t pairs, std::string_view body) {
  std::vector<std::string> items;
  for (std::size_t i = 0; i < pairs; ++i)
    items.push_back(join_pair("text", "hypothesis " + std::to_string(i)));
  return make_entailment_dialect("m")->read(std::vector<std::string_view>(items.begin(), items.end()), body).answers;
}

void expect_pair(Result<Answer> const& answer, double entailment, double contradiction) {
  ASSERT_TRUE(answer) << answer.error().what();
  auto const pair = unpack_entailment(answer->bytes);
  EXPECT_EQ(pair.entailment, entailment);
  EXPECT_EQ(pair.contradiction, contradiction);
}

TEST(EntailmentDialect, AsksInNestedFormForRawScores) {
  auto const dialect = make_entailment_dialect("m");
  EXPECT_EQ(dialect->path(), "/predict");
  EXPECT_EQ(dialect->task(), Task::zero_shot);
  auto const one = join_pair("3:a", "h\x02"), two = join_pair("", "");
  EXPECT_EQ(dialect->body(std::vector<std::string_view>{one}),
            R"({"inputs":[["3:a","h "]],"raw_scores":true,"truncate":true})");
  EXPECT_EQ(dialect->body(std::vector<std::string_view>{one, two}),
            R"({"inputs":[["3:a","h "],["",""]],"raw_scores":true,"truncate":true})");
}

TEST(EntailmentDialect, PairsSplitWhereTheyWereJoined) {
  for (auto const& [text, hypothesis] : std::vector<std::pair<std::string, std::string>>{
           {"a", "b"}, {"", ""}, {"", "12:x"}, {"12:x", ""}, {std::string("\0:", 2), "\xff"}}) {
    auto const item = join_pair(text, hypothesis);
    EXPECT_EQ(split_pair(item), (std::pair<std::string_view, std::string_view>(text, hypothesis)));
  }
  for (auto const* none : {"", "x", "3", "3:ab", ":ab", "-1:a", "99999999999999999999:a"})
    expect_error(Kind::internal, "no pair", [&] { (void)split_pair(none); });
}

TEST(EntailmentDialect, TellsClassesByName) {
  // The orders of BART and MoritzLaurer, sorted by score; two classes; names in upper case.
  for (
      auto const* body : {
          R"([[{"score":3.0,"label":"entailment"},{"score":0.5,"label":"neutral"},{"score":-2,"label":"contradiction"}]])",
          R"([[{"score":-2,"label":"contradiction"},{"score":0.5,"label":"neutral"},{"score":3.0,"label":"entailment"}]])",
          R"([[{"score":3,"label":"ENTAILMENT"},{"score":-2,"label":"CONTRADICTION"}]])",
          R"([[{"score":-2,"label":"not_entailment"},{"score":3,"label":"entailment"}]])",
          R"([[{"score":-2,"label":"Not-Entailment"},{"score":3,"label":"Entails"}]])",
          R"([{"score":3.0,"label":"entailment"},{"score":-2,"label":"contradiction"}])",
      })
    expect_pair(read(1, body)[0], 3, -2);
}

TEST(EntailmentDialect, RefusesClassesWithoutMeaning) {
  for (auto const* pair : {
           R"([{"score":1,"label":"LABEL_0"},{"score":2,"label":"LABEL_1"}])",
           R"([{"score":1,"label":"entailment"},{"score":2,"label":"neutral"}])",
           R"([{"score":1,"label":"contradiction"},{"score":2,"label":"neutral"}])",
           R"([{"score":1,"label":"entailment"},{"score":2,"label":"entailment"},{"score":2,"label":"contradiction"}])",
           R"([{"score":1,"label":"entailment"},{"score":null,"label":"contradiction"}])",
           R"([{"score":"1","label":"entailment"},{"score":1,"label":"contradiction"}])",
           R"([{"score":1,"label":"entailment"},{"label":"contradiction"}])",
           R"([{"score":1},{"score":1}])",
           R"([])",
           R"(null)",
           R"({})",
       }) {
    auto const answers = read(
        2, std::string(R"([[{"score":3,"label":"entailment"},{"score":-2,"label":"contradiction"}],)") + pair + "]");
    expect_pair(answers[0], 3, -2);
    ASSERT_FALSE(answers[1]) << pair;
    EXPECT_EQ(answers[1].error().kind(), Kind::bad_answer);
  }
}

TEST(EntailmentDialect, RefusesAnotherShape) {
  for (auto const& [body, message] : std::vector<std::pair<std::string, std::string>>{
           {"[]", "expected classes"},
           {"{}", "expected classes"},
           {R"({"error":"Model is overloaded","error_type":"Overloaded"})", "with an error: Model is overloaded"},
           {"[[]]", "1 answers to 2 texts"},
           {"[[],[],[]]", "3 answers to 2 texts"},
           {R"([{"score":3.0,"label":"entailment"},{"score":-2,"label":"contradiction"}])", "1 answers to 2 texts"},
           {"[[],", "no JSON"},
       })
    expect_error(Kind::bad_answer, message, [&] { (void)read(2, body); });
}

TEST(EntailmentClasses, AreRequiredByName) {
  require_entailment_classes({"contradiction", "neutral", "entailment"});
  require_entailment_classes({"ENTAILMENT", "not_entailment"});
  for (auto const& [classes, message] : std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{}, "expected one class that means entailment"},
           {{"LABEL_0", "LABEL_1", "LABEL_2"}, "expected one class that means entailment"},
           {{"entailment", "neutral"}, "expected one class that means contradiction"},
           {{"not_entailment", "neutral"}, "expected one class that means entailment"},
           {{"entailment", "entails", "contradiction"}, "expected one class that means entailment"},
           {{"O", "B-PER", "I-PER"}, "tags of tokens"},
       })
    expect_error(Kind::configuration, message, [&] { require_entailment_classes(classes); });
}

TEST(ZeroShotScores, MatchThePipelinesValues) {
  auto const multi = zero_shot_scores(k_pairs, true), single = zero_shot_scores(k_pairs, false);
  std::vector<double> const multi_expected{0.9933071, 0.0758582, 0.5621765};
  std::vector<double> const single_expected{0.9087599, 0.0166445, 0.0745956};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(multi[i], multi_expected[i], 5e-8);
    EXPECT_NEAR(single[i], single_expected[i], 5e-8);
  }
}

TEST(ZeroShotScores, OneLabelIsWeighedAgainstItsContradiction) {
  std::vector<Entailment> const one{{3.0, -2.0}};
  EXPECT_NEAR(zero_shot_scores(one, false)[0], 0.9933071, 5e-8);
  EXPECT_EQ(zero_shot_scores(one, false), zero_shot_scores(one, true));
  EXPECT_EQ(zero_shot_scores({}, false), std::vector<double>());
}

TEST(ZeroShotScores, StayFiniteWhereLogitsAreHuge) {
  std::vector<Entailment> const huge{{1e4, -1e4}, {-1e4, 1e4}, {1.7e308, -1.7e308}};
  EXPECT_EQ(zero_shot_scores(huge, true), (std::vector<double>{1, 0, 1}));
  EXPECT_EQ(zero_shot_scores(huge, false), (std::vector<double>{0, 0, 1}));
}

TEST(EntailmentDialect, PackedPairsUnpackToTheSame) {
  auto const pair = unpack_entailment(pack_entailment({3.25, -1e-300}));
  EXPECT_EQ(pair.entailment, 3.25);
  EXPECT_EQ(pair.contradiction, -1e-300);
  expect_error(Kind::bad_answer, "2 numbers", [] { (void)unpack_entailment("12345678"); });
  expect_error(Kind::bad_answer, "finite",
               [] { (void)unpack_entailment(pack_entailment({std::numeric_limits<double>::infinity(), 0})); });
}

}  // namespace
}  // namespace jvmm::inference
