#pragma once

#include "inference/dialect/dialect.hpp"
#include "inference/zero_shot.hpp"

namespace jvmm::inference {

/// hf: "/hf-inference/models/ORG/NAME"; toolkit: "". Reads both shapes, and lists of both. One text a request on hf.
/// **Throws** configuration for other kinds (tei takes pairs: dialect/entailment.hpp).
std::unique_ptr<Dialect> make_zero_shot_dialect(ServiceKind kind, std::string model, ZeroShotParameters parameters);

/// Scores in the order of the labels, float64 little-endian.
std::string pack_scores(std::span<double const> scores);
std::vector<double> unpack_scores(std::string_view bytes, std::size_t labels);

}  // namespace jvmm::inference
