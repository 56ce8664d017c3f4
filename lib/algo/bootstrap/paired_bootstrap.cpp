#include "algo/bootstrap/paired_bootstrap.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "base/error.hpp"

namespace jvmm::algo {
namespace {

double finite(double value) {
  if (!std::isfinite(value)) throw Error(Kind::internal, "bootstrap: the statistic is not finite");
  return value;
}

/// Linear between order statistics, as numpy's default.
double quantile(std::vector<double> const& sorted, double q) {
  double const at = q * static_cast<double>(sorted.size() - 1);
  auto const below = static_cast<std::size_t>(at);
  auto const above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

}  // namespace

Interval paired_bootstrap(std::size_t rows, std::function<double(std::span<double const>)> const& statistic,
                          BootstrapOptions const& options) {
  if (rows == 0) throw Error(Kind::bad_input, "bootstrap: there is no row");
  if (options.resamples < 100 || !(options.confidence > 0 && options.confidence < 1))
    throw Error(Kind::usage, "bootstrap: at least 100 resamples, and a confidence between 0 and 1");
  std::vector<double> times(rows, 1), values;
  double const value = finite(statistic(times));
  std::mt19937_64 random(options.seed);
  for (std::size_t i = 0; i < options.resamples; ++i) {
    std::fill(times.begin(), times.end(), 0);
    for (std::size_t drawn = 0; drawn < rows; ++drawn)
      times[random() % rows] += 1;
    values.push_back(finite(statistic(times)));
  }
  std::sort(values.begin(), values.end());
  double const tail = (1 - options.confidence) / 2;
  return {value, quantile(values, tail), quantile(values, 1 - tail)};
}

}  // namespace jvmm::algo
