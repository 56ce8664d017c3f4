#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace jvmm::math {

struct Scored {
  std::size_t index = 0;
  float score = 0;
  friend bool operator==(Scored const&, Scored const&) = default;
};

/// The k highest scores, best first; equal scores by index; NaN never. Fewer where there are fewer.
/// **Cost**: O(n log k) time, O(k) memory. Thread-safe.
std::vector<Scored> top_k(std::span<float const> scores, std::size_t k);

/// The k rows most like the query by cosine, as `top_k`. `rows` holds one row of `dims` numbers after the other; a zero
/// row scores 0, a row with NaN is left out, and so is everything if the query has one.
/// REQUIRES: query.size() == dims > 0, rows.size() a multiple of dims. **Cost**: O(rows.size()).
std::vector<Scored> top_k_rows(std::span<float const> query, std::span<float const> rows, std::size_t dims,
                               std::size_t k);

}  // namespace jvmm::math
