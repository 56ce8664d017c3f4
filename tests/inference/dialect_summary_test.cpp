#include "inference/dialect/summary.hpp"

#include <gtest/gtest.h>

#include "json/parse.hpp"
#include "support/expect_error.hpp"

namespace jvmm::inference {
namespace {

using jvmm::testing::expect_error;
using Texts = std::vector<std::string_view>;

std::vector<Result<Answer>> read(std::size_t texts, std::string_view body) {
  return make_summary_dialect(ServiceKind::hf, "m", {})->read(Texts(texts, "text"), body).answers;
}

TEST(SummaryDialect, AsksEachServiceInItsOwnWay) {
  auto const hf = make_summary_dialect(ServiceKind::hf, "facebook/bart-large-cnn", {});
  EXPECT_EQ(hf->task(), Task::summarise);
  EXPECT_EQ(hf->path(), "/hf-inference/models/facebook/bart-large-cnn");
  EXPECT_EQ(hf->body(Texts{"Long"}),
            R"({"inputs":"Long","parameters":{"clean_up_tokenization_spaces":true,"truncation":"longest_first",)"
            R"("generate_parameters":{"max_length":130,"min_length":30,"do_sample":false}}})");
  auto const toolkit = make_summary_dialect(ServiceKind::toolkit, "m", {1, 2});
  EXPECT_EQ(toolkit->path(), "");
  EXPECT_EQ(toolkit->body(Texts{"a", "b"}),
            R"({"inputs":["a","b"],"parameters":{"clean_up_tokenization_spaces":true,"truncation":"longest_first",)"
            R"("max_length":2,"min_length":1,"do_sample":false}})");
  for (auto const kind : {ServiceKind::tei, ServiceKind::openai})
    expect_error(Kind::configuration, "does not do summarise", [&] { (void)make_summary_dialect(kind, "m", {}); });
}

TEST(SummaryDialect, ReadsOneASummary) {
  for (auto const* body :
       {R"([{"summary_text":"Short."}])", R"([[{"summary_text":"Short."}]])", R"({"summary_text":"Short."})"})
    EXPECT_EQ(read(1, body)[0]->bytes, "Short.") << body;
  auto const two = read(2, R"([{"summary_text":"a"},[{"summary_text":"b"}]])");
  EXPECT_EQ(two[0]->bytes, "a");
  EXPECT_EQ(two[1]->bytes, "b");
}

TEST(SummaryDialect, AFlawOfOneTextIsInItsPlace) {
  for (auto const* flawed : {"null", "{}", "7", R"({"summary_text":null})", R"({"summary_text":" \n"})",
                             R"({"summary_text":["x"]})", "[]", R"([{"summary_text":"a"},{"summary_text":"b"}])"}) {
    auto const answers = read(2, std::string(R"([{"summary_text":"a"},)") + flawed + "]");
    EXPECT_TRUE(answers[0]);
    ASSERT_FALSE(answers[1]) << flawed;
    EXPECT_EQ(answers[1].error().kind(), Kind::bad_answer);
  }
}

TEST(SummaryDialect, RefusesAnotherShape) {
  for (auto const& [body, message] : std::vector<std::pair<std::string, std::string>>{
           {"[]", "0 answers to 1 texts"},
           {"{}", "expected summaries"},
           {"\"x\"", "expected summaries"},
           {R"({"error":"index out of range"})", "with an error: index out of range"},
           {R"([{"summary_text":"a"},{"summary_text":"b"}])", "2 answers to 1 texts"},
           {"[{", "no JSON"},
       })
    expect_error(Kind::bad_answer, message, [&] { (void)read(1, body); });
  expect_error(Kind::bad_answer, "1 answers to 2", [] { (void)read(2, R"({"summary_text":"a"})"); });
}

TEST(SummaryDialect, TheKeyTellsLengthsApart) {
  auto const key = [](SummaryParameters given) {
    return make_summary_dialect(ServiceKind::hf, "m", given)->parameters_key();
  };
  EXPECT_NE(key({1, 23}), key({12, 3}));
  EXPECT_EQ(key({1, 2}), make_summary_dialect(ServiceKind::toolkit, "x", {1, 2})->parameters_key());
}

}  // namespace
}  // namespace jvmm::inference
