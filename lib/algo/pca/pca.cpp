#include "algo/pca/pca.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "math/vector.hpp"

namespace jvmm::algo {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr double k_noise = 1e-12;  ///< of the whole variance: less is rounding

Matrix centred(std::span<float const> matrix, std::size_t dims) {
  auto const rows = static_cast<Eigen::Index>(matrix.size() / dims), columns = static_cast<Eigen::Index>(dims);
  Eigen::Map<Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> const> const given(matrix.data(),
                                                                                                      rows, columns);
  Matrix out = given.cast<double>();
  out.rowwise() -= out.colwise().mean().eval();
  return out;
}

Eigen::VectorXd signed_axis(Eigen::VectorXd axis) {
  Eigen::Index largest = 0;
  for (Eigen::Index i = 1; i < axis.size(); ++i)
    if (std::abs(axis[i]) > std::abs(axis[largest]) + k_noise) largest = i;
  if (axis.size() > 0 && axis[largest] < 0) axis = -axis;
  return axis;
}

}  // namespace

PrincipalCoordinates principal_coordinates(std::span<float const> matrix, std::size_t dims, std::size_t axes) {
  if (dims == 0 || matrix.size() % dims != 0)
    throw Error(Kind::bad_input, "principal components: the matrix is no whole number of rows");
  if (!math::all_finite(matrix)) throw Error(Kind::bad_input, "principal components: a number is not finite");
  auto const rows = matrix.size() / dims;
  PrincipalCoordinates out{std::vector<double>(rows * axes, 0.0), std::vector<double>(axes, 0.0)};
  if (rows < 2) return out;
  auto const data = centred(matrix, dims);
  Eigen::MatrixXd const gram = data * data.transpose();
  double const variance = gram.trace();
  if (!(variance > 0)) return out;
  Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> const solver(gram);
  for (std::size_t axis = 0; axis < std::min(axes, rows); ++axis) {
    auto const at = static_cast<Eigen::Index>(rows - 1 - axis);
    double const value = solver.eigenvalues()[at];
    if (!(value > k_noise * variance)) break;
    out.shares[axis] = value / variance;
    Eigen::VectorXd const coordinates = signed_axis(solver.eigenvectors().col(at)) * std::sqrt(value);
    for (std::size_t row = 0; row < rows; ++row)
      out.points[row * axes + axis] = coordinates[static_cast<Eigen::Index>(row)];
  }
  return out;
}

}  // namespace jvmm::algo
