#include "inference/dialect/chat.hpp"

#include <gtest/gtest.h>

#include "json/parse.hpp"
#include "json/writer.hpp"
#include "support/expect_error.hpp"

namespace jvmm::inference {
namespace {

using jvmm::testing::expect_error;
using Texts = std::vector<std::string_view>;

constexpr char const* k_schema = R"({"type":"object","additionalProperties":false,"required":["media"],)"
                                 R"("properties":{"media":{"type":"array","items":{"type":"string"}}}})";

ChatParameters parameters(std::string schema = k_schema) {
  ChatParameters out;
  out.system = "Extract.";
  out.examples = {{"seen in Forbes", R"({"media":["Forbes"]})"}};
  out.json_schema = std::move(schema);
  return out;
}

std::string answer(std::string_view content, std::string_view reason = "stop") {
  json::Writer out;
  out.begin_object().key("choices").begin_array().begin_object().member("index", 0);
  out.member("finish_reason", reason).key("message").begin_object().member("role", "assistant");
  out.member("content", content).end_object().end_object().end_array();
  out.key("usage")
      .begin_object()
      .member("prompt_tokens", 212)
      .member("completion_tokens", 29)
      .end_object()
      .end_object();
  return std::move(out).take();
}

Reading read(std::string_view body, std::string schema = k_schema) {
  return make_chat_dialect(ServiceKind::hf, "m", parameters(std::move(schema)))->read(Texts{"text"}, body);
}

TEST(ChatDialect, PutsTheModelFirstAndAsksForTheSchema) {
  auto const dialect = make_chat_dialect(ServiceKind::hf, "org/llama:nscale", parameters());
  EXPECT_EQ(dialect->task(), Task::chat);
  EXPECT_EQ(dialect->path(), "/v1/chat/completions");
  EXPECT_EQ(dialect->body(Texts{"ICF PCC coach\x01"}),
            std::string(R"({"model":"org/llama:nscale","messages":[{"role":"system","content":"Extract."},)"
                        R"({"role":"user","content":"seen in Forbes"},)"
                        R"({"role":"assistant","content":"{\"media\":[\"Forbes\"]}"},)"
                        R"({"role":"user","content":"ICF PCC coach "}],"temperature":0.0,"max_tokens":400,"seed":7,)"
                        R"("stream":false,"response_format":{"type":"json_schema","json_schema":{"name":"answer",)"
                        R"("strict":true,"schema":)") +
                k_schema + "}}}");
}

TEST(ChatDialect, PutsTheSchemaInWordsWhereTheServiceDoesNotTakeIt) {
  for (auto const structured : {Structured::json_object, Structured::prompt_only}) {
    auto const body =
        json::parse(make_chat_dialect(ServiceKind::openai, "m", parameters(), structured)->body(Texts{"x"}));
    auto const& messages = *body.find("messages")->get_if<json::Array>();
    EXPECT_EQ(*messages[0].find("content"),
              json::Value(std::string("Extract.\n\nReply with one JSON object that fits this JSON Schema, and nothing "
                                      "else:\n") +
                          k_schema));
    auto const* format = body.find("response_format");
    if (structured == Structured::json_object)
      EXPECT_EQ(*format, json::Value(json::Object{{"type", "json_object"}}));
    else
      EXPECT_EQ(format, nullptr);
  }
}

TEST(ChatDialect, AsksForFreeTextWithoutASchema) {
  ChatParameters given;
  given.seed = std::nullopt;
  EXPECT_EQ(make_chat_dialect(ServiceKind::openai, "m", given)->body(Texts{"hi"}),
            R"({"model":"m","messages":[{"role":"user","content":"hi"}],"temperature":0.0,"max_tokens":400,)"
            R"("stream":false})");
}

TEST(ChatDialect, RefusesWhatItCannotAsk) {
  for (auto const kind : {ServiceKind::tei, ServiceKind::toolkit})
    expect_error(Kind::configuration, "does not do chat", [&] { (void)make_chat_dialect(kind, "m", {}); });
  for (auto const* schema : {"{", "[]", "7"})
    expect_error(Kind::configuration, "schema",
                 [&] { (void)make_chat_dialect(ServiceKind::hf, "m", parameters(schema)); });
  auto const dialect = make_chat_dialect(ServiceKind::hf, "m", {});
  expect_error(Kind::internal, "2 messages", [&] { (void)dialect->body(Texts{"a", "b"}); });
}

TEST(ChatDialect, TakesTheObjectOutOfWhatIsAroundIt) {
  constexpr std::string_view k_object = R"({"media": ["a}b", "\"{"]})";
  std::string const object(k_object);
  for (auto const& content : {object, " \n" + object + "\n", "```json\n" + object + "\n```", "```\n" + object + "\n```",
                              "Sure! Here it is:\n```json\n" + object + "\n```\nAnything else?",
                              "The answer {as asked} is " + object + " (done}.",
                              "<think>maybe {\"media\": 1</think>" + object, "~~~ " + object + " ~~~"}) {
    auto const reading = read(answer(content));
    ASSERT_TRUE(reading.answers[0]) << content << reading.answers[0].error().what();
    EXPECT_EQ(reading.answers[0]->bytes, object) << content;
  }
}

TEST(ChatDialect, ReadsUsage) {
  auto const reading = read(answer(R"({"media":[]})"));
  EXPECT_EQ(reading.input_tokens, 212U);
  EXPECT_EQ(reading.output_tokens, 29U);
  auto const bare = read(R"({"choices":[{"message":{"content":"{\"media\":[]}"}}],"usage":{"prompt_tokens":"x"}})");
  EXPECT_TRUE(bare.answers[0]);
  EXPECT_EQ(bare.input_tokens, std::nullopt);
  EXPECT_EQ(bare.output_tokens, std::nullopt);
}

TEST(ChatDialect, RefusesRepliesThatAreNotWhole) {
  for (auto const& [body, message] : std::vector<std::pair<std::string, std::string>>{
           {answer(R"({"media":["For)", "length"), "cut by its length"},
           {answer(R"({"media":[]})", "length"), "cut by its length"},
           {answer(R"({"media":[]})", "content_filter"), "content filter"},
           {R"({"choices":[{"finish_reason":"tool_calls","message":{"content":null}}]})", "without content"},
           {R"({"choices":[{"message":{"role":"assistant"}}]})", "without content"},
           {R"({"choices":[{"message":{"content":7}}]})", "without content"},
           {answer(" \n"), "an empty reply"},
           {answer("I cannot do that."), "without a JSON object"},
           {answer("[\"media\"]"), "without a JSON object"},
           {answer("{\"media\": [}"), "without a JSON object"},
           {answer("{\"media\": [\"cut"), "without a JSON object"},
           {answer(std::string(100'000, '{')), "without a JSON object"},
           {answer("{}"), "does not fit its schema"},
           {answer(R"({"media":"Forbes"})"), "does not fit its schema: /media"},
           {answer(R"({"media":[],"more":1})"), "does not fit its schema"},
       }) {
    auto const reading = read(body);
    ASSERT_EQ(reading.answers.size(), 1U);
    ASSERT_FALSE(reading.answers[0]) << body.substr(0, 200);
    EXPECT_EQ(reading.answers[0].error().kind(), Kind::bad_answer);
    EXPECT_THAT(reading.answers[0].error().what(), ::testing::HasSubstr(message));
  }
}

TEST(ChatDialect, CountsTokensOfRepliesThatAreOfNoUse) {
  EXPECT_EQ(read(answer("no", "length")).output_tokens, 29U);
}

TEST(ChatDialect, RefusesAnotherShape) {
  for (auto const& [body, message] : std::vector<std::pair<std::string, std::string>>{
           {"{}", "expected a message in choices"},
           {"[]", "expected a message in choices"},
           {R"({"choices":[]})", "expected a message in choices"},
           {R"({"choices":[{}]})", "expected a message in choices"},
           {R"({"choices":[{"message":"x"}]})", "expected a message in choices"},
           {R"({"choices":{"message":{}}})", "expected a message in choices"},
           {R"({"error":{"message":"not supported","code":"model_not_supported"}})", "with an error: not supported"},
           {"data:{\"error\":\"x\"}", "no JSON"},
           {"", "no JSON"},
       })
    expect_error(Kind::bad_answer, message, [&] { (void)read(body); });
  EXPECT_TRUE(read(R"({"error":null,"choices":[{"message":{"content":"{\"media\":[]}"}}]})").answers[0]);
}

TEST(ChatDialect, KeepsFreeTextAsItIs) {
  EXPECT_EQ(read(answer(" {as} it is \n"), "").answers[0]->bytes, " {as} it is \n");
  EXPECT_EQ(read(R"({"choices":[{"message":{"content":[{"type":"text","text":"a"},{"x":1},{"text":"b"}]}}]})", "")
                .answers[0]
                ->bytes,
            "ab");
}

TEST(ChatDialect, TheKeyTellsApartWhatShapesTheReply) {
  auto const key = [](auto const& change) {
    auto given = parameters();
    change(given);
    return make_chat_dialect(ServiceKind::hf, "m", given)->parameters_key();
  };
  auto const base = key([](auto&) {});
  EXPECT_EQ(base, make_chat_dialect(ServiceKind::openai, "m", parameters(), Structured::prompt_only)->parameters_key());
  EXPECT_NE(base, key([](auto& p) { p.system = "x"; }));
  EXPECT_NE(base, key([](auto& p) { p.examples.clear(); }));
  EXPECT_NE(base, key([](auto& p) { p.examples[0].second += "x"; }));
  EXPECT_NE(base, key([](auto& p) { p.max_tokens = 1; }));
  EXPECT_NE(base, key([](auto& p) { p.temperature = 1; }));
  EXPECT_NE(base, key([](auto& p) { p.seed.reset(); }));
  EXPECT_NE(base, key([](auto& p) { p.json_schema.clear(); }));
}

TEST(JsonIn, FindsTheObject) {
  for (auto const& [text, expected] : std::vector<std::pair<std::string, std::optional<std::string>>>{
           {"{}", "{}"},
           {"  {\"a\":1}\n", "{\"a\":1}"},
           {"x {\"a\":{\"b\":2}} y {\"c\":3}", "{\"a\":{\"b\":2}}"},
           {"{ not json {\"a\":1}", "{\"a\":1}"},
           {"```json\n{\"a\":1}\n", "{\"a\":1}"},
           {"``` {\"a\":1} ```", "{\"a\":1}"},
           {"", std::nullopt},
           {"{", std::nullopt},
           {"}{", std::nullopt},
           {"{\"a\":\"\\", std::nullopt},
           {"[1]", std::nullopt},
           {"```", std::nullopt},
       })
    EXPECT_EQ(json_in(text), expected) << text;
}

}  // namespace
}  // namespace jvmm::inference
