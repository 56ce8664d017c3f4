#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "algo/rows/float_rows.hpp"

namespace jvmm::algo {

struct KnnOptions {
  std::size_t k = 15;    ///< neighbours of each row, the row itself not counted; 1 to rows - 1
  unsigned threads = 1;  ///< 1 to 1024

  /// **Throws** usage for values out of range, bad_input where there are fewer than k + 1 rows.
  void validate(std::size_t rows) const;
};

struct Neighbour {
  std::size_t row = 0;
  double distance = 0;
  friend bool operator==(Neighbour const&, Neighbour const&) = default;
};

/// n × k: the neighbours of row i from i * k on, nearest first.
struct Neighbours {
  std::size_t k = 0;
  std::vector<Neighbour> all;

  std::span<Neighbour const> of(std::size_t row) const { return std::span(all).subspan(row * k, k); }
};

/// The k nearest other rows of each by Euclidean distance, equal distances by lower index. Exact: products in single
/// precision only propose, `distance` decides. Of unit vectors these are the nearest by cosine, 1 - distance² / 2.
/// The same bits for any number of threads.
///
/// **Throws** bad_input as check_rows, and as validate. **Cost**: 2 n² d flops; n k, and about 200 n numbers a thread.
Neighbours nearest_rows(FloatRows const& rows, KnnOptions const& options);

/// Finds pairs of rows that may be near, by blocked products in single precision.
class PairScan {
 public:
  /// REQUIRES: checked rows, which must outlive it.
  explicit PairScan(FloatRows const& rows);

  /// For each of `queries` (indices of rows, in blocks), calls row(query, squares), squares[j] being an estimate of the
  /// squared distance to row begin + j, for consecutive `begin`s. **Threads**: safe.
  void scan(std::span<std::size_t const> queries,
            std::function<void(std::size_t query, std::size_t begin, std::span<float const> squares)> const& row) const;

  /// How far an estimate of a pair with row `query` can be from the truth, either way.
  double slack(std::size_t query) const;

 private:
  FloatRows m_rows;
  std::vector<double> m_norms;  ///< squared
  std::vector<float> m_float_norms;
  double m_largest = 0;
};

}  // namespace jvmm::algo
