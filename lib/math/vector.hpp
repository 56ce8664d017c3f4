#pragma once

#include <span>

namespace jvmm::math {

/// Kernels on float vectors; sums are kept in float. REQUIRES: equal lengths. Thread-safe. NaN in gives NaN out.
float dot(std::span<float const> a, std::span<float const> b);
/// The same with products and sums in double, always in the same order: equal bits on every processor.
double dot_double(std::span<float const> a, std::span<float const> b);

float norm(std::span<float const> a);

/// In -1..1 up to rounding. 0 if either vector is zero or empty.
float cosine(std::span<float const> a, std::span<float const> b);

/// Divides by the norm. A zero vector stays zero and gives false, as does one whose norm is not finite.
bool normalise(std::span<float> a);

bool all_finite(std::span<float const> a);

}  // namespace jvmm::math
