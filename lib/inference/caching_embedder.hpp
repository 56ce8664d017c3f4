#pragma once

#include <memory>

#include "inference/cache/answer_store.hpp"
#include "inference/embedder.hpp"
#include "log/logger.hpp"

namespace jvmm::inference {

/// A model in this process in front of which the answers' cache stands, for texts that come again: prototypes, phrases,
/// sentences. What is found there is not computed; what was computed is kept, and may be pruned like any settled
/// answer. A cache that cannot be written is done without, after one warning. Vectors have the same bits whether they
/// were found or computed.
///
/// REQUIRES: `store` and `log` outlive it. **Threads**: safe, as the embedder's.
std::unique_ptr<Embedder> caching(std::unique_ptr<Embedder> embedder, AnswerStore& store, log::Logger& log);

}  // namespace jvmm::inference
