#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace jvmm::inference {

/// An answer of vectors, whatever shape it came in: numbers, and which of them are whose.
struct EmbeddingShape {
  struct Row {
    std::size_t begin = 0, size = 0;
  };
  struct Text {
    bool is_null = false;
    std::vector<Row> rows;  ///< one, or one per token
  };

  std::vector<float> numbers;  ///< a null is NaN
  std::vector<Text> texts;     ///< one per text that was sent, in order
  bool per_token = false;      ///< the service did not pool
  std::optional<std::uint64_t> input_tokens = {};
};

/// Nested arrays of one to four dimensions, {"embeddings": …} and {"data": […]} with vectors as lists or in base64.
/// **Throws** bad_answer: anything else, or not `texts` of them.
EmbeddingShape read_embedding_shape(std::string_view body, std::size_t texts);

}  // namespace jvmm::inference
