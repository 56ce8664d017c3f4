#include "algo/temperature/temperature.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "base/error.hpp"
#include "math/softmax.hpp"

namespace jvmm::algo {
namespace {

/// Of the loss, after the inverse temperature.
struct Derivatives {
  double first = 0, second = 0;
};

void require(std::span<double const> logits, std::size_t rows, std::size_t labels) {
  if (rows != labels)
    throw Error(Kind::bad_input, fmt::format("temperature scaling: {} labels for {} rows", labels, rows));
  if (!std::all_of(logits.begin(), logits.end(), [](double z) { return std::isfinite(z); }))
    throw Error(Kind::bad_input, "temperature scaling: a logit is not finite");
}

/// Newton's steps, halving where one leaves the bracket.
template <class Loss>
double minimise(Loss const& derivatives) {
  double low = 1 / k_most_temperature, high = 1 / k_least_temperature, at = 1;
  if (derivatives(high).first <= 0) return k_least_temperature;
  if (derivatives(low).first >= 0) return k_most_temperature;
  for (int i = 0; i < 200; ++i) {
    auto const [slope, curvature] = derivatives(at);
    (slope > 0 ? high : low) = at;
    double next = curvature > 0 ? at - slope / curvature : low;
    if (!(next > low && next < high)) next = (low + high) / 2;
    bool const done = std::abs(next - at) <= 1e-12 * at;
    at = next;
    if (done || slope == 0) break;
  }
  return 1 / at;
}

bool all_equal(std::span<double const> row) {
  return std::adjacent_find(row.begin(), row.end(), std::not_equal_to<>()) == row.end();
}

}  // namespace

double fit_temperature(Table logits, std::span<std::size_t const> y) {
  require(logits.values, logits.rows(), y.size());
  for (auto const c : y)
    if (c >= logits.columns)
      throw Error(Kind::bad_input, fmt::format("temperature scaling: class {} of {}", c, logits.columns));
  bool flat = true;
  for (std::size_t i = 0; i < y.size(); ++i)
    flat = flat && all_equal(logits.row(i));
  if (flat) return 1;
  std::vector<double> p(logits.columns);
  return minimise([&](double inverse) {
    Derivatives out;
    for (std::size_t i = 0; i < y.size(); ++i) {
      auto const z = logits.row(i);
      std::transform(z.begin(), z.end(), p.begin(), [&](double v) { return v * inverse; });
      math::softmax(p);
      double mean = 0, square = 0;
      for (std::size_t c = 0; c < p.size(); ++c)
        mean += p[c] * z[c];
      for (std::size_t c = 0; c < p.size(); ++c)
        square += p[c] * (z[c] - mean) * (z[c] - mean);
      out.first += mean - z[y[i]];
      out.second += square;
    }
    return out;
  });
}

double fit_temperature(std::span<double const> logits, std::vector<bool> const& y) {
  require(logits, logits.size(), y.size());
  if (std::all_of(logits.begin(), logits.end(), [](double z) { return z == 0; })) return 1;
  return minimise([&](double inverse) {
    Derivatives out;
    for (std::size_t i = 0; i < y.size(); ++i) {
      double const z = logits[i], p = math::sigmoid(z * inverse);
      out.first += (p - (y[i] ? 1 : 0)) * z;
      out.second += p * (1 - p) * z * z;
    }
    return out;
  });
}

}  // namespace jvmm::algo
