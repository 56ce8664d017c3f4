#pragma once

#include "inference/embedder.hpp"

namespace jvmm::inference {

/// An embedder over a model's folder, computed by ONNX Runtime in this process. `model` is the name to report.
/// **Throws** as `open_embedder`.
std::unique_ptr<Embedder> open_onnx_embedder(std::filesystem::path const& folder, std::string model,
                                             EmbedderOptions const& options);

}  // namespace jvmm::inference
