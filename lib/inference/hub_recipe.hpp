#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/secret.hpp"
#include "inference/model_files.hpp"

namespace jvmm::inference {

/// Where a model's own files are read from.
struct HubOptions {
  std::string endpoint = "https://huggingface.co";  ///< HF_ENDPOINT
  Secret token;
  bool offline = false;          ///< HF_HUB_OFFLINE: only what was read before
  std::filesystem::path folder;  ///< where the small files are kept; empty: nowhere, and nothing is read
};

/// Reads the small files of an embedding model that runs elsewhere (config.json, modules.json, its pooling,
/// sentence_bert_config.json, config_sentence_transformers.json), once, and what they say: dimensions, window, pooling,
/// normalisation, prefix. `weights` and `tokenizer` stay empty.
/// **Throws** missing_input (no such repository, or none of an embedding model), bad_input (malformed), and as
/// http::download. **Cost**: five small downloads at the first call.
ModelRecipe read_hub_recipe(std::string_view model, std::string_view revision, HubOptions const& options);

}  // namespace jvmm::inference
