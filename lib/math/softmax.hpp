#pragma once

#include <span>

namespace jvmm::math {

/// In place: logits to probabilities that sum up to 1, without overflow. Empty stays empty. NaN in gives NaN out.
void softmax(std::span<double> logits);

/// 1 / (1 + exp(-logit)), without overflow.
double sigmoid(double logit);

}  // namespace jvmm::math
