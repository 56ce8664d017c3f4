#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "scoring/all_pairs/bound_terms.hpp"

namespace jvmm::scoring {

/// A stretch of one row of a tile: the pairs of position `row` with positions begin..begin+count-1. The pointers are to
/// the entries of the first of them, by similarity of BoundTerms; `backward` is not read where it is symmetric. Up to
/// k_padding numbers after the last may be read.
struct TileRow {
  std::size_t row = 0, begin = 0, count = 0;
  std::array<float const*, 2> forward = {}, backward = {};
  std::array<bool, 2> has_overlap = {};  ///< whether some entry is one of k_overlap_mark
};

/// Offsets of those whose inverse is at most row_limit or at most their own limit (`limits`: by position), ascending.
/// `out` has room for count + k_padding. Returns how many. Runs with the widest vectors this processor has; which they
/// are changes what is returned only among pairs that cannot reach their limit's score. Thread-safe.
std::size_t find_candidates(BoundTerms const& terms, TileRow const& row, float row_limit, float const* limits,
                            std::uint32_t* out);

/// The instruction set that find_candidates uses, such as "AVX2".
char const* candidate_target();

}  // namespace jvmm::scoring
