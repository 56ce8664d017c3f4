#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "text/wordpiece.hpp"

namespace jvmm::inference {

/// How a text's token vectors become one vector: the first token's, their mean, or their maximum. `as_served`: a
/// service does it, and nobody says how.
enum class Pooling { cls, mean, max, as_served };

std::string_view name(Pooling pooling);

/// What a model's own files say about how to run it.
struct ModelRecipe {
  std::filesystem::path weights;
  std::size_t dims = 0;
  std::size_t window_tokens = 0;
  Pooling pooling = Pooling::mean;
  bool normalise = false;
  std::string prefix;
  text::WordPieceOptions tokenizer;
};

/// The ONNX file of a model's folder: `model.onnx`, or `onnx/model.onnx` as hubs keep it.
/// **Throws** configuration if there is neither.
std::filesystem::path weights_path(std::filesystem::path const& folder);

/// Reads a sentence-transformers folder of a BERT model: config.json, modules.json, 1_Pooling/config.json,
/// sentence_bert_config.json, config_sentence_transformers.json, tokenizer_config.json, tokenizer.json or vocab.txt.
/// What is optional there is optional here, with the same defaults: mean pooling, no normalisation, no prefix. The
/// window is sentence_bert_config's; the truncation and padding that tokenizer.json may carry are ignored, as
/// sentence-transformers does.
///
/// **Throws** configuration for a model that is not supported or lacks a file, bad_input for a malformed one.
ModelRecipe read_recipe(std::filesystem::path const& folder);

/// The same of a model of any kind that runs elsewhere: without weights and vocabulary, and without refusing what
/// cannot be computed here. No modules.json: pooling as_served.
/// **Throws** bad_input for a malformed file, configuration where config.json is missing.
ModelRecipe read_embedding_recipe(std::filesystem::path const& folder);

}  // namespace jvmm::inference
