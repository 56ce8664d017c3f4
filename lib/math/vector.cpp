#include "math/vector.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <cmath>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace jvmm::math {
namespace {

auto map(std::span<float const> a) {
  return Eigen::Map<Eigen::VectorXf const>(a.data(), static_cast<Eigen::Index>(a.size()));
}

// Independent sums, which any vector unit adds up in the same order: lane l takes elements l, l + 16, l + 32, ...
constexpr std::size_t k_lanes = 16;
using Lanes = std::array<double, k_lanes>;

// REQUIRES: count is a multiple of k_lanes.
void add_products(float const* a, float const* b, std::size_t count, Lanes& sums) {
  for (std::size_t i = 0; i < count; i += k_lanes)
    for (std::size_t lane = 0; lane < k_lanes; ++lane)
      sums[lane] += static_cast<double>(a[i + lane]) * static_cast<double>(b[i + lane]);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) void add_products_avx2(float const* a, float const* b, std::size_t count, Lanes& sums) {
  __m256d parts[4] = {};
  for (std::size_t i = 0; i < count; i += k_lanes)
    for (std::size_t part = 0; part < 4; ++part) {
      auto const x = _mm256_cvtps_pd(_mm_loadu_ps(a + i + 4 * part));
      auto const y = _mm256_cvtps_pd(_mm_loadu_ps(b + i + 4 * part));
      parts[part] = _mm256_add_pd(parts[part], _mm256_mul_pd(x, y));
    }
  for (std::size_t part = 0; part < 4; ++part)
    _mm256_storeu_pd(sums.data() + 4 * part, parts[part]);
}
#endif

}  // namespace

float dot(std::span<float const> a, std::span<float const> b) {
  return map(a).dot(map(b));
}

double dot_double(std::span<float const> a, std::span<float const> b) {
  Lanes sums{};
  auto const whole = a.size() / k_lanes * k_lanes;
#if defined(__x86_64__)
  static bool const wide = __builtin_cpu_supports("avx2");
  wide ? add_products_avx2(a.data(), b.data(), whole, sums) : add_products(a.data(), b.data(), whole, sums);
#else
  add_products(a.data(), b.data(), whole, sums);
#endif
  for (std::size_t half = k_lanes / 2; half > 0; half /= 2)
    for (std::size_t lane = 0; lane < half; ++lane)
      sums[lane] += sums[lane + half];
  double sum = sums[0];
  for (std::size_t i = whole; i < a.size(); ++i)
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
