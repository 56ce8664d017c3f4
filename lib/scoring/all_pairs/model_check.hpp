#pragma once

#include "scoring/pair_model.hpp"

namespace jvmm::scoring {

/// **Throws** internal, naming the member, for a model that is not as described at PairModel.
/// **Cost** O(profiles × dims).
void check_model(PairModel const& model);

/// How far a float32 dot product of two of the model's rows can be from the exact cosine, however it is summed.
/// **Throws** internal for a row whose norm is neither 0 nor 1 within 1e-3, or not finite.
double cosine_error(PairModel const& model);

}  // namespace jvmm::scoring
