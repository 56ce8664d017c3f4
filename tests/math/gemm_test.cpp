#include "math/gemm.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace jvmm::math {
namespace {

TEST(RowsByRows, AgreesWithDoubleWithinTheStatedError) {
  std::mt19937 random(5);
  std::uniform_real_distribution<float> uniform(-1, 1);
  for (std::size_t const dims : {1u, 7u, 384u, 1024u}) {
    std::size_t const stride = dims + 3, out_stride = 11;
    std::vector<float> a(5 * stride), b(9 * stride), out(5 * out_stride, -7);
    for (auto* rows : {&a, &b})
      for (auto& x : *rows)
        x = uniform(random);
    rows_by_rows({a.data(), 5, stride}, {b.data(), 9, stride}, dims, out.data(), out_stride);
    for (std::size_t r = 0; r < 5; ++r)
      for (std::size_t s = 0; s < 9; ++s) {
        double dot = 0, aa = 0, bb = 0;
        for (std::size_t k = 0; k < dims; ++k) {
          dot += double{a[r * stride + k]} * b[s * stride + k];
          aa += double{a[r * stride + k]} * a[r * stride + k];
          bb += double{b[s * stride + k]} * b[s * stride + k];
        }
        EXPECT_NEAR(out[r * out_stride + s], dot, static_cast<double>(dims + 1) * 0x1p-24 * std::sqrt(aa * bb));
      }
    EXPECT_EQ(out[9], -7);
  }
}

TEST(RowsByRows, NothingIsAStatedCase) {
  float const row = 1;
  float out = 3;
  rows_by_rows({&row, 0, 1}, {&row, 1, 1}, 1, &out, 1);
  EXPECT_EQ(out, 3);
  EXPECT_FALSE(gemm_kernel().empty());
}

}  // namespace
}  // namespace jvmm::math
