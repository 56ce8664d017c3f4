#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "algo/logistic/logistic.hpp"

namespace jvmm::algo {

inline constexpr double k_least_temperature = 1e-3, k_most_temperature = 1e3;

/// The T for which softmax(logits / T) gives `y` the greatest likelihood (temperature scaling; Guo et al. 2017): above
/// 1 where the logits were too sure. Newton's method on 1 / T, in which the loss is convex, within a bracket.
///
/// Where every y has the highest logit of its row the likelihood grows without end: then k_least_temperature. Where
/// logits tell nothing, or the wrong class: k_most_temperature. Without a row, or where all logits are equal: 1.
///
/// **Throws** bad_input: sizes that do not fit, numbers that are not finite.
/// **Threads**: safe. **Cost**: some ten passes.
double fit_temperature(Table logits, std::span<std::size_t const> y);

/// The same for sigmoid(logit / T).
double fit_temperature(std::span<double const> logits, std::vector<bool> const& y);

}  // namespace jvmm::algo
