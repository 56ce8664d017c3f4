#include "math/vector.hpp"

#include <Eigen/Core>
#include <algorithm>
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
