#include <gtest/gtest.h>

#include "inference/default_model.hpp"
#include "inference/model_files.hpp"
#include "support/temp_dir.hpp"
#include "text/wordpiece.hpp"

namespace jvmm::inference {
namespace {

// Texts and ids: tests/data/tokenizer/README.md.
TEST(Tokenizer, GivesTheIdsOfTheReference) {
  auto const recipe = read_recipe(default_model());
  text::WordPiece const tokenizer(recipe.tokenizer);
  ASSERT_EQ(recipe.window_tokens, 256u);
  auto const lines = read_lines("tokenizer/wordpiece.jsonl");
  EXPECT_GE(lines.size(), 1000u);
  for (auto const& value : lines) {
    json::Ref const line(value, "wordpiece.jsonl");
    auto const got = tokenizer.encode(line["text"].string(), recipe.window_tokens);
    std::vector<text::TokenId> expected;
    for (auto const& id : line["ids"].items())
      expected.push_back(static_cast<text::TokenId>(id.integer()));
    EXPECT_EQ(got.ids, expected) << line["text"].string();
    EXPECT_EQ(got.truncated, line["truncated"].boolean()) << line["text"].string();
  }
}

TEST(Tokenizer, VocabTxtGivesTheSameVocabulary) {
  auto const from_json = read_recipe(default_model());
  jvmm::testing::TempDir dir;
  for (auto const* file : {"config.json", "vocab.txt", "tokenizer_config.json"})
    std::filesystem::copy(default_model() / file, dir.path() / file);
  dir.write("model.onnx", "");
  EXPECT_EQ(read_recipe(dir.path()).tokenizer.vocabulary, from_json.tokenizer.vocabulary);
}

}  // namespace
}  // namespace jvmm::inference
