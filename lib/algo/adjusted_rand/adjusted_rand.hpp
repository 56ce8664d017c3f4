#pragma once

#include <cstddef>
#include <span>

namespace jvmm::algo {

/// How far two partitions of the same rows agree, beyond chance (Hubert and Arabie 1985): 1 where they are the same, 0
/// on average for random ones, negative for less. Labels are any numbers; which, does not count. 1 where both put all
/// rows together, or each row alone, or there are fewer than two.
///
/// **Throws** bad_input for lists of different length. **Threads**: safe. **Cost**: n log n.
double adjusted_rand_index(std::span<std::size_t const> a, std::span<std::size_t const> b);

/// The same where each row counts `weights[i]` times (0 or more), as in a resampling.
double adjusted_rand_index(std::span<std::size_t const> a, std::span<std::size_t const> b,
                           std::span<double const> weights);

}  // namespace jvmm::algo
