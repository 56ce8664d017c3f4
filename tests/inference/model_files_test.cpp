#include "inference/model_files.hpp"

#include <gtest/gtest.h>

#include "support/expect_error.hpp"
#include "support/temp_dir.hpp"

namespace jvmm::inference {
namespace {

using jvmm::testing::expect_error;

/// A folder with the least that a model needs; tests add and overwrite.
class ModelFiles : public ::testing::Test {
 protected:
  ModelFiles() {
    write("config.json", R"({"model_type": "bert", "hidden_size": 8, "max_position_embeddings": 512})");
    write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\r\nword\n");
    write("model.onnx", "weights");
  }

  void write(std::string_view name, std::string_view content) { m_dir.write(name, content); }
  ModelRecipe read() const { return read_recipe(m_dir.path()); }
  void expect_refused(Kind kind, std::string const& part) {
    expect_error(kind, part, [&] { (void)read(); });
  }

  jvmm::testing::TempDir m_dir;
};

TEST_F(ModelFiles, WhatIsOptionalHasSentenceTransformersDefaults) {
  auto const recipe = read();
  EXPECT_EQ(recipe.dims, 8u);
  EXPECT_EQ(recipe.window_tokens, 512u);
  EXPECT_EQ(recipe.pooling, Pooling::mean);
  EXPECT_FALSE(recipe.normalise);
  EXPECT_EQ(recipe.prefix, "");
  EXPECT_EQ(recipe.weights, m_dir.path() / "model.onnx");
  EXPECT_EQ(recipe.tokenizer.vocabulary.size(), 5u);
  EXPECT_EQ(recipe.tokenizer.vocabulary[3], "[SEP]");
  EXPECT_TRUE(recipe.tokenizer.lower_case && recipe.tokenizer.strip_accents && recipe.tokenizer.split_ideographs);
}

TEST_F(ModelFiles, ReadsTheRecipeOfABge) {
  write("modules.json", R"([{"type": "sentence_transformers.models.Transformer", "path": ""},
    {"type": "sentence_transformers.models.Pooling", "path": "1_Pooling"},
    {"type": "sentence_transformers.models.Normalize", "path": "2_Normalize"}])");
  write("1_Pooling/config.json", R"({"word_embedding_dimension": 8, "pooling_mode_cls_token": true,
    "pooling_mode_mean_tokens": false, "pooling_mode_max_tokens": false})");
  write("sentence_bert_config.json", R"({"max_seq_length": 128, "do_lower_case": true})");
  write("config_sentence_transformers.json", R"({"prompts": {"query": "find: "}, "default_prompt_name": "query"})");
  auto const recipe = read();
  EXPECT_EQ(recipe.pooling, Pooling::cls);
  EXPECT_TRUE(recipe.normalise);
  EXPECT_EQ(recipe.window_tokens, 128u);
  EXPECT_EQ(recipe.prefix, "find: ");
}

TEST_F(ModelFiles, ReadsBothFormsOfPooling) {
  write("modules.json", R"([{"type": "x.Pooling", "path": "1_Pooling"}])");
  write("1_Pooling/config.json", R"({"pooling_mode": "max"})");
  EXPECT_EQ(read().pooling, Pooling::max);
  write("1_Pooling/config.json", R"({"pooling_mode_mean_sqrt_len_tokens": true})");
  expect_refused(Kind::configuration, "pooling mode 'mean_sqrt_len' is not supported");
  write("1_Pooling/config.json", R"({"pooling_mode_cls_token": true, "pooling_mode_max_tokens": true})");
  expect_refused(Kind::configuration, "more than one pooling mode");
}

TEST_F(ModelFiles, TokenizerJsonGivesVocabularyAndCasing) {
  write("tokenizer.json", R"({"truncation": {"max_length": 4}, "padding": {"strategy": {"Fixed": 4}},
    "normalizer": {"type": "BertNormalizer", "lowercase": false, "strip_accents": null, "handle_chinese_chars": false},
    "model": {"type": "WordPiece", "unk_token": "<u>", "max_input_chars_per_word": 7,
              "vocab": {"<u>": 1, "<c>": 0, "[SEP]": 2, "[PAD]": 4}}})");
  write("tokenizer_config.json", R"({"cls_token": {"content": "<c>"}, "strip_accents": null})");
  auto const recipe = read();
  EXPECT_EQ(recipe.tokenizer.vocabulary, (std::vector<std::string>{"<c>", "<u>", "[SEP]", "", "[PAD]"}));
  EXPECT_EQ(recipe.tokenizer.unknown, "<u>");
  EXPECT_EQ(recipe.tokenizer.begin, "<c>");
  EXPECT_EQ(recipe.tokenizer.max_word_code_points, 7u);
  EXPECT_FALSE(recipe.tokenizer.lower_case || recipe.tokenizer.strip_accents || recipe.tokenizer.split_ideographs);
  EXPECT_EQ(recipe.window_tokens, 512u);
}

TEST_F(ModelFiles, FindsTheWeightsWhereHubsKeepThem) {
  std::filesystem::remove(m_dir.path() / "model.onnx");
  expect_refused(Kind::configuration, "no model.onnx");
  write("onnx/model.onnx", "weights");
  EXPECT_EQ(read().weights, m_dir.path() / "onnx/model.onnx");
}

TEST_F(ModelFiles, RefusesOtherKindsOfModel) {
  write("config.json", R"({"model_type": "roberta", "hidden_size": 8, "max_position_embeddings": 512})");
  expect_refused(Kind::configuration, "model_type is 'roberta', not 'bert'");
  std::filesystem::remove(m_dir.path() / "config.json");
  expect_refused(Kind::configuration, "no config.json");
}

TEST_F(ModelFiles, RefusesOtherTokenizersAndModules) {
  write("modules.json", R"([{"type": "sentence_transformers.models.Dense", "path": "2_Dense"}])");
  expect_refused(Kind::configuration, "module 'Dense' is not supported");
  write("tokenizer.json", R"({"model": {"type": "Unigram", "vocab": []}})");
  expect_refused(Kind::configuration, "tokenizer.json is of type 'Unigram'");
  std::filesystem::remove(m_dir.path() / "tokenizer.json");
  std::filesystem::remove(m_dir.path() / "vocab.txt");
  expect_refused(Kind::configuration, "neither tokenizer.json nor vocab.txt");
}

TEST_F(ModelFiles, NamesTheFileThatIsDamaged) {
  write("config.json", R"({"model_type": "bert", "hidden_)");
  expect_refused(Kind::bad_input, "config.json: line 1, column ");
  write("config.json", R"({"model_type": "bert", "hidden_size": "8"})");
  expect_refused(Kind::bad_input, "config.json: /hidden_size: expected integer, found string");
  write("config.json", R"({"model_type": "bert", "hidden_size": 8, "max_position_embeddings": 2})");
  expect_refused(Kind::bad_input, "cannot be right");
}

}  // namespace
}  // namespace jvmm::inference
