#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "algo/rows/float_rows.hpp"

namespace jvmm::algo {

struct KMeansOptions {
  std::size_t k = 25;                ///< 1 to the number of distinct rows
  std::uint64_t seed = 1;            ///< of k-means++
  std::size_t restarts = 4;          ///< at least 1; the best is kept, of equal ones the first
  std::size_t max_iterations = 100;  ///< at least 1
  unsigned threads = 1;              ///< 1 to 1024

  /// **Throws** usage for values out of range.
  void validate() const;
};

struct KMeansResult {
  std::vector<std::size_t> labels;  ///< per row, below k; every cluster has a row
  std::vector<float> centres;       ///< k × columns, unit vectors
  double inertia = 0;               ///< sum over rows of the squared distance to the centre, 2 (1 - cosine)
  std::size_t iterations = 0;       ///< of the best restart
  bool converged = false;           ///< no label changed any more
};

/// Spherical k-means (Dhillon, Modha 2001) by Lloyd's iteration with Hamerly's bounds (2010), from k-means++ seeds. The
/// labels are those of plain Lloyd: bounds only save distances. Equal distances go to the lower centre; a cluster that
/// loses all its rows takes the row farthest from its own centre. The same bits for any order of the rows and number of
/// threads.
///
/// **Throws** bad_input as check_rows, for a row whose length is not within 0.001 of 1 (its number is named), for fewer
/// distinct rows than k; usage as validate. **Cost**: at most n k d multiply-adds an iteration; O((n + k) d) memory.
KMeansResult spherical_kmeans(FloatRows const& rows, KMeansOptions const& options);

}  // namespace jvmm::algo
