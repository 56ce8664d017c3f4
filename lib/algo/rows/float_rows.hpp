#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

namespace jvmm::algo {

/// Rows of single-precision numbers, one after the other. A view: the numbers must outlive it.
struct FloatRows {
  std::span<float const> values;
  std::size_t columns = 0;

  std::size_t size() const { return columns == 0 ? 0 : values.size() / columns; }
  std::span<float const> operator[](std::size_t i) const { return values.subspan(i * columns, columns); }
};

/// **Throws** bad_input, prefixed with `what`: no rows, values that fill no whole number of rows, a row (its number is
/// named, from 0) that is not finite or longer than 1e15.
void check_rows(FloatRows const& rows, std::string_view what);

/// Euclidean distance: differences, squares and sum in double, always in the same order. Exactly symmetric; 0 for equal
/// rows. REQUIRES: equal lengths.
double distance(std::span<float const> a, std::span<float const> b);

/// Rows without repetition, in the order of their content: equal whatever order the rows were given in.
struct DistinctRows {
  std::vector<float> values;        ///< -0 is written 0
  std::vector<std::size_t> order;   ///< the given rows by content, equal ones by index
  std::vector<std::size_t> begins;  ///< where in `order` each distinct row's copies begin; then order.size()
  std::size_t columns = 0;

  FloatRows rows() const { return {values, columns}; }
  std::size_t size() const { return begins.size() - 1; }
  std::size_t copies(std::size_t distinct) const { return begins[distinct + 1] - begins[distinct]; }
};

/// REQUIRES: checked rows. **Cost**: O(n log n) comparisons and a copy of the rows.
DistinctRows distinct_rows(FloatRows const& rows);

/// Calls work(begin, end) for consecutive blocks of 0 .. count, each once, on up to `threads` threads (at least 1);
/// rethrows one of the exceptions after all threads have ended.
void for_blocks(std::size_t count, std::size_t block, unsigned threads,
                std::function<void(std::size_t, std::size_t)> const& work);

}  // namespace jvmm::algo
