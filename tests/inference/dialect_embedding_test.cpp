#include "inference/dialect/embedding.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "json/parse.hpp"
#include "support/expect_error.hpp"

namespace jvmm::inference {
namespace {

using jvmm::testing::expect_error;
using Texts = std::vector<std::string_view>;

Texts const k_one{"alpha"};
Texts const k_two{"alpha", "beta and more"};

EmbeddingParameters plain(std::size_t dims = 0) {
  EmbeddingParameters out;
  out.model = "org/name";
  out.dims = dims;
  return out;
}

Reading read(Texts const& texts, std::string_view body, EmbeddingParameters parameters = plain()) {
  return make_embedding_dialect(ServiceKind::tei, std::move(parameters))->read(texts, body);
}

void expect_vectors(Texts const& texts, std::string_view body, std::vector<Vector> const& expected,
                    EmbeddingParameters const& parameters = plain()) {
  auto const reading = read(texts, body, parameters);
  ASSERT_EQ(reading.answers.size(), expected.size()) << body;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    ASSERT_TRUE(reading.answers[i]) << body << ": " << reading.answers[i].error().what();
    auto const vector = unpack_vector(reading.answers[i]->bytes, expected[i].size());
    for (std::size_t k = 0; k < vector.size(); ++k)
      EXPECT_NEAR(vector[k], expected[i][k], 1e-6) << body;
  }
}

TEST(EmbeddingDialect, AsksEachServiceInItsOwnWay) {
  struct Case {
    ServiceKind kind;
    std::string path, body;
  };
  for (auto const& [kind, path, body] : std::vector<Case>{
           {ServiceKind::hf, "/hf-inference/models/org/name/pipeline/feature-extraction",
            R"({"inputs":["alpha","beta and more"],"normalize":true,"truncate":true})"},
           {ServiceKind::tei, "/embed", R"({"inputs":["alpha","beta and more"],"normalize":true,"truncate":true})"},
           {ServiceKind::openai, "/v1/embeddings",
            R"({"model":"org/name","input":["alpha","beta and more"],"encoding_format":"base64"})"},
           {ServiceKind::toolkit, "", R"({"inputs":["alpha","beta and more"]})"},
       }) {
    auto const dialect = make_embedding_dialect(kind, plain());
    EXPECT_EQ(dialect->path(), path);
    EXPECT_EQ(dialect->body(k_two), body);
    EXPECT_EQ(dialect->task(), Task::embed);
  }
}

TEST(EmbeddingDialect, CleansTextsAndPutsThePrefixBefore) {
  auto parameters = plain();
  parameters.prefix = "query: ";
  parameters.normalise = false;
  auto const dialect = make_embedding_dialect(ServiceKind::tei, parameters);
  Texts const texts{std::string_view("a\0b\x1b[1m\r\n\tc", 11), "x\xff\xe2\x82y", "\"\\"};
  EXPECT_EQ(json::parse(dialect->body(texts)),
            json::parse(R"({"inputs": ["query: a b [1m \n\tc", "query: x\ufffd\ufffdy", "query: \"\\"],
                            "normalize": false, "truncate": true})"));
}

TEST(EmbeddingDialect, SendsWhatTheModelSeesOfAText) {
  auto parameters = plain();
  parameters.prefix = "q: ";
  parameters.seen_bytes = [](std::string_view text) { return text.starts_with("q: a b") ? std::size_t{9} : 100; };
  auto const dialect = make_embedding_dialect(ServiceKind::openai, parameters);
  Texts const texts{std::string_view("a\0b\xff and more", 13), "beta"};
  EXPECT_EQ(*json::parse(dialect->body(texts)).find("input"), json::parse(R"(["q: a b\ufffd", "q: beta"])"));
}

TEST(EmbeddingDialect, QuotesAModelInAPath) {
  auto parameters = plain();
  parameters.model = "org/na me?#%";
  EXPECT_EQ(make_embedding_dialect(ServiceKind::hf, parameters)->path(),
            "/hf-inference/models/org/na%20me%3F%23%25/pipeline/feature-extraction");
}

TEST(EmbeddingDialect, ReadsEveryShapeOfPooledVectors) {
  std::vector<Vector> const one{{0.6F, -0.8F, 0}}, two{{0.6F, -0.8F, 0}, {0, 0, 1}};
  for (auto const* body :
       {"[0.6,-0.8,0]", "[[0.6,-0.8,0.0]]", "[[[0.6,-0.8,0]]]", "[[[[0.6,-0.8,0]]]]", R"({"embeddings":[0.6,-0.8,0]})",
        R"({"embeddings":[[0.6,-0.8,0]]})", " [ [ 3 , -4 , 0 ] ]", R"({"data":[{"index":0,"embedding":[0.6,-0.8,0]}]})",
        R"({"data":[{"index":0,"embedding":"mpkZP83MTL8AAAAA"}],"error":null})"})
    expect_vectors(k_one, body, one);
  for (auto const* body : {"[[0.6,-0.8,0],[0,0,1]]", "[[[0.6,-0.8,0]],[[0,0,1]]]", "[[[[0.6,-0.8,0]]],[[[0,0,1]]]]",
                           R"({"embeddings":[[0.6,-0.8,0],[0,0,1e-3]]})", "[[60,-80,0],[0,0,1000000]]"})
    expect_vectors(k_two, body, two, plain(3));
}

TEST(EmbeddingDialect, OrdersByIndexNotByPosition) {
  std::vector<Vector> const two{{0.6F, -0.8F, 0}, {0, 0, 1}};
  expect_vectors(k_two, R"({"object":"list","data":[{"object":"embedding","index":1,"embedding":[0,0,1]},
      {"embedding":"mpkZP83MTL8AAAAA","index":0}],"model":"m","usage":{"prompt_tokens":8,"total_tokens":8}})",
                 two);
  EXPECT_EQ(read(k_one, R"({"data":[{"index":0,"embedding":[1]}],"usage":{"prompt_tokens":8}})").input_tokens, 8U);
  EXPECT_EQ(read(k_one, R"({"data":[{"index":0,"embedding":[1]}],"usage":{"prompt_tokens":-8}})").input_tokens,
            std::nullopt);
  EXPECT_EQ(read(k_one, R"({"data":[{"index":0,"embedding":[1]}],"usage":null})").input_tokens, std::nullopt);
}

TEST(EmbeddingDialect, RefusesAnswersOfAnotherShape) {
  struct Case {
    Texts texts;
    std::string body, message;
  };
  for (auto const& [texts, body, message] : std::vector<Case>{
           {k_two, "[[1,0]]", "1 answers to 2 texts"},
           {k_two, "[[1,0],[0,1],[1,1]]", "3 answers to 2 texts"},
           {k_two, "[1,0]", "one vector to 2 texts"},
           {k_two, "[[1,0],[1]]", "expected a vector of 2 dimensions, found 1"},
           {k_two, "[[1,0],1]", "one vector to 2 texts"},
           {k_two, "[[1,0],[[1,0]]]", "nested unevenly"},
           {k_two, "[[[1,0]],[[1],[1,2]]]", "a vector per token"},
           {k_one, "[[[[[1]]]]]", "nested deeper"},
           {k_one, "[]", "0 answers to 1 texts"},
           {k_one, "[[]]", "expected a vector of 0 dimensions, found 0"},
           {k_one, "{}", "expected vectors"},
           {k_one, "\"x\"", "expected vectors"},
           {k_one, "null", "expected vectors"},
           {k_one, "[\"x\"]", "expected a number, found a string"},
           {k_one, "[[\"x\"]]", "expected a number, found a string"},
           {k_one, "[[NaN,1]]", "no JSON"},
           {k_one, "[[1,0]] trailing", "no JSON"},
           {k_one, "[[1,0", "no JSON"},
           {k_one, "", "no JSON"},
           {k_one, "<html>502</html>", "no JSON"},
           {k_one, R"({"error":"Model is overloaded"})", "the service answered with an error: Model is overloaded"},
           {k_one, R"({"object":"error","message":"too long","code":400})", "with an error: too long"},
           {k_one, R"({"embeddings":null})", "expected vectors"},
           {k_one, R"({"embeddings":"x"})", "expected vectors"},
           {k_one, R"({"data":[]})", "0 answers to 1 texts"},
           {k_one, R"({"data":[{"index":0}]})", "without an embedding"},
           {k_one, R"({"data":[{"embedding":[1]}]})", "index is of no text"},
           {k_one, R"({"data":[{"index":1,"embedding":[1]}]})", "index is of no text"},
           {k_one, R"({"data":[{"index":-1,"embedding":[1]}]})", "index is of no text"},
           {k_one, R"({"data":[{"index":0.5,"embedding":[1]}]})", "index is of no text"},
           {k_one, R"({"data":[{"index":1e300,"embedding":[1]}]})", "index is of no text"},
           {k_one, R"({"data":[[1]]})", "expected an object, found an array"},
           {k_one, R"({"data":[{"index":0,"embedding":{}}]})", "expected an array, found an object"},
           {k_one, R"({"data":[{"index":0,"embedding":"AAA"}]})", "no base64"},
           {k_one, R"({"data":[{"index":0,"embedding":"Zm9v"}]})", "no base64"},
           {k_one, R"({"data":[{"index":0,"embedding":""}]})", "expected a vector of 0 dimensions"},
           {k_two, R"({"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[1]}]})", "two elements"},
           {k_two, R"({"data":[{"index":1,"embedding":[1]}]})", "an index is missing"},
           {k_one, R"({"data":[{"index":0,"embedding":[1]},{"index":1,"embedding":[1]}]})", "index is of no text"},
       })
    expect_error(Kind::bad_answer, message, [&] { (void)read(texts, body); });
  expect_error(Kind::bad_answer, "expected a vector of 384 dimensions, found 2",
               [] { (void)read(k_one, "[[1,0]]", plain(384)); });
}

TEST(EmbeddingDialect, AFlawOfOneTextIsInItsPlace) {
  for (auto const* flawed : {"null", "[null,1]", "[0,0]", "[1e-9,0]", "[1e300,1]", "[0.0,null]"}) {
    auto const reading = read(k_two, std::string("[[3,4],") + flawed + "]");
    ASSERT_EQ(reading.answers.size(), 2U) << flawed;
    EXPECT_EQ(unpack_vector(reading.answers[0]->bytes, 2), (Vector{0.6F, 0.8F}));
    ASSERT_FALSE(reading.answers[1]) << flawed;
    EXPECT_EQ(reading.answers[1].error().kind(), Kind::bad_answer);
    auto const first = read(k_two, std::string("[") + flawed + ",[3,4]]");
    EXPECT_FALSE(first.answers[0]) << flawed;
    EXPECT_TRUE(first.answers[1]) << flawed;
  }
  EXPECT_FALSE(read(k_one, "[0.5,null]").answers[0]);
  EXPECT_FALSE(read(k_one, "[null]").answers[0]);
  // float32 NaN and infinity in base64.
  EXPECT_FALSE(read(k_one, R"({"data":[{"index":0,"embedding":"AADAfwAAgD8="}]})").answers[0]);
  EXPECT_FALSE(read(k_one, R"({"data":[{"index":0,"embedding":"AACAfw=="}]})").answers[0]);
  EXPECT_FALSE(read(k_one, R"({"data":[{"index":0,"embedding":null}]})").answers[0]);
}

TEST(EmbeddingDialect, RefusesTokenVectorsUnlessToldToPool) {
  for (auto const& [texts, body] : std::vector<std::pair<Texts, std::string>>{
           {k_one, "[[1,0],[0,1]]"},
           {k_one, "[[[1,0],[0,1]]]"},
           {k_one, "[[[[1,0],[0,1]]]]"},
           {k_two, "[[[1,0],[0,1]],[[1,1],[1,0],[0,1]]]"},
           {k_two, "[[[[1,0],[0,1]]],[[[1,1],[1,0],[0,1]]]]"},
           {k_one, R"({"data":[{"index":0,"embedding":[[1,0],[0,1]]}]})"},
       })
    expect_error(Kind::bad_answer, "a vector per token", [&] { (void)read(texts, body); });
}

TEST(EmbeddingDialect, PoolsTokenVectorsWhenTold) {
  auto parameters = plain(2);
  parameters.token_vectors = TokenVectors::cls;
  expect_vectors(k_one, "[[1,0],[0,1]]", {{1, 0}}, parameters);
  expect_vectors(k_two, "[[[[2,0],[0,1]]],[[[0,3],[1,0],[0,1]]]]", {{1, 0}, {0, 1}}, parameters);
  parameters.token_vectors = TokenVectors::mean;
  // (1,0), (0,1) -> (0.5,0.5); (0,3), (1,0), (2,0) -> (1,1).
  auto const half = std::sqrt(0.5F);
  expect_vectors(k_two, "[[[1,0],[0,1]],[[0,3],[1,0],[2,0]]]", {{half, half}, {half, half}}, parameters);
  expect_error(Kind::bad_answer, "padding", [&] { (void)read(k_two, "[[[1,0],[0,1]],[[0,3],[1,0]]]", parameters); });
  expect_vectors({"same", "same"}, "[[[1,0],[0,1]],[[1,0],[0,1]]]", {{half, half}, {half, half}}, parameters);
  expect_error(Kind::bad_answer, "dimensions", [&] { (void)read(k_one, "[[1,0],[0,1,2]]", parameters); });
}

TEST(EmbeddingDialect, KeepsLengthsWhereNotToldToNormalise) {
  auto parameters = plain();
  parameters.normalise = false;
  expect_vectors(k_one, "[[3,-4]]", {{3, -4}}, parameters);
}

TEST(EmbeddingDialect, ReadsTensOfThousandsOfNumbersExactly) {
  std::string body = "[";
  Texts texts;
  for (int row = 0; row < 64; ++row) {
    body += row == 0 ? "[" : ",[";
    for (int i = 0; i < 1024; ++i)
      body += (i == 0 ? "" : ",") + std::to_string((row * 31 + i * 7) % 1000 - 500) + "e-3";
    body += "]";
    texts.push_back("text");
  }
  auto const reading = read(texts, body + "]", plain(1024));
  for (int row = 0; row < 64; ++row) {
    double squares = 0;
    for (int i = 0; i < 1024; ++i)
      squares += std::pow(double{static_cast<float>(((row * 31 + i * 7) % 1000 - 500) * 1e-3)}, 2);
    auto const vector = unpack_vector(reading.answers[static_cast<std::size_t>(row)]->bytes, 1024);
    for (int i = 0; i < 1024; i += 100)
      EXPECT_NEAR(vector[static_cast<std::size_t>(i)], ((row * 31 + i * 7) % 1000 - 500) * 1e-3 / std::sqrt(squares),
                  1e-7);
  }
}

TEST(EmbeddingDialect, TheKeyTellsApartWhatShapesTheVector) {
  auto const key = [](auto const& change) {
    auto parameters = plain();
    change(parameters);
    return make_embedding_dialect(ServiceKind::hf, parameters)->parameters_key();
  };
  auto const base = key([](auto&) {});
  EXPECT_EQ(base, make_embedding_dialect(ServiceKind::openai, plain(384))->parameters_key());
  EXPECT_NE(base, key([](auto& p) { p.normalise = false; }));
  EXPECT_NE(base, key([](auto& p) { p.prefix = "x"; }));
  EXPECT_NE(base, key([](auto& p) { p.prefix = "\",\"window\":256,\"prefix\":\""; }));
  EXPECT_NE(base, key([](auto& p) { p.window_tokens = 256; }));
  EXPECT_NE(base, key([](auto& p) { p.token_vectors = TokenVectors::cls; }));
}

TEST(EmbeddingDialect, PackedVectorsUnpackToTheSame) {
  Vector const vector{0.6F, -0.8F, 0.0F, std::numeric_limits<float>::denorm_min()};
  EXPECT_EQ(unpack_vector(pack_vector(vector), 4), vector);
  EXPECT_EQ(unpack_vector(pack_vector(vector), 0), vector);
  EXPECT_EQ(pack_vector(Vector{0.6F, -0.8F, 0}), std::string("\x9a\x99\x19\x3f\xcd\xcc\x4c\xbf\0\0\0\0", 12));
  expect_error(Kind::bad_answer, "16 bytes are no vector of 3", [&] { (void)unpack_vector(pack_vector(vector), 3); });
  expect_error(Kind::bad_answer, "3 bytes", [] { (void)unpack_vector("abc", 0); });
  expect_error(Kind::bad_answer, "0 bytes", [] { (void)unpack_vector("", 0); });
  expect_error(Kind::bad_answer, "not finite",
               [] { (void)unpack_vector(pack_vector(Vector{std::numeric_limits<float>::quiet_NaN()}), 1); });
}

}  // namespace
}  // namespace jvmm::inference
