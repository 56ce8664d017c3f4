#pragma once

#include "inference/embedder.hpp"

namespace jvmm::inference {

/// "hashing:<dims>": each word is hashed to a place and a sign, counts are added up and brought to length 1. Needs no
/// files and gives the same bits everywhere and in any batch, but equal words are all it knows: for tests, continuous
/// integration and dry trials, not for matching. A text without a word is embedded as if it were one word.
/// **Throws** usage unless 8 <= dims <= 16384.
std::unique_ptr<Embedder> open_hashing_embedder(std::string_view dims);

}  // namespace jvmm::inference
