#pragma once

#include "classify/classifier.hpp"
#include "inference/embedder.hpp"

namespace jvmm::commands {

/// The vectors of a taxonomy's prototypes. **Throws** what the embedder says of a text that it cannot embed, naming it.
classify::PrototypeVectors embed_prototypes(classify::Taxonomy const& taxonomy, inference::Embedder& embedder);

/// Stands for them in a plan, which asks no model: only the model's name counts, and nothing may be classified.
classify::PrototypeVectors no_prototype_vectors(classify::Taxonomy const& taxonomy,
                                                inference::Embedder const& embedder);

}  // namespace jvmm::commands
