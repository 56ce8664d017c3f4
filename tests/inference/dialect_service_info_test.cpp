#include "inference/dialect/service_info.hpp"

#include <gtest/gtest.h>

#include "support/expect_error.hpp"

namespace jvmm::inference {
namespace {

using jvmm::testing::expect_error;

TEST(TeiInfo, ReadsAnEmbeddingModel) {
  auto const info = read_tei_info(R"({"model_id":"BAAI/bge-small-en-v1.5","model_sha":"5c38","model_dtype":"float16",
      "served_model_name":"x","model_type":{"embedding":{"pooling":"cls"}},"max_concurrent_requests":512,
      "max_input_length":512,"max_batch_tokens":16384,"max_batch_requests":null,"max_client_batch_size":32,
      "auto_truncate":true,"tokenization_workers":8,"version":"1.9.3","sha":null,"docker_label":null})");
  EXPECT_EQ(info.model_id, "BAAI/bge-small-en-v1.5");
  EXPECT_EQ(info.model_sha, "5c38");
  EXPECT_EQ(info.version, "1.9.3");
  EXPECT_EQ(info.type, TeiInfo::Type::embedding);
  EXPECT_EQ(info.pooling, "cls");
  EXPECT_TRUE(info.classes.empty());
  EXPECT_EQ(info.max_input_tokens, 512U);
  EXPECT_EQ(info.max_batch_tokens, 16384U);
  EXPECT_EQ(info.max_client_batch, 32U);
  EXPECT_EQ(info.max_concurrent, 512U);
  EXPECT_EQ(info.auto_truncate, true);
}

TEST(TeiInfo, OrdersClassesByTheirNumber) {
  auto const info = read_tei_info(R"({"model_id":"m","model_sha":null,"model_type":{"classifier":{
      "id2label":{"10":"k","2":"contradiction","0":"entailment","1":"neutral"},"label2id":{}}}})");
  EXPECT_EQ(info.type, TeiInfo::Type::classifier);
  EXPECT_EQ(info.classes, (std::vector<std::string>{"entailment", "neutral", "contradiction", "k"}));
  EXPECT_EQ(info.model_sha, "");
  EXPECT_EQ(info.max_client_batch, 0U);
  EXPECT_EQ(info.auto_truncate, std::nullopt);
  EXPECT_EQ(read_tei_info(R"({"model_type":{"reranker":{"id2label":{"0":"x"}}}})").type, TeiInfo::Type::reranker);
}

TEST(TeiInfo, RefusesWhatIsNotTeis) {
  for (auto const& [body, message] : std::vector<std::pair<std::string, std::string>>{
           {"", "no JSON"},
           {"<html>", "no JSON"},
           {"{}", "expected an object with model_type"},
           {"[]", "expected an object with model_type"},
           {R"({"model_type":"bert"})", "expected an object with model_type"},
           {R"({"model_type":{}})", "neither embedding"},
           {R"({"model_type":{"classifier":{}}})", "without id2label"},
           {R"({"model_type":{"classifier":{"id2label":{"a":"x"}}}})", "id2label"},
           {R"({"model_type":{"classifier":{"id2label":{"0":1}}}})", "id2label"},
           {R"({"model_type":{"classifier":{"id2label":{"0":"a","00":"b"}}}})", "id2label"},
           {R"({"error":"unhealthy","error_type":"Unhealthy"})", "with an error: unhealthy"},
       })
    expect_error(Kind::bad_answer, message, [&] { (void)read_tei_info(body); });
  auto const odd = read_tei_info(R"({"model_type":{"embedding":null},"max_input_length":-5,"max_batch_tokens":"x",
      "max_concurrent_requests":1.5,"version":7,"auto_truncate":"yes"})");
  EXPECT_EQ(odd.max_input_tokens, 0U);
  EXPECT_EQ(odd.max_batch_tokens, 0U);
  EXPECT_EQ(odd.max_concurrent, 0U);
  EXPECT_EQ(odd.version, "");
  EXPECT_EQ(odd.pooling, "");
}

TEST(ModelList, ReadsIdsAndWindows) {
  auto const list = read_model_list(R"({"object":"list","data":[{"id":"a","max_model_len":512},{"id":"b"},
      {"id":"c","max_model_len":null},{"id":"d","max_model_len":0}]})");
  ASSERT_EQ(list.size(), 4U);
  EXPECT_EQ(list[0].id, "a");
  EXPECT_EQ(list[0].window_tokens, 512U);
  for (std::size_t i = 1; i < 4; ++i)
    EXPECT_EQ(list[i].window_tokens, std::nullopt);
  EXPECT_TRUE(read_model_list(R"({"data":[]})").empty());
}

TEST(ModelList, ReadsWhatLlamaCppSays) {
  auto const list = read_model_list(R"({"models":[{"name":"a"}],"object":"list","data":[
      {"id":"a","aliases":["a","org/a",7],"tags":[],"object":"model","owned_by":"llamacpp",
       "meta":{"vocab_type":3,"n_vocab":30522,"n_ctx":512,"n_ctx_train":1024,"n_embd":384}},
      {"id":"b","aliases":null,"meta":null}]})");
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0].window_tokens, 512U);
  EXPECT_EQ(list[0].aliases, (std::vector<std::string>{"a", "org/a"}));
  EXPECT_EQ(list[1].window_tokens, std::nullopt);
  EXPECT_TRUE(list[1].aliases.empty());
}

TEST(ModelList, RefusesWhatIsNone) {
  for (auto const& [body, message] : std::vector<std::pair<std::string, std::string>>{
           {"[]", "expected an object with data"},
           {R"({"data":null})", "expected an object with data"},
           {R"({"data":[{}]})", "without an id"},
           {R"({"data":[{"id":""}]})", "without an id"},
           {R"({"data":["x"]})", "without an id"},
           {R"({"detail":"Not Found"})", "with an error: Not Found"},
           {"x", "no JSON"},
       })
    expect_error(Kind::bad_answer, message, [&] { (void)read_model_list(body); });
}

TEST(HubModel, AcceptsTheMappingInBothForms) {
  for (auto const* mapping :
       {R"({"x":{"status":"error"},"hf-inference":{"status":"live","providerId":"m","task":"feature-extraction"}})",
        R"([{"provider":"x","status":"error"},{"provider":"hf-inference","status":"live"}])"}) {
    auto const model = read_hub_model(std::string(R"({"id":"BAAI/bge","sha":"5c38","pipeline_tag":"feature-extraction",
        "inference":"warm","inferenceProviderMapping":)") +
                                      mapping + "}");
    EXPECT_EQ(model.id, "BAAI/bge");
    EXPECT_EQ(model.sha, "5c38");
    EXPECT_EQ(model.pipeline_tag, "feature-extraction");
    EXPECT_TRUE(model.warm);
    EXPECT_EQ(model.status, "live") << mapping;
  }
}

TEST(HubModel, IsNotServedWhereNothingSaysSo) {
  for (auto const* body : {R"({"id":"m"})", R"({"id":"m","inference":null,"inferenceProviderMapping":null})",
                           R"({"id":"m","inference":"cold","inferenceProviderMapping":{}})",
                           R"({"id":"m","inferenceProviderMapping":[null,7,{"provider":7}]})",
                           R"({"id":"m","inferenceProviderMapping":{"hf-inference":null}})"}) {
    auto const model = read_hub_model(body);
    EXPECT_FALSE(model.warm) << body;
    EXPECT_EQ(model.status, "") << body;
  }
  expect_error(Kind::bad_answer, "with an error: Repository not found",
               [] { (void)read_hub_model(R"({"error":"Repository not found"})"); });
  expect_error(Kind::bad_answer, "expected a model with an id", [] { (void)read_hub_model("[]"); });
}

}  // namespace
}  // namespace jvmm::inference
