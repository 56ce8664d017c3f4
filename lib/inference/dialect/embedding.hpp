#pragma once

#include <functional>

#include "inference/dialect/dialect.hpp"
#include "inference/embedder.hpp"

namespace jvmm::inference {

/// What to do where a service answers with a vector per token.
enum class TokenVectors { refuse, cls, mean };

struct EmbeddingParameters {
  std::string model;              ///< as the service knows it
  std::size_t dims = 0;           ///< 0: not known yet; then all vectors of an answer must agree
  bool normalise = true;          ///< bring to length 1 whatever the service did
  std::string prefix;             ///< put before each text
  std::size_t window_tokens = 0;  ///< part of the key: where a service cuts
  TokenVectors token_vectors = TokenVectors::refuse;

  /// How many bytes of a text, its prefix put before it, are within the window; empty: not known, all is sent. Services
  /// differ in what they do beyond it: cut there, cut at the last position, read on to it, or refuse the text.
  std::function<std::size_t(std::string_view)> seen_bytes = {};
};

/// hf: /pipeline/feature-extraction; tei: /embed; openai: /v1/embeddings in base64, read in any form; toolkit: "".
/// The path of hf starts at the host: "/hf-inference/models/ORG/NAME/pipeline/feature-extraction".
std::unique_ptr<Dialect> make_embedding_dialect(ServiceKind kind, EmbeddingParameters parameters);

/// Vectors as float32, little-endian. **Throws** bad_answer if the bytes are not `dims` finite numbers (dims 0: any).
std::string pack_vector(std::span<float const> vector);
Vector unpack_vector(std::string_view bytes, std::size_t dims);

}  // namespace jvmm::inference
