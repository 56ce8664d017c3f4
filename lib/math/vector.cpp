#include "math/vector.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <cmath>

namespace jvmm::math {
namespace {

auto map(std::span<float const> a) {
  return Eigen::Map<Eigen::VectorXf const>(a.data(), static_cast<Eigen::Index>(a.size()));
}

}  // namespace

float dot(std::span<float const> a, std::span<float const> b) {
  return map(a).dot(map(b));
}

double dot_double(std::span<float const> a, std::span<float const> b) {
  constexpr std::size_t lanes = 8;  // independent sums, which any vector unit adds up in the same order
  std::array<double, lanes> sums{};
  std::size_t i = 0;
  for (; i + lanes <= a.size(); i += lanes)
    for (std::size_t lane = 0; lane < lanes; ++lane)
      sums[lane] += static_cast<double>(a[i + lane]) * static_cast<double>(b[i + lane]);
  double sum = ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
  for (; i < a.size(); ++i)
    sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  return sum;
}

float norm(std::span<float const> a) {
  return map(a).norm();
}

float cosine(std::span<float const> a, std::span<float const> b) {
  float const norms = norm(a) * norm(b);
  return norms == 0 ? 0 : dot(a, b) / norms;
}

bool normalise(std::span<float> a) {
  float const length = norm(a);
  if (length == 0 || !std::isfinite(length)) return false;
  for (float& x : a)
    x /= length;
  return true;
}

bool all_finite(std::span<float const> a) {
  return std::all_of(a.begin(), a.end(), [](float x) { return std::isfinite(x); });
}

}  // namespace jvmm::math
