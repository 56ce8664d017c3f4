#pragma once

#include <memory>

#include "inference/embedder.hpp"
#include "inference/remote/remote_backend.hpp"
#include "inference/token_counter.hpp"

namespace jvmm::inference {

/// A service as it is asked for the vectors of a model, of each text what `counter` says is seen. **Throws** as
/// RemoteBackend.
std::unique_ptr<RemoteBackend> make_embedding_backend(BackendSpec const& spec, EmbedderInfo const& info,
                                                      TokenCounter const& counter, Remote& remote);

}  // namespace jvmm::inference
