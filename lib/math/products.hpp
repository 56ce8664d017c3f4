#pragma once

#include <cstddef>
#include <span>

#include "math/gemm.hpp"

namespace jvmm::math {

/// out[i * out_stride + s] = dot(the row at a[i], b row s) over `dims` numbers, in single precision: 16 sums, sum l of
/// the elements l, l + 16, l + 32, … by fused multiply-add, then added by halves. Each number thus has the same bits
/// whatever it is computed beside, on every processor; that is what rows_by_rows does not promise. REQUIRES: out_stride
/// >= b.rows. Thread-safe. **Cost** 2 × a.size() × b.rows × dims flops, with AVX-512 or FMA about as quick as
/// rows_by_rows; without either slow.
void exact_products(std::span<float const* const> a, Rows b, std::size_t dims, float* out, std::size_t out_stride);

}  // namespace jvmm::math
