#pragma once

// Private to lib/algo/logistic: what L-BFGS minimises. Both are means over the rows' weights, so that a tolerance means
// the same for few rows and for many.

#include <Eigen/Core>
#include <span>
#include <vector>

#include "algo/logistic/logistic.hpp"

namespace jvmm::algo {

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using ConstTable = Eigen::Map<RowMajor const>;
using ConstVector = Eigen::Map<Eigen::VectorXd const>;

/// Rows that were checked, as Eigen sees them.
struct Checked {
  ConstTable x;
  Eigen::VectorXd weights;  ///< of the rows, summing up to 1
  double penalty = 0;       ///< times half the square of the coefficients
  Intercept intercept = Intercept::free;
};

/// Parameters: a row of coefficients per fitted class, then their intercepts if there are any.
class SoftmaxLoss {
 public:
  SoftmaxLoss(Checked rows, std::span<std::size_t const> y, std::size_t classes, std::vector<std::size_t> fitted,
              std::span<double const> offsets);

  Eigen::Index parameters() const;
  double operator()(Eigen::VectorXd const& parameters, Eigen::VectorXd& gradient);

 private:
  Checked m_rows;
  std::span<std::size_t const> m_y;
  std::vector<std::size_t> m_fitted;
  RowMajor m_offsets;    ///< rows × classes
  RowMajor m_logits;     ///< rows × classes, then probabilities
  RowMajor m_residuals;  ///< rows × fitted
};

/// Parameters: the coefficients, then the intercept if there is one.
class BinaryLoss {
 public:
  BinaryLoss(Checked rows, std::vector<bool> const& y, std::span<double const> offsets);

  Eigen::Index parameters() const;
  double operator()(Eigen::VectorXd const& parameters, Eigen::VectorXd& gradient);

 private:
  Checked m_rows;
  Eigen::VectorXd m_y, m_offsets, m_logits;
};

}  // namespace jvmm::algo
