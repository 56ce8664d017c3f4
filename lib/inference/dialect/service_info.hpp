#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "inference/model_files.hpp"

namespace jvmm::inference {

/// TEI's /info.
struct TeiInfo {
  std::string model_id, model_sha, version;
  enum class Type { embedding, classifier, reranker } type = Type::embedding;
  std::string pooling;               ///< of an embedding model: "cls", "mean", "last_token", "splade"
  std::vector<std::string> classes;  ///< of the others, by id
  std::size_t max_input_tokens = 0, max_batch_tokens = 0, max_client_batch = 0, max_concurrent = 0;
  std::optional<bool> auto_truncate;
};

/// **Throws** bad_answer if it is not TEI's.
TeiInfo read_tei_info(std::string_view body);

/// One of /v1/models.
struct ListedServiceModel {
  std::string id;
  std::optional<std::size_t> window_tokens;  ///< vLLM's max_model_len, llama.cpp's meta.n_ctx
  std::vector<std::string> aliases = {};     ///< llama.cpp's: other names of it
};

/// **Throws** bad_answer if it is no list of models.
std::vector<ListedServiceModel> read_model_list(std::string_view body);

/// The hub's word on a model (/api/models/ID?expand[]=…).
struct HubModel {
  std::string id, sha, pipeline_tag;
  bool warm = false;
  std::string status;  ///< of provider hf-inference: "live", "staging", "error"; empty if it does not serve it
};

/// Accepts the mapping as an object and as an array. **Throws** bad_answer.
HubModel read_hub_model(std::string_view body);

}  // namespace jvmm::inference
