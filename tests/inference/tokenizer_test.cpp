#include <gtest/gtest.h>

#include <algorithm>

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

TEST(Tokenizer, ATextCutWhereTheWindowEndsGivesTheSameIds) {
  text::WordPiece const tokenizer(read_recipe(default_model()).tokenizer);
  int cut = 0, shorter = 0;
  for (auto const& value : read_lines("tokenizer/wordpiece.jsonl")) {
    auto const text = json::Ref(value, "wordpiece.jsonl")["text"].string();
    for (auto const window : {3u, 4u, 5u, 7u, 12u, 256u}) {
      auto const whole = tokenizer.encode(text, window);
      auto const seen = tokenizer.encode(std::string_view(text).substr(0, whole.covered), 100'000);
      cut += whole.truncated ? 1 : 0;
      if (seen.ids == whole.ids) continue;
      // The window ends within a syllable of Hangul, which is several letters to the model.
      ++shorter;
      EXPECT_LT(seen.ids.size(), whole.ids.size()) << window << " of " << text;
      EXPECT_TRUE(std::equal(seen.ids.begin(), seen.ids.end() - 1, whole.ids.begin())) << window << " of " << text;
    }
  }
  EXPECT_GE(cut, 1000);
  EXPECT_LE(shorter * 100, cut);
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
