#include <cmath>
#include <utility>

#include "algo/logistic/loss.hpp"

namespace jvmm::algo {

SoftmaxLoss::SoftmaxLoss(Checked rows, std::span<std::size_t const> y, std::size_t classes,
                         std::vector<std::size_t> fitted, std::span<double const> offsets)
    : m_rows(std::move(rows)), m_y(y), m_fitted(std::move(fitted)) {
  auto const n = m_rows.x.rows(), k = static_cast<Eigen::Index>(classes);
  m_offsets = offsets.empty() ? RowMajor(RowMajor::Zero(n, k)) : RowMajor(ConstTable(offsets.data(), n, k));
  m_logits.resize(n, k);
  m_residuals.resize(n, static_cast<Eigen::Index>(m_fitted.size()));
}

Eigen::Index SoftmaxLoss::parameters() const {
  auto const per_class = m_rows.x.cols() + (m_rows.intercept == Intercept::free ? 1 : 0);
  return per_class * static_cast<Eigen::Index>(m_fitted.size());
}

double SoftmaxLoss::operator()(Eigen::VectorXd const& parameters, Eigen::VectorXd& gradient) {
  auto const k = static_cast<Eigen::Index>(m_fitted.size()), d = m_rows.x.cols();
  ConstTable const w(parameters.data(), k, d);
  bool const intercept = m_rows.intercept == Intercept::free;

  m_residuals.noalias() = m_rows.x * w.transpose();
  if (intercept) m_residuals.rowwise() += ConstVector(parameters.data() + k * d, k).transpose();
  m_logits = m_offsets;
  for (Eigen::Index c = 0; c < k; ++c)
    m_logits.col(static_cast<Eigen::Index>(m_fitted[static_cast<std::size_t>(c)])) += m_residuals.col(c);

  double loss = 0.5 * m_rows.penalty * w.squaredNorm();
  for (Eigen::Index i = 0; i < m_logits.rows(); ++i) {
    auto const y = static_cast<Eigen::Index>(m_y[static_cast<std::size_t>(i)]);
    double const highest = m_logits.row(i).maxCoeff(), of_y = m_logits(i, y);
    m_logits.row(i) = (m_logits.row(i).array() - highest).exp();
    double const sum = m_logits.row(i).sum();
    loss += m_rows.weights[i] * (std::log(sum) + highest - of_y);
    m_logits.row(i) /= sum;
    m_logits(i, y) -= 1;
    m_logits.row(i) *= m_rows.weights[i];
  }
  for (Eigen::Index c = 0; c < k; ++c)
    m_residuals.col(c) = m_logits.col(static_cast<Eigen::Index>(m_fitted[static_cast<std::size_t>(c)]));

  Eigen::Map<RowMajor>(gradient.data(), k, d).noalias() = m_residuals.transpose() * m_rows.x;
  Eigen::Map<RowMajor>(gradient.data(), k, d) += m_rows.penalty * w;
  if (intercept) gradient.tail(k) = m_residuals.colwise().sum().transpose();
  return loss;
}

}  // namespace jvmm::algo
