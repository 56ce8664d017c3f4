#include <cmath>
#include <utility>

#include "algo/logistic/loss.hpp"
#include "math/softmax.hpp"

namespace jvmm::algo {

BinaryLoss::BinaryLoss(Checked rows, std::vector<bool> const& y, std::span<double const> offsets)
    : m_rows(std::move(rows)), m_y(m_rows.x.rows()) {
  for (Eigen::Index i = 0; i < m_y.size(); ++i)
    m_y[i] = y[static_cast<std::size_t>(i)] ? 1 : 0;
  m_offsets = offsets.empty() ? Eigen::VectorXd(Eigen::VectorXd::Zero(m_y.size()))
                              : Eigen::VectorXd(ConstVector(offsets.data(), m_y.size()));
}

Eigen::Index BinaryLoss::parameters() const {
  return m_rows.x.cols() + (m_rows.intercept == Intercept::free ? 1 : 0);
}

double BinaryLoss::operator()(Eigen::VectorXd const& parameters, Eigen::VectorXd& gradient) {
  auto const d = m_rows.x.cols();
  bool const intercept = m_rows.intercept == Intercept::free;
  m_logits.noalias() = m_rows.x * parameters.head(d);
  m_logits += m_offsets;
  if (intercept) m_logits.array() += parameters[d];

  double loss = 0.5 * m_rows.penalty * parameters.head(d).squaredNorm();
  for (Eigen::Index i = 0; i < m_logits.size(); ++i) {
    double const z = m_logits[i];
    loss += m_rows.weights[i] * (std::max(z, 0.0) - z * m_y[i] + std::log1p(std::exp(-std::abs(z))));
    m_logits[i] = m_rows.weights[i] * (math::sigmoid(z) - m_y[i]);
  }
  gradient.head(d).noalias() = m_rows.x.transpose() * m_logits;
  gradient.head(d) += m_rows.penalty * parameters.head(d);
  if (intercept) gradient[d] = m_logits.sum();
  return loss;
}

}  // namespace jvmm::algo
