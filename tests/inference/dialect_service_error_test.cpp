#include "inference/dialect/service_error.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/utf8.hpp"

namespace jvmm::inference {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

http::Reply reply_of(std::string body, long status = 500) {
  http::Reply reply;
  reply.status = status;
  reply.body = std::move(body);
  return reply;
}

ServiceError read(std::string body, long status = 500) {
  return read_service_error(reply_of(std::move(body), status));
}

TEST(ServiceError, FindsTheMessageInEveryForm) {
  struct Case {
    std::string body, message, type, code;
  };
  for (auto const& [body, message, type, code] : std::vector<Case>{
           {R"({"error":"Model x does not exist"})", "Model x does not exist", "", ""},
           {R"({"error":["a","b"],"warnings":["w"]})", "a; b", "", ""},
           {R"({"error":"Model is overloaded","error_type":"Overloaded"})", "Model is overloaded", "Overloaded", ""},
           {R"({"error":{"message":"no such model","type":"invalid_request_error","param":"model",
                "code":"model_not_supported"}})",
            "no such model", "invalid_request_error", "model_not_supported"},
           {R"({"object":"error","message":"too long","type":"BadRequestError","param":null,"code":400})", "too long",
            "BadRequestError", "400"},
           {R"({"message":"batch size 40 > 32","code":422,"type":"Validation"})", "batch size 40 > 32", "Validation",
            "422"},
           {R"({"detail":"Not authenticated"})", "Not authenticated", "", ""},
           {R"({"detail":[{"loc":["body","inputs",0],"msg":"field required"},{"msg":"other"}]})",
            "body.inputs.0: field required; other", "", ""},
           {R"({"errors":[{"message":"first"},"second"]})", "first; second", "", ""},
           {R"({"error":"invalid_token","error_description":"expired"})", "invalid_token", "", ""},
           {R"({"error_description":"expired"})", "expired", "", ""},
           {R"({"error":null,"message":"m"})", "m", "", ""},
           {R"("just a string")", "just a string", "", ""},
           {"Failed to buffer the request body: length limit exceeded",
            "Failed to buffer the request body: length limit exceeded", "", ""},
           {"Not Found", "Not Found", "", ""},
       }) {
    auto const error = read(body);
    EXPECT_EQ(error.message, message) << body;
    EXPECT_EQ(error.type, type) << body;
    EXPECT_EQ(error.code, code) << body;
  }
}

TEST(ServiceError, StripsHtml) {
  EXPECT_EQ(read("<!DOCTYPE html><html><head><title>502 Bad&nbsp;Gateway</title><style>b {}</style>"
                 "<script>var x = '<b>';</script></head>\n<body><!-- x -->\n<h1>502</h1> a &lt; b</body></html>")
                .message,
            "502 Bad Gateway 502 a < b");
  EXPECT_EQ(read("a < b > c").message, "a < b > c");
  EXPECT_EQ(read("<html", 504).message, "status 504 without a message");
  EXPECT_EQ(read("<script>never closed", 504).message, "status 504 without a message");
}

TEST(ServiceError, NamesTheStatusWhereNothingIsSaid) {
  for (auto const* body : {"", " \n", "{}", "[]", "null", "[[1,2]]", R"({"error":""})", R"({"error":{}})",
                           R"({"error":[[[[[["deep"]]]]]]})", "\x01\x02"})
    EXPECT_EQ(read(body, 401).message, "status 401 without a message") << body;
  http::Reply reply;
  EXPECT_EQ(read_service_error(reply).message, "no answer");
  reply.failure = Error(Kind::unavailable, "http://x: connection refused");
  EXPECT_EQ(read_service_error(reply).message, "http://x: connection refused");
}

TEST(ServiceError, TakesTheHeaderWhereTheBodySaysNothing) {
  auto reply = reply_of("");
  reply.headers.push_back({"x-error-message", "quota of hf_abcdef exceeded\x07"});
  EXPECT_EQ(read_service_error(reply).message, "quota of hf_*** exceeded");
  reply.body = "<html>502</html>";
  EXPECT_EQ(read_service_error(reply).message, "quota of hf_*** exceeded");
  reply.body = R"({"error":"own"})";
  EXPECT_EQ(read_service_error(reply).message, "own");
}

TEST(ServiceError, HidesTokens) {
  for (auto const& [text, expected] : std::vector<std::pair<std::string, std::string>>{
           {"token hf_abcDEF0123456789 is bad", "token hf_*** is bad"},
           {"'hf_abc'", "'hf_***'"},
           {"Authorization: Bearer abc.def-ghi", "Authorization: Bearer ***"},
           {"bearer: \"secret\"", "bearer: \"***\""},
           {"Incorrect API key provided: sk-proj-ab***yz. See", "Incorrect API key provided: sk-*** See"},
           {"a task-specific, risk-free disk-image", "a task-specific, risk-free disk-image"},
           {"forbearer x", "forbearer x"},
           {"ends with hf_", "ends with hf_"},
           {"ends with Bearer", "ends with Bearer"},
       })
    EXPECT_EQ(read(text).message, expected);
  auto const error = read(R"({"error":{"message":"m","type":"hf_secret","code":"Bearer secret"}})");
  EXPECT_EQ(error.type, "hf_***");
  EXPECT_EQ(error.code, "Bearer ***");
  EXPECT_THAT(read("<html>hf<b></b>_secret &#39;sk-secret&#39;</html>").message, Not(HasSubstr("sk-secret")));
  // Not even the beginning of one at the end of a long message.
  EXPECT_THAT(read(std::string(290, 'x') + " hf_secretsecretsecret").message, Not(HasSubstr("hf_s")));
}

TEST(ServiceError, IsShortValidAndInOneLine) {
  std::string euros;
  for (int i = 0; i < 200; ++i)
    euros += "€";
  auto const error = read(R"({"error":")" + euros + R"(","type":")" + euros + R"("})");
  EXPECT_LE(error.message.size(), 300U);
  EXPECT_GE(error.message.size(), 290U);
  EXPECT_EQ(utf8::first_invalid(error.message), std::string::npos);
  EXPECT_LE(error.type.size(), 64U);
  EXPECT_EQ(utf8::first_invalid(error.type), std::string::npos);
  EXPECT_EQ(read("a\x1b[31m\r\n\tb\xff\x7f c\xc2\x85\xe2\x80\xae!").message, "a [31m b\xef\xbf\xbd c !");
  EXPECT_EQ(read(std::string(300, 'a')).message, std::string(300, 'a'));
  EXPECT_LE(read(std::string(1'000'000, 'a')).message.size(), 300U);
  EXPECT_LE(read(std::string(1'000'000, '<')).message.size(), 300U);
}

TEST(ServiceError, ReadsHowLongAModelLoads) {
  auto const seconds = [](std::string const& value) {
    return read(R"({"error":"Model x is currently loading","estimated_time":)" + value + "}").estimated_seconds;
  };
  EXPECT_EQ(seconds("20.5"), 20.5);
  EXPECT_EQ(seconds("20"), 20.0);
  EXPECT_EQ(seconds("\"20.5\""), 20.5);
  EXPECT_EQ(seconds("0"), 0.0);
  for (auto const* none : {"-1", "null", "\"soon\"", "\"20s\"", "\"nan\"", "\"inf\"", "\"\"", "[20]", "\"-3\"", "true"})
    EXPECT_EQ(seconds(none), std::nullopt) << none;
}

TEST(ServiceError, TellsErrorBodiesFromAnswers) {
  for (auto const* body : {R"({"error":"x"})", R"({"error":{"message":"x"}})", R"( {"detail":"x"})",
                           R"({"object":"error","message":"x"})", R"({"errors":["x"]})", R"({"error":"","data":null})"})
    EXPECT_TRUE(is_error_body(body)) << body;
  for (auto const* body : {"", "[]", "{}", "x", "[{\"error\":1}]", R"({"error":null})", R"({"error":null,"data":[]})",
                           R"({"error":"x","data":[]})", R"({"choices":[],"error":"x"})",
                           R"({"labels":[],"scores":[]})", R"({"error":"x")", R"({"summary_text":"s"})"})
    EXPECT_FALSE(is_error_body(body)) << body;
}

}  // namespace
}  // namespace jvmm::inference
