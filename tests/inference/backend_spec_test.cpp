#include "inference/backend_spec.hpp"

#include <gtest/gtest.h>

#include "support/expect_error.hpp"

namespace jvmm::inference {
namespace {

using Kind = BackendSpec::Kind;

TEST(BackendSpec, ReadsEveryForm) {
  auto const hf = BackendSpec::parse("hf:BAAI/bge-large-en-v1.5@5c38ec7");
  EXPECT_EQ(hf.kind, Kind::hf);
  EXPECT_EQ(hf.model, "BAAI/bge-large-en-v1.5");
  EXPECT_EQ(hf.revision, "5c38ec7");
  auto const tei = BackendSpec::parse("tei:http://gpu-1:3000/#BAAI/bge-large-en-v1.5");
  EXPECT_EQ(tei.url, "http://gpu-1:3000");
  EXPECT_EQ(tei.model, "BAAI/bge-large-en-v1.5");
  EXPECT_EQ(BackendSpec::parse("openai:http://localhost:8000/v1#m").url, "http://localhost:8000");
  EXPECT_EQ(BackendSpec::parse("endpoint:https://x.endpoints.huggingface.cloud").model, "");
  EXPECT_EQ(BackendSpec::parse("local").model, "");
  EXPECT_EQ(BackendSpec::parse("local:/models/a#b@c").model, "/models/a#b@c");
  EXPECT_FALSE(BackendSpec::parse("rules").is_remote());
}

TEST(BackendSpec, WritesWhatItReads) {
  for (auto const* text : {"local", "local:all-MiniLM-L6-v2", "rules", "hf:a/b", "hf:a/b@rev", "tei:http://h:1",
                           "tei:https://h/path#a/b@rev", "openai:http://h:8000#m", "endpoint:https://e"})
    EXPECT_EQ(BackendSpec::parse(text).text(), text);
}

TEST(BackendSpec, RefusesWhatIsNoneAndSaysTheForms) {
  for (auto const* text : {"", "hf", "hf:", "hf:name", "hf:a/b/c", "tei:", "tei:gpu-1:3000", "tei:ftp://h",
                           "tei:http://", "openai:http://h", "vllm:http://h", "rules:x", "local:"}) {
    SCOPED_TRACE(text);
    testing::expect_error(jvmm::Kind::configuration, "tei:URL", [&] { (void)BackendSpec::parse(text); });
  }
}

TEST(BackendSpec, RefusesAPasswordWithoutRepeatingIt) {
  try {
    (void)BackendSpec::parse("tei:https://user:hunter2@h:3000");
    FAIL();
  } catch (Error const& error) {
    EXPECT_EQ(std::string(error.what()).find("hunter2"), std::string::npos) << error.what();
  }
}

TEST(ParseRoute, TakesCommasAndBlanks) {
  EXPECT_EQ(parse_route(" tei:http://a,hf:x/y \n rules").size(), 3u);
  EXPECT_TRUE(parse_route(" , ").empty());
  testing::expect_error(jvmm::Kind::configuration, "twice", [] { (void)parse_route("hf:x/y, hf:x/y"); });
}

TEST(RequireOneModel, KnowsModelsByAllTheirNames) {
  require_one_model(parse_route("local:all-MiniLM-L6-v2, hf:sentence-transformers/all-MiniLM-L6-v2, tei:http://a"));
  testing::expect_error(jvmm::Kind::configuration, "two models",
                        [] { require_one_model(parse_route("hf:BAAI/bge-large-en-v1.5, local:all-MiniLM-L6-v2")); });
  testing::expect_error(jvmm::Kind::configuration, "two revisions",
                        [] { require_one_model(parse_route("hf:a/b@1, tei:http://h#a/b@2")); });
}

}  // namespace
}  // namespace jvmm::inference
