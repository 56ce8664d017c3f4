#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace jvmm::algo {

/// A fold 0..folds-1 per row, so that each fold has its share of every label: iterative stratification (Sechidis,
/// Tsoumakas and Vlahavas 2011), which for rows of one label each is ordinary stratification: per label the folds
/// differ by at most 1. The rarest label is dealt first, each of its rows to the fold that lacks it most, then to the
/// one that lacks rows most, then by the seed.
///
/// `labels` holds the labels of each row, below `label_count`; a row may have none. Rows of equal `groups` (empty:
/// none) share a fold, so that nothing is tested on what was learnt from its duplicate.
///
/// The same rows in the same order with the same seed give the same folds on every machine.
///
/// **Throws** bad_input: fewer than 2 folds, fewer rows (or groups) than folds, sizes that do not fit.
/// **Threads**: safe. **Cost**: O(rows × (labels + folds)).
std::vector<std::size_t> stratified_folds(std::span<std::vector<std::size_t> const> labels, std::size_t label_count,
                                          std::size_t folds, std::uint64_t seed,
                                          std::span<std::size_t const> groups = {});

}  // namespace jvmm::algo
