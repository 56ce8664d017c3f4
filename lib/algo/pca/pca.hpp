#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace jvmm::algo {

/// Points on the axes along which they differ most.
struct PrincipalCoordinates {
  std::vector<double> points;  ///< rows × axes, row-major, centred
  std::vector<double> shares;  ///< per axis, of the variance, 0..1, falling; 0 beyond the rank
};

/// Principal component analysis (Pearson, 1901) of rows × dims by the eigenvectors of the rows' Gram matrix: for few
/// rows of many numbers. The sign of an axis is that which makes its largest coordinate (the first of equal ones)
/// positive, so that a picture does not flip.
///
/// **Throws** bad_input: a size that does not fit, numbers that are not finite. Thread-safe.
/// **Cost** rows² × dims + rows³; memory rows².
PrincipalCoordinates principal_coordinates(std::span<float const> matrix, std::size_t dims, std::size_t axes);

}  // namespace jvmm::algo
