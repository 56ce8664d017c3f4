#pragma once

#include <cstddef>
#include <string>

namespace jvmm::math {

/// Rows of single-precision numbers: element (r, c) is at data[r * stride + c].
struct Rows {
  float const* data = nullptr;
  std::size_t rows = 0;
  std::size_t stride = 0;
};

/// out[r * out_stride + s] = dot(a row r, b row s) over `dims` numbers, summed in single precision in an unspecified
/// order: off by at most dims × 2⁻²⁴ × |a row| × |b row| (to first order). On the calling thread alone.
/// REQUIRES: out_stride >= b.rows; none of it overlaps `out`. **Throws** configuration where OpenBLAS cannot be loaded.
/// Thread-safe. **Cost** 2 × a.rows × b.rows × dims flops.
void rows_by_rows(Rows a, Rows b, std::size_t dims, float* out, std::size_t out_stride);

/// The kernel that OpenBLAS chose for this processor, such as "Haswell". **Throws** as rows_by_rows.
std::string gemm_kernel();

}  // namespace jvmm::math
