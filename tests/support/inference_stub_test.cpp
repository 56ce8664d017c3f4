#include "support/inference_stub.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "json/parse.hpp"
#include "json/value.hpp"
#include "json/writer.hpp"
#include "support/raw_http.hpp"

namespace jvmm::testing {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr std::string_view k_model = "BAAI/bge-small-en-v1.5";
constexpr std::string_view k_embed_path = "/hf-inference/models/BAAI/bge-small-en-v1.5/pipeline/feature-extraction";

StubOptions of_kind(StubKind kind) {
  StubOptions out;
  out.kind = kind;
  out.dims = 4;
  return out;
}

json::Array const& array(json::Value const& value) {
  auto const* const out = value.get_if<json::Array>();
  if (out == nullptr) throw std::runtime_error("no array: " + json::to_text(value));
  return *out;
}

std::string text(json::Value const& value) {
  return value.get_if<std::string>() != nullptr ? *value.get_if<std::string>() : json::to_text(value);
}

double number(json::Value const& value) {
  if (auto const* const whole = value.get_if<std::int64_t>()) return static_cast<double>(*whole);
  auto const* const out = value.get_if<double>();
  if (out == nullptr) throw std::runtime_error("no number: " + json::to_text(value));
  return *out;
}

std::vector<float> numbers(json::Value const& value) {
  std::vector<float> out;
  for (auto const& item : array(value))
    out.push_back(static_cast<float>(number(item)));
  return out;
}

json::Value post(InferenceStub const& stub, std::string_view path, std::string_view body) {
  auto const answer = RawHttp(stub.url()).post(path, body);
  EXPECT_EQ(answer.status, 200) << answer.bytes;
  return json::parse(answer.body);
}

struct Refused {
  int status;
  std::string body;
};
Refused refused(InferenceStub const& stub, std::string_view path, std::string_view body) {
  auto const answer = RawHttp(stub.url()).post(path, body);
  return {answer.status, answer.body};
}

TEST(InferenceStub, AnswersEmbeddingsOfHfAsAListOrBare) {
  InferenceStub const stub(of_kind(StubKind::hf));
  auto const list = post(stub, k_embed_path, R"({"inputs":["a","Zo\u00eb"]})");
  ASSERT_THAT(array(list), SizeIs(2));
  EXPECT_EQ(numbers(array(list)[0]), stub_vector(k_model, "a", 4));
  EXPECT_EQ(numbers(array(list)[1]), stub_vector(k_model, "Zoë", 4));
  EXPECT_EQ(numbers(post(stub, k_embed_path, R"({"inputs":"a"})")), stub_vector(k_model, "a", 4));
}

TEST(InferenceStub, AnswersManyRequestsOverOneConnection) {
  InferenceStub const stub(of_kind(StubKind::hf));
  RawHttp client(stub.url());
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(client.post(k_embed_path, R"({"inputs":["a"]})").status, 200);
  EXPECT_EQ(stub.bill().connections, 1U);
  EXPECT_EQ(stub.requests(), 20U);
}

TEST(InferenceStub, AnswersPipelinedRequestsInTheirOrder) {
  InferenceStub const stub(of_kind(StubKind::hf));
  RawHttp client(stub.url());
  client.send(raw_post(k_embed_path, R"({"inputs":"a"})") +
              raw_post(k_embed_path, R"({"inputs":"b"})", {"connection: close"}));
  auto const all = client.receive_all();
  EXPECT_EQ(all.end, RawEnd::closed);
  EXPECT_LT(all.bytes.find("stub-00000001"), all.bytes.find("stub-00000002"));
}

TEST(InferenceStub, ReadsARequestThatComesByteByByte) {
  InferenceStub const stub(of_kind(StubKind::hf));
  RawHttp client(stub.url());
  for (char const byte : raw_post(k_embed_path, R"({"inputs":["a"]})"))
    client.send({&byte, 1});
  EXPECT_EQ(client.receive().status, 200);
}

TEST(InferenceStub, SaysContinueWhereThatIsExpected) {
  InferenceStub const stub(of_kind(StubKind::hf));
  RawHttp client(stub.url());
  auto const request = raw_post(k_embed_path, R"({"inputs":["a"]})", {"expect: 100-continue"});
  auto const head = request.find("\r\n\r\n") + 4;
  client.send(request.substr(0, head));
  EXPECT_EQ(client.receive().status, 100);
  client.send(request.substr(head));
  EXPECT_EQ(client.receive().status, 200);
}

TEST(InferenceStub, SendsTheHeadersOfHf) {
  auto options = of_kind(StubKind::hf);
  options.warning = "model; soon gone";
  options.compute_per_input = std::chrono::milliseconds(8);
  InferenceStub const stub(options);
  auto headers = RawHttp(stub.url()).post(k_embed_path, R"({"inputs":["a","bcdef"]})", {"x-request-id: mine"}).headers;
  EXPECT_EQ(headers["x-compute-time"], "0.016");  // seconds
  EXPECT_EQ(headers["x-compute-tokens"], std::to_string(stub_tokens("a") + stub_tokens("bcdef")));
  EXPECT_EQ(headers["x-sha"], StubModel{}.sha);
  EXPECT_EQ(headers["x-request-id"], "mine");
  EXPECT_EQ(headers["x-hf-warning"], "model; soon gone");
}

TEST(InferenceStub, TeiCountsComputeTimeInMilliseconds) {
  auto options = of_kind(StubKind::tei);
  options.compute_per_input = std::chrono::microseconds(7600);
  InferenceStub const stub(options);
  auto answer = RawHttp(stub.url()).post("/embed", R"({"inputs":["a","b"]})");
  EXPECT_EQ(answer.headers["x-compute-time"], "15");
  EXPECT_EQ(stub.bill().total().compute_microseconds, 15'000U);  // as the header said
}

TEST(InferenceStub, NestsEmbeddingsInEveryForm) {
  auto const nested = [](EmbeddingForm form) {
    auto options = of_kind(StubKind::hf);
    options.embedding_form = form;
    return post(InferenceStub(options), k_embed_path, R"({"inputs":["a","b"]})");
  };
  auto const vector = stub_vector(k_model, "b", 4);
  auto const tokens = stub_token_vectors(k_model, "b", 4);
  EXPECT_EQ(numbers(array(nested(EmbeddingForm::matrix)).at(1)), vector);
  EXPECT_EQ(numbers(array(array(nested(EmbeddingForm::squeezable)).at(1)).at(0)), vector);
  auto const per_token = nested(EmbeddingForm::tokens);
  EXPECT_THAT(array(array(per_token).at(1)), SizeIs(tokens.size()));
  EXPECT_EQ(numbers(array(array(per_token).at(1)).at(2)), tokens.at(2));
  EXPECT_EQ(numbers(array(array(array(nested(EmbeddingForm::ragged)).at(1)).at(0)).at(2)), tokens.at(2));
  EXPECT_EQ(numbers(array(nested(EmbeddingForm::squeezed_tokens)).at(0)), stub_vector(k_model, "a", 4));
  EXPECT_EQ(numbers(array(*nested(EmbeddingForm::keyed).find("embeddings")).at(1)), vector);
  EXPECT_EQ(numbers(*array(*nested(EmbeddingForm::openai).find("data")).at(1).find("embedding")), vector);
}

TEST(InferenceStub, AnswersBase64OfLittleEndianFloats) {
  InferenceStub const stub(of_kind(StubKind::openai));
  auto const answer = post(stub, "/v1/embeddings", R"({"model":"m","input":["a"],"encoding_format":"base64"})");
  // Python: base64.b64encode(struct.pack("<4f", *vector)) of the vector of ("m", "a").
  EXPECT_EQ(text(*array(*answer.find("data")).at(0).find("embedding")), "wY9jPwlftD7eERI9bMuUvg==");
}

TEST(InferenceStub, ShuffledAnswersKeepTheirIndex) {
  auto options = of_kind(StubKind::openai);
  options.openai_order = OpenAiOrder::shuffled;
  InferenceStub const stub(options);
  auto const answer = post(stub, "/v1/embeddings", R"({"model":"m","input":["0","1","2","3","4","5"]})");
  bool ascending = true;
  std::int64_t previous = -1;
  for (auto const& item : array(*answer.find("data"))) {
    auto const index = *item.find("index")->get_if<std::int64_t>();
    EXPECT_EQ(numbers(*item.find("embedding")), stub_vector("m", std::to_string(index), 4));
    ascending = ascending && index > previous;
    previous = index;
  }
  EXPECT_FALSE(ascending);
}

TEST(InferenceStub, ZeroShotComesAsAListOrAsAnObject) {
  auto options = of_kind(StubKind::hf);
  auto const body = R"({"inputs":"a coach","parameters":{"candidate_labels":["x","y","z"],"multi_label":true}})";
  auto const path = "/hf-inference/models/facebook/bart-large-mnli";
  auto const expected =
      stub_zero_shot("facebook/bart-large-mnli", "a coach", {"x", "y", "z"}, "This example is {}.", true);
  std::map<std::string, double> const by_label = {{"x", expected[0]}, {"y", expected[1]}, {"z", expected[2]}};
  double previous = 2;
  auto const as_list = post(InferenceStub(options), path, body);
  for (auto const& item : array(as_list)) {
    EXPECT_NEAR(number(*item.find("score")), by_label.at(text(*item.find("label"))), 1e-15);
    EXPECT_LE(number(*item.find("score")), previous);
    previous = number(*item.find("score"));
  }
  options.zero_shot_form = ZeroShotForm::object;
  auto const object = post(InferenceStub(options), path, body);
  EXPECT_EQ(text(*object.find("sequence")), "a coach");
  EXPECT_NEAR(number(array(*object.find("scores"))[0]), by_label.at(text(array(*object.find("labels"))[0])), 1e-15);
}

TEST(InferenceStub, EntitiesAreAggregatedUnlessAskedOtherwise) {
  InferenceStub const stub(of_kind(StubKind::hf));
  auto const path = "/hf-inference/models/dslim/bert-base-NER";
  auto const groups = post(stub, path, R"({"inputs":"in São Paulo"})");
  ASSERT_THAT(array(groups), SizeIs(1));
  EXPECT_EQ(text(*array(groups)[0].find("word")), "São Paulo");
  EXPECT_EQ(number(*array(groups)[0].find("start")), 3);
  EXPECT_EQ(number(*array(groups)[0].find("end")), 12);
  auto const raw = post(stub, path, R"({"inputs":"in São Paulo","parameters":{"aggregation_strategy":"none"}})");
  ASSERT_THAT(array(raw), SizeIs(2));
  EXPECT_THAT(text(*array(raw)[0].find("entity")), ::testing::StartsWith("B-"));
  EXPECT_THAT(text(*array(raw)[1].find("entity")), ::testing::StartsWith("I-"));
}

TEST(InferenceStub, AListOfTextsHasAListOfEntitiesEach) {
  InferenceStub const stub(of_kind(StubKind::hf));
  auto const answer = post(stub, "/hf-inference/models/dslim/bert-base-NER", R"({"inputs":["Anna","nobody"]})");
  ASSERT_THAT(array(answer), SizeIs(2));
  EXPECT_THAT(array(array(answer)[0]), SizeIs(1));
  EXPECT_TRUE(array(array(answer)[1]).empty());
}

TEST(InferenceStub, SummarisesAsAList) {
  InferenceStub const stub(of_kind(StubKind::hf));
  auto const answer = post(stub, "/hf-inference/models/facebook/bart-large-cnn",
                           R"({"inputs":"one two three","parameters":{"generate_parameters":{"max_length":2}}})");
  EXPECT_EQ(text(*array(answer).at(0).find("summary_text")), "one two");
}

TEST(InferenceStub, ChatFollowsTheSchemaAskedFor) {
  InferenceStub const stub(of_kind(StubKind::openai));
  auto const answer = post(stub, "/v1/chat/completions", R"({"model":"m","messages":[{"role":"system","content":"x"},
    {"role":"user","content":"by Anna of ACME"}],"response_format":{"type":"json_schema","json_schema":{"name":"n",
    "schema":{"type":"object","properties":{"media":{"type":"array","items":{"type":"string"}}}}}}})");
  auto const& choice = array(*answer.find("choices")).at(0);
  EXPECT_EQ(text(*choice.find("message")->find("content")), R"({"media":["Anna","ACME"]})");
  EXPECT_EQ(text(*choice.find("finish_reason")), "stop");
  EXPECT_EQ(number(*answer.find("usage")->find("prompt_tokens")), stub_tokens("x") + stub_tokens("by Anna of ACME"));
}

TEST(InferenceStub, ChatCanBeFencedCutAndNull) {
  auto const said = [](ChatForm form) {
    auto options = of_kind(StubKind::hf);
    options.chat_form = form;
    options.chat_reply = [](std::string_view) { return R"({"a":1})"; };
    auto const answer = post(InferenceStub(options), "/v1/chat/completions",
                             R"({"model":"m:cheapest","messages":[{"role":"user","content":"t"}]})");
    auto const& choice = array(*answer.find("choices")).at(0);
    return text(*choice.find("message")->find("content")) + " " + text(*choice.find("finish_reason"));
  };
  EXPECT_EQ(said(ChatForm::plain), R"({"a":1} stop)");
  EXPECT_EQ(said(ChatForm::fenced), "```json\n{\"a\":1}\n``` stop");
  EXPECT_EQ(said(ChatForm::cut), "{\"a length");
  EXPECT_EQ(said(ChatForm::null_content), "null tool_calls");
  EXPECT_THAT(said(ChatForm::prose), HasSubstr(R"({"a":1})"));
}

TEST(InferenceStub, TeiReadsAListOfTwoStringsAsOnePair) {
  auto options = of_kind(StubKind::tei);
  options.default_task = StubTask::zero_shot;
  InferenceStub const stub(options);
  auto const single = post(stub, "/predict", R"({"inputs":["p","h"],"raw_scores":true})");
  ASSERT_THAT(array(single), SizeIs(3));
  auto const batch = post(stub, "/predict", R"({"inputs":[["p","h"],["p","h2"]],"raw_scores":true})");
  ASSERT_THAT(array(batch), SizeIs(2));
  EXPECT_EQ(array(batch)[0], single);
  for (auto const& score : array(single))
    EXPECT_EQ(number(*score.find("score")), stub_class_logit(k_model, "p", "h", text(*score.find("label"))));
  EXPECT_EQ(stub.bill().total().inputs, 3U);
  EXPECT_EQ(refused(stub, "/predict", R"({"inputs":["a","b","c"]})").status, 422);
}

TEST(InferenceStub, TeiInfoSaysWhatIsServed) {
  auto options = of_kind(StubKind::tei);
  options.models = {{.id = "m/nli", .task = StubTask::zero_shot, .classes = {"entailment", "not_entailment"}}};
  InferenceStub const stub(options);
  auto const info = json::parse(RawHttp(stub.url()).get("/info").body);
  EXPECT_EQ(text(*info.find("model_id")), "m/nli");
  EXPECT_EQ(text(*info.find("model_type")->find("classifier")->find("id2label")->find("1")), "not_entailment");
  EXPECT_EQ(number(*info.find("max_client_batch_size")), 32);
}

TEST(InferenceStub, TeiRefusesAsItDoes) {
  auto options = of_kind(StubKind::tei);
  options.max_client_batch = 2;
  options.max_tokens = 4;
  options.max_body_bytes = 1000;
  InferenceStub const stub(options);
  auto const empty = refused(stub, "/embed", R"({"inputs":["a",""]})");
  EXPECT_EQ(empty.status, 400);
  EXPECT_EQ(empty.body, R"({"error":"`inputs` cannot be empty","error_type":"Empty"})");
  EXPECT_EQ(refused(stub, "/embed", R"({"inputs":[]})").status, 400);
  auto const large = refused(stub, "/embed", R"({"inputs":["a","b","c"]})");
  EXPECT_EQ(large.status, 422);
  EXPECT_EQ(large.body, R"({"error":"batch size 3 > maximum allowed batch size 2","error_type":"Validation"})");
  auto const lengthy = refused(stub, "/embed", R"({"inputs":["0123456789abc"],"truncate":false})");
  EXPECT_EQ(lengthy.status, 422);
  EXPECT_THAT(lengthy.body, HasSubstr("`inputs` must have less than 4 tokens. Given: 6"));
  EXPECT_EQ(refused(stub, "/embed", R"({"inputs":["0123456789abc"]})").status, 200);
  EXPECT_EQ(refused(stub, "/embed", R"({"input":["a"]})").status, 422);
  EXPECT_EQ(refused(stub, "/embed", R"({"inputs":["a"],"truncate":"yes"})").status, 422);
  EXPECT_EQ(refused(stub, "/embed", R"({"inputs":["a"],"prompt_name":"query"})").status, 422);
  EXPECT_EQ(refused(stub, "/embed", "{").status, 400);
  EXPECT_EQ(refused(stub, "/embed", std::string(1001, ' ')).status, 413);
  EXPECT_EQ(refused(stub, "/predict", R"({"inputs":["a"]})").status, 424);
  EXPECT_EQ(refused(stub, "/nothing", R"({"inputs":["a"]})").status, 404);
  RawHttp client(stub.url());
  client.send("POST /embed HTTP/1.1\r\ncontent-length: 2\r\n\r\n{}");
  EXPECT_EQ(client.receive().status, 415);
  auto const openai = refused(stub, "/v1/embeddings", R"({"input":["a",""]})");
  EXPECT_EQ(openai.body, R"({"message":"`inputs` cannot be empty","code":400,"type":"Empty"})");
  EXPECT_EQ(stub.bill().total().requests, 1U);  // the one that was cut
}

TEST(InferenceStub, TeiRefusesABatchThatFindsNoPermits) {
  auto options = of_kind(StubKind::tei);
  options.max_concurrent_inputs = 3;
  options.latency_of = [](StubRequest const& request) {
    return request.number == 1 ? std::chrono::seconds(600) : std::chrono::seconds(0);
  };
  InferenceStub const stub(options);
  {
    RawHttp slow(stub.url());
    slow.send(raw_post("/embed", R"({"inputs":["a","b"]})"));
    while (stub.in_flight() == 0)
      std::this_thread::yield();
    auto const answer = RawHttp(stub.url()).post("/embed", R"({"inputs":["c","d"]})");
    EXPECT_EQ(answer.status, 429);
    EXPECT_EQ(answer.body, R"({"error":"Model is overloaded","error_type":"Overloaded"})");
    EXPECT_FALSE(answer.headers.contains("retry-after"));
    EXPECT_EQ(refused(stub, "/embed", R"({"inputs":["c"]})").status, 200);
  }
  while (stub.in_flight() != 0)  // the slow client went away
    std::this_thread::yield();
  EXPECT_EQ(refused(stub, "/embed", R"({"inputs":["c","d"]})").status, 200);
}

TEST(InferenceStub, VllmRefusesAsItDoes) {
  auto options = of_kind(StubKind::openai);
  options.models = {{.id = "m", .max_tokens = 4}};
  InferenceStub const stub(options);
  auto const unknown = refused(stub, "/v1/embeddings", R"({"model":"x","input":["a"]})");
  EXPECT_EQ(unknown.status, 404);
  EXPECT_EQ(unknown.body, R"({"error":{"message":"The model `x` does not exist.","type":"NotFoundError",)"
                          R"("param":"model","code":404}})");
  auto const lengthy = refused(stub, "/v1/embeddings", R"({"model":"m","input":["0123456789abc"]})");
  EXPECT_EQ(lengthy.status, 400);
  EXPECT_THAT(lengthy.body, HasSubstr("maximum context length is 4 tokens"));
  EXPECT_EQ(
      refused(stub, "/v1/embeddings", R"({"model":"m","input":["0123456789abc"],"truncate_prompt_tokens":-1})").status,
      200);
  EXPECT_EQ(refused(stub, "/v1/embeddings", R"({"model":"m"})").status, 400);
  EXPECT_EQ(refused(stub, "/v1/embeddings", R"({"model":"m","input":["a"],"normalize":true})").status, 400);
  EXPECT_EQ(refused(stub, "/v1/embeddings", "nonsense").status, 400);
}

TEST(InferenceStub, HfRefusesAsItDoes) {
  auto options = of_kind(StubKind::hf);
  options.models = {{.id = "a/served"}, {.id = "a/asleep", .status = ""}};
  InferenceStub const stub(options);
  auto const path = [](std::string const& model) {
    return "/hf-inference/models/" + model + "/pipeline/feature-extraction";
  };
  EXPECT_EQ(refused(stub, path("a/none"), R"({"inputs":["a"]})").body, R"({"error":"Model a/none does not exist"})");
  EXPECT_EQ(refused(stub, path("a/none"), R"({"inputs":["a"]})").status, 404);
  auto const asleep = refused(stub, path("a/asleep"), R"({"inputs":["a"]})");
  EXPECT_EQ(asleep.status, 400);
  EXPECT_EQ(asleep.body, R"({"error":"Model not supported by provider hf-inference"})");
  EXPECT_EQ(refused(stub, path("a/served"), R"({"texts":["a"]})").status, 422);
  EXPECT_EQ(refused(stub, path("a/served"), R"({"inputs":[null]})").status, 422);
  EXPECT_EQ(refused(stub, path("a/served"), "[").status, 400);
  // Without the suffix a sentence-transformers model compares sentences.
  EXPECT_EQ(refused(stub, "/hf-inference/models/a/served", R"({"inputs":["a"]})").status, 400);
  auto const chat = refused(stub, "/v1/chat/completions", R"({"model":"x","messages":[]})");
  EXPECT_EQ(chat.status, 400);
  EXPECT_THAT(chat.body, HasSubstr(R"("code":"model_not_supported")"));
}

TEST(InferenceStub, AToolkitAnswersEverythingWrongWith400) {
  InferenceStub const stub(of_kind(StubKind::toolkit));
  EXPECT_EQ(numbers(array(*post(stub, "/", R"({"inputs":["a"]})").find("embeddings")).at(0)),
            stub_vector(k_model, "a", 4));
  EXPECT_EQ(refused(stub, "/", R"({"texts":["a"]})").status, 400);
  EXPECT_EQ(refused(stub, "/", R"({"inputs":[3]})").status, 400);
  EXPECT_EQ(refused(stub, "/", "{").status, 400);
}

TEST(InferenceStub, WantsItsToken) {
  for (auto const kind : {StubKind::hf, StubKind::tei, StubKind::openai}) {
    auto options = of_kind(kind);
    options.token = "secret";
    InferenceStub const stub(options);
    std::string_view const path = kind == StubKind::hf    ? k_embed_path
                                  : kind == StubKind::tei ? "/embed"
                                                          : "/v1/embeddings";
    auto const* const body = kind == StubKind::openai ? R"({"input":["a"]})" : R"({"inputs":["a"]})";
    RawHttp client(stub.url());
    EXPECT_EQ(client.post(path, body).status, 401);
    EXPECT_EQ(client.post(path, body, {"Authorization: Bearer secre"}).status, 401);
    EXPECT_EQ(client.post(path, body, {"Authorization: Bearer secret"}).status, 200);
    EXPECT_EQ(client.post(path, body).body.empty(), kind == StubKind::tei);
    EXPECT_EQ(stub.bill().total().requests, 1U);
  }
}

TEST(InferenceStub, TheHubKnowsTheModels) {
  auto options = of_kind(StubKind::hf);
  options.models = {{.id = "a/ner", .task = StubTask::ner, .sha = "abc"}};
  InferenceStub const stub(options);
  RawHttp client(stub.url());
  auto answer = client.get("/api/models/a/ner?expand%5B%5D=inference");
  auto const model = json::parse(answer.body);
  EXPECT_EQ(text(*model.find("sha")), "abc");
  EXPECT_EQ(text(*model.find("inference")), "warm");
  EXPECT_EQ(text(*model.find("inferenceProviderMapping")->find("hf-inference")->find("status")), "live");
  EXPECT_EQ(answer.headers["ratelimit"], "\"api\";r=499;t=300");
  EXPECT_EQ(client.get("/api/models/a/other").status, 404);
}

TEST(InferenceStub, RefusesMoreThanItsRate) {
  for (auto const mode : {StubRateLimit::Mode::token_bucket, StubRateLimit::Mode::fixed_window}) {
    auto options = of_kind(StubKind::hf);
    options.rate_limit = {.per_second = 0.001, .mode = mode};
    if (mode == StubRateLimit::Mode::fixed_window) options.rate_limit.per_second = 1;
    InferenceStub const stub(options);
    RawHttp client(stub.url());
    std::vector<int> statuses;
    RawAnswer last;
    for (int i = 0; i < 2 || (statuses.back() == 200 && i < 1000); ++i)
      statuses.push_back((last = client.post(k_embed_path, R"({"inputs":["a"]})")).status);
    EXPECT_EQ(statuses.front(), 200);
    EXPECT_EQ(statuses.back(), 429);
    EXPECT_GE(std::stoi(last.headers["retry-after"]), 1);
    EXPECT_EQ(stub.bill().total().requests, statuses.size() - 1);
  }
}

TEST(InferenceStub, IsUnhealthyWhenToldSo) {
  InferenceStub stub(of_kind(StubKind::tei));
  RawHttp client(stub.url());
  EXPECT_EQ(client.get("/health").status, 200);
  stub.set_healthy(false);
  auto const answer = client.get("/health");
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.body, R"({"error":"unhealthy","error_type":"Unhealthy"})");
}

TEST(InferenceStub, SurvivesWhatIsNoHttp) {
  InferenceStub const stub(of_kind(StubKind::hf));
  for (std::string const& bytes :
       {std::string("nonsense\r\n\r\n"), std::string("GET / HTTP/1.1\r\nno colon\r\n\r\n"),
        std::string("POST / HTTP/1.1\r\ncontent-length: x\r\n\r\n"), std::string(70'000, 'x'),
        std::string("POST / HTTP/1.1\r\ncontent-length: 99999999999\r\n\r\n")}) {
    RawHttp client(stub.url());
    client.send(bytes);
    auto const answer = client.receive_all();
    EXPECT_THAT(answer.bytes, ::testing::StartsWith("HTTP/1.1 4")) << bytes.substr(0, 40);
    EXPECT_EQ(answer.end, RawEnd::closed);
  }
  EXPECT_EQ(RawHttp(stub.url()).post(k_embed_path, R"({"inputs":["a"]})").status, 200);
}

}  // namespace
}  // namespace jvmm::testing
