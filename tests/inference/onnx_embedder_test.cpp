#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <random>
#include <thread>

#include "inference/default_model.hpp"
#include "inference/embedder.hpp"
#include "inference/onnx_runtime.hpp"
#include "math/vector.hpp"
#include "support/expect_error.hpp"
#include "support/temp_dir.hpp"

namespace jvmm::inference {
namespace {

namespace fs = std::filesystem;
using jvmm::testing::expect_error;

EmbedderOptions options_of(fs::path const& models_dir) {
  EmbedderOptions options;
  options.models_dirs = {models_dir};
  return options;
}

/// The default model, opened once for all tests.
Embedder& embedder() {
  static auto const opened = open_embedder(options_of(default_model().parent_path()));
  return *opened;
}

std::vector<Vector> vectors_of(Embedder& model, std::span<std::string_view const> texts) {
  std::vector<Vector> out;
  for (auto& result : model.embed(texts))
    out.push_back(std::move(result).value_or_throw().vector);
  return out;
}

/// A copy of the default model that a test may damage.
class DamagedModel : public ::testing::Test {
 protected:
  DamagedModel() { fs::copy(default_model(), folder(), fs::copy_options::recursive); }
  fs::path folder() const { return m_dir.path() / "all-MiniLM-L6-v2"; }
  void expect_refused(Kind kind, std::string const& part) {
    expect_error(kind, part, [&] { (void)open_embedder(options_of(m_dir.path())); });
  }
  jvmm::testing::TempDir m_dir;
};

TEST(OnnxEmbedder, SaysWhatItIs) {
  auto const& info = embedder().info();
  EXPECT_EQ(info.model, "all-MiniLM-L6-v2");
  EXPECT_EQ(info.revision.size(), 16u);
  EXPECT_EQ(info.fingerprint(),
            "all-MiniLM-L6-v2@" + info.revision + ";dims=384;window=256;pooling=mean;normalise=true;prefix=\"\"");
}

// Texts and vectors: tests/data/embedding/README.md.
TEST(OnnxEmbedder, GivesTheVectorsOfSentenceTransformers) {
  auto const lines = read_lines("embedding/all-MiniLM-L6-v2.jsonl");
  std::vector<std::string_view> texts;
  for (auto const& line : lines)
    texts.push_back(json::Ref(line, "vectors")["text"].string());
  auto const got = vectors_of(embedder(), texts);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    Vector expected;
    for (auto const& x : json::Ref(lines[i], "vectors")["vector"].items())
      expected.push_back(static_cast<float>(x.number()));
    EXPECT_GE(math::cosine(got[i], expected), 0.99999F) << texts[i];
    EXPECT_NEAR(math::norm(got[i]), 1, 1e-5);
  }
}

TEST(OnnxEmbedder, ABatchChangesLastBitsOnly) {
  std::vector<std::string> owned;
  for (int i = 0; i < 60; ++i)
    owned.push_back("coach number " + std::to_string(i) + std::string(static_cast<std::size_t>(i), '!'));
  std::vector<std::string_view> const texts(owned.begin(), owned.end());
  auto const together = vectors_of(embedder(), texts);
  for (std::size_t i = 0; i < texts.size(); i += 7)
    EXPECT_GE(math::cosine(together[i], vectors_of(embedder(), std::span(texts).subspan(i, 1))[0]), 0.9999999F);
}

// What classification rests on: a label must not hang on the texts that were asked beside.
TEST(OnnxEmbedder, ABatchOfEqualLengthsChangesNotABit) {
  auto options = options_of(default_model().parent_path());
  options.batches = Batches::equal;
  auto const equal = open_embedder(options);
  options.threads = 1;
  auto const one_thread = open_embedder(options);
  constexpr std::string_view k_words[]{"coach",   "growth", "meditation", "real", "estate",
                                       "podcast", "for",    "teams",      "9",    "&"};
  std::mt19937 random(11);
  std::vector<std::string> owned;
  for (int i = 0; i < 150; ++i) {
    std::string text;
    for (auto left = 1 + random() % 40; left > 0; --left)
      text += std::string(k_words[random() % std::size(k_words)]) + ' ';
    owned.push_back(text);
  }
  std::vector<std::string_view> texts(owned.begin(), owned.end());
  std::map<std::string_view, Vector> alone;
  for (auto const& text : texts)
    alone.emplace(text, vectors_of(*equal, {&text, 1})[0]);
  for (int round = 0; round < 6; ++round) {
    std::shuffle(texts.begin(), texts.end(), random);
    auto const some = std::span(texts).first(2 + random() % (texts.size() - 2));
    auto const together = vectors_of(round % 2 ? *equal : *one_thread, some);
    for (std::size_t i = 0; i < some.size(); ++i)
      EXPECT_EQ(together[i], alone.at(some[i])) << some[i];
  }
}

TEST(OnnxEmbedder, EqualTextsGetEqualBitsAndNoTextsNothing) {
  std::vector<std::string_view> const texts{"same", "another", "same"};
  auto const got = vectors_of(embedder(), texts);
  EXPECT_EQ(got[0], got[2]);
  EXPECT_NE(got[0], got[1]);
  EXPECT_TRUE(embedder().embed({}).empty());
}

TEST(OnnxEmbedder, TakesWhateverIsInAText) {
  std::string const megabyte(1'000'000, 'a');
  std::string words;
  while (words.size() < 1'000'000)
    words += "plain words ";
  std::vector<std::string_view> const texts{"", std::string_view("a\0b", 3), "\xff\xfe", megabyte, words};
  auto const got = embedder().embed(texts);
  for (auto const& result : got)
    ASSERT_TRUE(result) << result.error().what();
  EXPECT_EQ(got[0]->tokens, 2u);
  EXPECT_FALSE(got[3]->truncated);
  EXPECT_EQ(got[4]->tokens, 256u);
  EXPECT_TRUE(got[4]->truncated);
}

TEST(OnnxEmbedder, MayBeCalledByManyThreads) {
  std::string_view const text = "shared between threads";
  auto const expected = vectors_of(embedder(), {&text, 1})[0];
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 5; ++i)
        EXPECT_EQ(vectors_of(embedder(), {&text, 1})[0], expected);
    });
}

TEST(OnnxEmbedder, APrefixIsPartOfTheTextAndTheFingerprint) {
  auto options = options_of(default_model().parent_path());
  options.prefix = "query: ";
  auto const prefixed = open_embedder(options);
  std::string_view const bare = "books", whole = "query: books";
  EXPECT_GE(math::cosine(vectors_of(*prefixed, {&bare, 1})[0], vectors_of(embedder(), {&whole, 1})[0]), 0.9999999F);
  EXPECT_NE(prefixed->info().fingerprint(), embedder().info().fingerprint());
}

TEST_F(DamagedModel, AnUnknownFolderGoesByItsPath) {
  auto options = options_of("/nowhere");
  options.model = folder().string();
  EXPECT_EQ(open_embedder(options)->info().dims, 384u);
}

TEST_F(DamagedModel, CutWeightsAreRefusedByName) {
  fs::resize_file(folder() / "model.onnx", 1'000'000);
  expect_refused(Kind::bad_input, "model.onnx: cannot be loaded");
  fs::resize_file(folder() / "model.onnx", 0);
  expect_refused(Kind::bad_input, "run 'jvmm models verify'");
}

TEST_F(DamagedModel, MissingWeightsAreRefusedByName) {
  fs::remove(folder() / "model.onnx");
  expect_refused(Kind::configuration, "no model.onnx");
}

TEST_F(DamagedModel, AnotherWidthThanTheFilesSayIsABadAnswer) {
  m_dir.write("all-MiniLM-L6-v2/config.json",
              R"({"model_type": "bert", "hidden_size": 512, "max_position_embeddings": 512})");
  auto const model = open_embedder(options_of(m_dir.path()));
  std::string_view const text = "x";
  expect_error(Kind::bad_answer, "expected [1 x 3 x 512]", [&] { (void)model->embed({&text, 1}); });
}

TEST(OnnxRuntime, TheEnvironmentNamesTheOnlyLibraryTried) {
  ::setenv("JVMM_ONNXRUNTIME", "/nowhere/libonnxruntime.so", 1);
  auto const candidates = onnx_runtime_candidates();
  ::unsetenv("JVMM_ONNXRUNTIME");
  EXPECT_EQ(candidates, std::vector<std::string>{"/nowhere/libonnxruntime.so"});
  EXPECT_EQ(onnx_runtime_candidates().size(), 3u);
}

TEST(OnnxRuntimeDeathTest, WithoutALibraryTheNextStepIsSaid) {
  ::testing::GTEST_FLAG(death_test_style) = "threadsafe";
  auto const open = [] {
    ::setenv("JVMM_ONNXRUNTIME", "/nowhere/libonnxruntime.so", 1);
    try {
      (void)onnx_environment();
    } catch (Error const& e) {
      fprintf(stderr, "%d %s\n", exit_code(e.kind()), e.what());
      std::exit(1);
    }
  };
  EXPECT_EXIT(open(), ::testing::ExitedWithCode(1), "78 ONNX Runtime cannot be loaded.*run scripts/setup");
}

}  // namespace
}  // namespace jvmm::inference
