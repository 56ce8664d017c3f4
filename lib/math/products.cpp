#include "math/products.hpp"

#include <algorithm>
#include <cmath>

#if defined(__x86_64__)
// GCC 12 takes the undefined value that its own AVX-512 header starts from for a mistake (GCC bug 105593).
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ < 13
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <immintrin.h>
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ < 13
#pragma GCC diagnostic pop
#endif
#endif

namespace jvmm::math {
namespace {

constexpr std::size_t k_lanes = 16;

/// What is left after the whole lanes, and the sum by halves.
float finish(float (&lanes)[k_lanes], float const* a, float const* b, std::size_t from, std::size_t dims) {
  for (std::size_t i = from; i < dims; ++i)
    lanes[i - from] = std::fma(a[i], b[i], lanes[i - from]);
  for (std::size_t half = k_lanes / 2; half > 0; half /= 2)
    for (std::size_t lane = 0; lane < half; ++lane)
      lanes[lane] += lanes[lane + half];
  return lanes[0];
}

float product(float const* a, float const* b, std::size_t dims) {
  float lanes[k_lanes] = {};
  auto const whole = dims / k_lanes * k_lanes;
  for (std::size_t i = 0; i < whole; i += k_lanes)
    for (std::size_t lane = 0; lane < k_lanes; ++lane)
      lanes[lane] = std::fma(a[i + lane], b[i + lane], lanes[lane]);
  return finish(lanes, a, b, whole, dims);
}

// A block of rows of `a` by rows of `b`.
struct Block {
  float const* const* a;
  float const* b;
  std::size_t b_stride, dims;
  float* out;
  std::size_t out_stride;
};

void portable_block(Block const& at, std::size_t a_rows, std::size_t b_rows) {
  for (std::size_t i = 0; i < a_rows; ++i)
    for (std::size_t s = 0; s < b_rows; ++s)
      at.out[i * at.out_stride + s] = product(at.a[i], at.b + s * at.b_stride, at.dims);
}

#if defined(__x86_64__)

__attribute__((target("avx512f"))) inline float halves(__m512 sums) {
  // With a mask of all lanes: of the forms without one GCC 12 thinks that it reads what was never set (GCC bug 105593).
  auto const lower = _mm256_castpd_ps(_mm512_maskz_extractf64x4_pd(0xf, _mm512_castps_pd(sums), 0));
  auto const upper = _mm256_castpd_ps(_mm512_maskz_extractf64x4_pd(0xf, _mm512_castps_pd(sums), 1));
  auto const eight = _mm256_add_ps(lower, upper);
  auto const four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
  auto const two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_shuffle_ps(two, two, 1)));
}

__attribute__((target("avx2,fma"))) inline float halves(__m256 low, __m256 high) {
  auto const eight = _mm256_add_ps(low, high);
  auto const four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
  auto const two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_shuffle_ps(two, two, 1)));
}

template <std::size_t A, std::size_t B>
__attribute__((target("avx512f"))) void avx512_block(Block const& at) {
  __m512 sums[A][B] = {};
  auto const whole = at.dims / k_lanes * k_lanes;
  for (std::size_t k = 0; k < whole; k += k_lanes) {
    __m512 b[B];
    for (std::size_t s = 0; s < B; ++s)
      b[s] = _mm512_loadu_ps(at.b + s * at.b_stride + k);
    for (std::size_t i = 0; i < A; ++i) {
      auto const a = _mm512_loadu_ps(at.a[i] + k);
      for (std::size_t s = 0; s < B; ++s)
        sums[i][s] = _mm512_fmadd_ps(a, b[s], sums[i][s]);
    }
  }
  for (std::size_t i = 0; i < A; ++i)
    for (std::size_t s = 0; s < B; ++s) {
      auto& out = at.out[i * at.out_stride + s];
      if (whole == at.dims) {
        out = halves(sums[i][s]);
        continue;
      }
      float lanes[k_lanes];
      _mm512_storeu_ps(lanes, sums[i][s]);
      out = finish(lanes, at.a[i], at.b + s * at.b_stride, whole, at.dims);
    }
}

template <std::size_t A, std::size_t B>
__attribute__((target("avx2,fma"))) void avx2_block(Block const& at) {
  __m256 low[A][B] = {}, high[A][B] = {};
  auto const whole = at.dims / k_lanes * k_lanes;
  for (std::size_t k = 0; k < whole; k += k_lanes)
    for (std::size_t i = 0; i < A; ++i) {
      auto const a_low = _mm256_loadu_ps(at.a[i] + k), a_high = _mm256_loadu_ps(at.a[i] + k + 8);
      for (std::size_t s = 0; s < B; ++s) {
        auto const* const b = at.b + s * at.b_stride + k;
        low[i][s] = _mm256_fmadd_ps(a_low, _mm256_loadu_ps(b), low[i][s]);
        high[i][s] = _mm256_fmadd_ps(a_high, _mm256_loadu_ps(b + 8), high[i][s]);
      }
    }
  for (std::size_t i = 0; i < A; ++i)
    for (std::size_t s = 0; s < B; ++s) {
      auto& out = at.out[i * at.out_stride + s];
      if (whole == at.dims) {
        out = halves(low[i][s], high[i][s]);
        continue;
      }
      float lanes[k_lanes];
      _mm256_storeu_ps(lanes, low[i][s]);
      _mm256_storeu_ps(lanes + 8, high[i][s]);
      out = finish(lanes, at.a[i], at.b + s * at.b_stride, whole, at.dims);
    }
}

void avx512_rows(Block const& at, std::size_t a_rows, std::size_t b_rows) {
  if (b_rows == 4) switch (a_rows) {
      case 4:
        return avx512_block<4, 4>(at);
      case 3:
        return avx512_block<3, 4>(at);
      case 2:
        return avx512_block<2, 4>(at);
      default:
        return avx512_block<1, 4>(at);
    }
  for (std::size_t i = 0; i < a_rows; ++i)
    for (std::size_t s = 0; s < b_rows; ++s)
      avx512_block<1, 1>({at.a + i, at.b + s * at.b_stride, at.b_stride, at.dims, at.out + i * at.out_stride + s, 1});
}

void avx2_rows(Block const& at, std::size_t a_rows, std::size_t b_rows) {
  for (std::size_t i = 0; i < a_rows; i += 2)
    for (std::size_t s = 0; s < b_rows; s += 2) {
      Block const here{at.a + i, at.b + s * at.b_stride,         at.b_stride,
                       at.dims,  at.out + i * at.out_stride + s, at.out_stride};
      if (i + 1 < a_rows && s + 1 < b_rows)
        avx2_block<2, 2>(here);
      else if (i + 1 < a_rows)
        avx2_block<2, 1>(here);
      else if (s + 1 < b_rows)
        avx2_block<1, 2>(here);
      else
        avx2_block<1, 1>(here);
    }
}

#endif

using BlockFunction = void (*)(Block const&, std::size_t, std::size_t);

BlockFunction best_block() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return avx512_rows;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return avx2_rows;
#endif
  return portable_block;
}

}  // namespace

void exact_products(std::span<float const* const> a, Rows b, std::size_t dims, float* out, std::size_t out_stride) {
  static auto const block = best_block();
  constexpr std::size_t k_tile = 64;  // rows of either that stay in the nearer caches
  constexpr std::size_t k_block = 4;
  for (std::size_t a_tile = 0; a_tile < a.size(); a_tile += k_tile)
    for (std::size_t b_tile = 0; b_tile < b.rows; b_tile += k_tile)
      for (auto i = a_tile; i < std::min(a_tile + k_tile, a.size()); i += k_block)
        for (auto s = b_tile; s < std::min(b_tile + k_tile, b.rows); s += k_block)
          block({a.data() + i, b.data + s * b.stride, b.stride, dims, out + i * out_stride + s, out_stride},
                std::min(k_block, a.size() - i), std::min(k_block, b.rows - s));
}

}  // namespace jvmm::math
