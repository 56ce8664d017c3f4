#pragma once

#include <memory>

#include "inference/embedder.hpp"
#include "inference/remote/remote_backend.hpp"

namespace jvmm::inference {

/// A service as it is asked for the vectors of a model. **Throws** as RemoteBackend.
std::unique_ptr<RemoteBackend> make_embedding_backend(BackendSpec const& spec, EmbedderInfo const& info,
                                                      Remote& remote);

}  // namespace jvmm::inference
