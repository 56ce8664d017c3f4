#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

namespace jvmm::algo {

struct BootstrapOptions {
  std::size_t resamples = 2000;  ///< at least 100
  double confidence = 0.95;      ///< of the interval between the two tails; above 0, below 1
  std::uint64_t seed = 1;
};

struct Interval {
  double value = 0;  ///< of the rows as they are
  double low = 0, high = 0;
};

/// The percentile interval of a statistic over rows that are drawn again with replacement. The statistic is given how
/// often each row was drawn; where it is a difference of two methods over the same rows, the interval is a paired one.
/// The same rows in the same order with the same seed give the same interval on every machine.
///
/// **Throws** bad_input without a row; usage for options out of range; internal if the statistic is not finite.
/// **Cost**: resamples × (rows + the statistic).
Interval paired_bootstrap(std::size_t rows, std::function<double(std::span<double const> times)> const& statistic,
                          BootstrapOptions const& options = {});

}  // namespace jvmm::algo
