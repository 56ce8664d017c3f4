// What a real server says on the wire, read by the library as it is.

#include <gmock/gmock.h>

#include "http/transport.hpp"
#include "inference/dialect/embedding.hpp"
#include "inference/dialect/service_error.hpp"
#include "inference/dialect/service_info.hpp"
#include "inference/remote/verdict.hpp"
#include "math/vector.hpp"
#include "real/real_server.hpp"

namespace jvmm::test {
namespace {

using inference::Action;
using inference::ServiceKind;
using inference::Task;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Wire : public ::testing::Test {
 protected:
  http::Reply send(std::string const& method, std::string const& path, std::string const& body = "") {
    http::Request request;
    request.method = method;
    request.url = m_server.url() + path;
    request.headers = {{"Content-Type", "application/json"}};
    request.body = body;
    request.timeout = std::chrono::seconds(120);
    return m_transport->send(std::move(request)).get();
  }

  http::Reply embed(std::string const& body) { return send("POST", "/v1/embeddings", body); }

  static inference::Verdict judged(http::Reply const& reply) {
    return inference::judge(ServiceKind::openai, Task::embed, reply, SystemTime());
  }

 private:
  RealServer m_server;
  std::unique_ptr<http::Transport> m_transport = http::open_curl_transport({});
};

inference::EmbeddingParameters parameters() {
  inference::EmbeddingParameters out;
  out.model = "all-MiniLM-L6-v2";
  out.dims = 384;
  return out;
}

TEST_F(Wire, ListsItsModelWithItsWindow) {
  auto const listed = inference::read_model_list(send("GET", "/v1/models").body);
  ASSERT_EQ(listed.size(), 1u);
  EXPECT_EQ(listed[0].id, "sentence-transformers/all-MiniLM-L6-v2");
  EXPECT_EQ(listed[0].window_tokens, 512u);
  EXPECT_THAT(listed[0].aliases, ElementsAre("sentence-transformers/all-MiniLM-L6-v2"));
}

TEST_F(Wire, IsHealthyAndNoTei) {
  EXPECT_EQ(send("GET", "/health").status, 200);
  EXPECT_EQ(send("GET", "/info").status, 404);
}

TEST_F(Wire, GivesTheSameVectorsAsBase64AndAsNumbers) {
  auto const dialect = inference::make_embedding_dialect(ServiceKind::openai, parameters());
  std::vector<std::string_view> const texts{"executive burnout coach", "", "podcast \xe6\x97\xa5\xe6\x9c\xac \"x\"\n"};
  auto const packed = dialect->body(texts);
  ASSERT_THAT(packed, HasSubstr(R"("encoding_format":"base64")"));
  auto plain = packed;
  plain.replace(plain.find("base64"), 6, "float");
  auto const one = embed(packed), other = embed(plain);
  ASSERT_EQ(one.status, 200) << one.body;
  ASSERT_EQ(other.status, 200) << other.body;
  EXPECT_LT(one.body.size() * 3, other.body.size() * 2) << "base64 was asked for";
  auto const a = dialect->read(texts, one.body), b = dialect->read(texts, other.body);
  EXPECT_EQ(a.input_tokens, b.input_tokens);
  EXPECT_GT(a.input_tokens.value_or(0), 10u);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    ASSERT_TRUE(a.answers[i] && b.answers[i]) << i;
    EXPECT_GE(math::cosine(inference::unpack_vector(a.answers[i]->bytes, 384),
                           inference::unpack_vector(b.answers[i]->bytes, 384)),
              0.99999f);
  }
}

TEST_F(Wire, SaysWhatIsWrongWithARequest) {
  struct Case {
    char const* body;
    char const* words;
  };
  for (auto const& [body, words] : {Case{R"({"model":"x","input":[]})", "must not be empty"},
                                    {R"({"model":"x","input":null})", "elements must be a string"},
                                    {R"({"model":"x"})", "must be provided"},
                                    {R"({"model":"x","input":["a"],"encoding_format":"hex"})", "float or base64"},
                                    {R"({"model":)", "parse error"}}) {
    auto const reply = embed(body);
    EXPECT_EQ(reply.status, 400) << body;
    auto const error = inference::read_service_error(reply);
    EXPECT_THAT(error.message, HasSubstr(words));
    EXPECT_EQ(error.type, "invalid_request_error");
    EXPECT_EQ(judged(reply).action, Action::split);
  }
}

TEST_F(Wire, RefusesATextBeyondItsPositions) {
  std::string words;
  for (int i = 0; i < 600; ++i)
    words += "word ";
  auto const long_one = embed(R"({"model":"x","input":["a",")" + words + R"("]})");
  EXPECT_EQ(long_one.status, 400);
  EXPECT_EQ(inference::read_service_error(long_one).type, "exceed_context_size_error");
  EXPECT_EQ(judged(long_one).action, Action::split);
  auto const longer = embed(R"({"model":"x","input":[")" + words + words + words + words + R"("]})");
  EXPECT_EQ(longer.status, 500) << longer.body;
  EXPECT_EQ(judged(longer).action, Action::split) << "as it will be no shorter next time";
  EXPECT_EQ(judged(longer).kind, Kind::bad_input);
}

TEST_F(Wire, AnswersToAnyNameOfAModel) {
  EXPECT_EQ(embed(R"({"model":"acme/other","input":["a"]})").status, 200);
}

TEST_F(Wire, TakesAsManyInputsAsAreSentAtOnce) {
  auto const dialect = inference::make_embedding_dialect(ServiceKind::openai, parameters());
  std::vector<std::string_view> const texts(64, "partners");
  auto const reply = embed(dialect->body(texts));
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(dialect->read(texts, reply.body).answers.size(), 64u);
}

}  // namespace
}  // namespace jvmm::test
