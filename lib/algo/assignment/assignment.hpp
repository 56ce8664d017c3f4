#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace jvmm::algo {

/// The matching of rows with columns that has the greatest sum of gains (linear assignment; shortest augmenting paths,
/// Jonker and Volgenant 1987). `gains` is row-major, rows × columns, of any sign. Each row gets a column of its own,
/// or, where there are more rows than columns, none. The same numbers give the same matching; which of several best
/// ones is not specified.
///
/// **Throws** bad_input: sizes that do not fit, numbers that are not finite.
/// **Threads**: safe. **Cost**: min(rows, columns)² × max(rows, columns).
std::vector<std::optional<std::size_t>> best_assignment(std::span<double const> gains, std::size_t rows,
                                                        std::size_t columns);

}  // namespace jvmm::algo
