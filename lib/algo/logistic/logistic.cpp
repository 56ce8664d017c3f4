#include "algo/logistic/logistic.hpp"

#include <fmt/format.h>

#include <LBFGS.h>
#include <algorithm>
#include <cmath>
#include <exception>
#include <limits>

#include "algo/logistic/loss.hpp"
#include "base/error.hpp"

namespace jvmm::algo {
namespace {

constexpr int k_starts = 2, k_patience = 60;  // evaluations
constexpr double k_rounding = 1e-14;

Error bad(std::string const& what) {
  return Error(Kind::bad_input, "logistic regression: " + what);
}

bool finite(std::span<double const> values) {
  return std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); });
}

Checked checked(LogisticRows const& rows, std::size_t labels, std::size_t offsets, LogisticOptions const& options) {
  options.validate();
  auto const n = rows.x.rows();
  if (n == 0) throw bad("there is no row");
  if (rows.x.values.size() != n * rows.x.columns) throw bad("the last row is cut");
  if (labels != n) throw bad(fmt::format("{} labels for {} rows", labels, n));
  if (!rows.weights.empty() && rows.weights.size() != n)
    throw bad(fmt::format("{} weights for {} rows", rows.weights.size(), n));
  if (!rows.offsets.empty() && rows.offsets.size() != offsets)
    throw bad(fmt::format("{} offsets, expected {}", rows.offsets.size(), offsets));
  if (!finite(rows.x.values) || !finite(rows.weights) || !finite(rows.offsets)) throw bad("a number is not finite");

  auto const rows_count = static_cast<Eigen::Index>(n);
  Checked out{ConstTable(rows.x.values.data(), rows_count, static_cast<Eigen::Index>(rows.x.columns)),
              rows.weights.empty() ? Eigen::VectorXd(Eigen::VectorXd::Ones(rows_count))
                                   : Eigen::VectorXd(ConstVector(rows.weights.data(), rows_count)),
              0, options.intercept};
  double const total = out.weights.sum();
  if (out.weights.minCoeff() < 0 || !(total > 0)) throw bad("weights have to be at least 0, and not all 0");
  out.weights /= total;
  out.penalty = 1 / (options.c * total);
  return out;
}

bool counts(LogisticRows const& rows, std::size_t i) {
  return rows.weights.empty() || rows.weights[i] > 0;
}

/// Thrown out of the solver by Watched.
struct Ended {};

/// Looks on while the solver evaluates the loss: keeps the best point, and ends where the gradient is small enough or
/// where a double's digits are used up, so that nothing gets better any more.
template <class Loss>
struct Watched {
  Loss& loss;
  double tolerance;
  Eigen::VectorXd best;
  double value = std::numeric_limits<double>::infinity(), gradient = value;
  int since_better = 0;

  double operator()(Eigen::VectorXd const& x, Eigen::VectorXd& g) {
    double const now = loss(x, g), largest = g.cwiseAbs().maxCoeff();
    double const rounding = k_rounding * std::abs(now);
    if (now < value - rounding || (now <= value + rounding && largest < gradient)) {
      best = x;
      value = now;
      gradient = largest;
      since_better = 0;
    }
    if (gradient <= tolerance || ++since_better > k_patience) throw Ended{};
    return now;
  }
};

struct Minimum {
  Eigen::VectorXd parameters;
  double gradient = 0;
};

template <class Loss>
Minimum minimise(Loss& loss, LogisticOptions const& options) {
  LBFGSpp::LBFGSParam<double> param;
  param.m = 10;
  param.epsilon = options.tolerance / 10;  // of the norm; Watched looks at the largest element
  param.epsilon_rel = 0;
  param.max_iterations = options.max_iterations;
  param.max_linesearch = 20;
  param.linesearch = LBFGSpp::LBFGS_LINESEARCH_BACKTRACKING_STRONG_WOLFE;
  LBFGSpp::LBFGSSolver<double, LBFGSpp::LineSearchNocedalWright> solver(param);

  Watched<Loss> watched{loss, options.tolerance, Eigen::VectorXd::Zero(loss.parameters())};
  for (int start = 0; start < k_starts && watched.gradient > options.tolerance; ++start) {
    Eigen::VectorXd x = watched.best;
    double value = 0;
    watched.since_better = 0;
    try {
      solver.minimize(watched, x, value);
    } catch (Ended const&) {
    } catch (std::exception const&) {
      // A line search failed for lack of digits. Starting afresh from the best point may go on.
    }
  }
  return {std::move(watched.best), watched.gradient};
}

LogisticModel model_of(Minimum const& minimum, std::size_t classes, std::size_t columns,
                       std::vector<std::size_t> const& fitted, LogisticOptions const& options) {
  LogisticModel out{classes,
                    columns,
                    std::vector<double>(classes * columns),
                    std::vector<double>(classes),
                    minimum.gradient,
                    minimum.gradient <= options.tolerance};
  double const* next = minimum.parameters.data();
  for (auto const c : fitted) {
    std::copy_n(next, columns, out.coefficients.begin() + static_cast<std::ptrdiff_t>(c * columns));
    next += columns;
  }
  if (options.intercept == Intercept::free)
    for (auto const c : fitted)
      out.intercepts[c] = *next++;
  return out;
}

std::vector<std::size_t> fitted_classes(LogisticRows const& rows, std::span<std::size_t const> y, std::size_t classes,
                                        std::vector<bool> const& fitted, LogisticOptions const& options) {
  if (classes < 2) throw bad("there is nothing to tell apart: two classes at least");
  if (!fitted.empty() && fitted.size() != classes)
    throw bad(fmt::format("{} flags for {} classes", fitted.size(), classes));
  std::vector<bool> seen(classes);
  for (std::size_t i = 0; i < y.size(); ++i) {
    if (y[i] >= classes) throw bad(fmt::format("class {} of {}", y[i], classes));
    if (counts(rows, i)) seen[y[i]] = true;
  }
  std::vector<std::size_t> out;
  for (std::size_t c = 0; c < classes; ++c) {
    if (!fitted.empty() && !fitted[c]) continue;
    if (!seen[c] && options.intercept == Intercept::free)
      throw bad(fmt::format("class {} has no row, so its intercept would run away", c));
    out.push_back(c);
  }
  if (out.empty()) throw bad("no class is to be fitted");
  return out;
}

/// Two classes as one logit, the difference of theirs.
LogisticModel fit_two(LogisticRows const& rows, std::span<std::size_t const> y, LogisticOptions const& options) {
  std::vector<bool> second(y.size());
  for (std::size_t i = 0; i < y.size(); ++i)
    second[i] = y[i] == 1;
  std::vector<double> difference;
  if (!rows.offsets.empty()) {
    if (rows.offsets.size() != 2 * y.size())
      throw bad(fmt::format("{} offsets, expected {}", rows.offsets.size(), 2 * y.size()));
    for (std::size_t i = 0; i < y.size(); ++i)
      difference.push_back(rows.offsets[2 * i + 1] - rows.offsets[2 * i]);
  }
  auto const one = fit_binary({rows.x, rows.weights, difference}, second, options);
  LogisticModel out{2, one.columns, {}, {-one.intercepts[0] / 2, one.intercepts[0] / 2}, one.gradient, one.converged};
  for (double const sign : {-0.5, 0.5})
    for (double const w : one.coefficients)
      out.coefficients.push_back(sign * w);
  return out;
}

}  // namespace

void LogisticOptions::validate() const {
  if (!(c > 0) || !std::isfinite(c)) throw Error(Kind::usage, "C has to be above 0");
  if (!(tolerance > 0) || !std::isfinite(tolerance)) throw Error(Kind::usage, "the tolerance has to be above 0");
  if (max_iterations < 1) throw Error(Kind::usage, "at least one iteration is needed");
}

void LogisticModel::logits(std::span<double const> x, std::span<double> out) const {
  for (std::size_t c = 0; c < intercepts.size(); ++c) {
    double sum = 0;
    for (std::size_t j = 0; j < columns; ++j)
      sum += coefficients[c * columns + j] * x[j];
    out[c] = sum + intercepts[c];
  }
}

LogisticModel fit_softmax(LogisticRows const& rows, std::span<std::size_t const> y, std::size_t classes,
                          LogisticOptions const& options, std::vector<bool> const& fitted) {
  auto table = checked(rows, y.size(), y.size() * classes, options);
  auto const which = fitted_classes(rows, y, classes, fitted, options);
  if (classes == 2 && which.size() == 2) return fit_two(rows, y, options);
  SoftmaxLoss loss(std::move(table), y, classes, which, rows.offsets);
  return model_of(minimise(loss, options), classes, rows.x.columns, which, options);
}

LogisticModel fit_binary(LogisticRows const& rows, std::vector<bool> const& y, LogisticOptions const& options) {
  auto table = checked(rows, y.size(), y.size(), options);
  bool seen[2] = {false, false};
  for (std::size_t i = 0; i < y.size(); ++i)
    if (counts(rows, i)) seen[y[i] ? 1 : 0] = true;
  if (options.intercept == Intercept::free && !(seen[0] && seen[1]))
    throw bad("all rows are of one class, so the intercept would run away");
  BinaryLoss loss(std::move(table), y, rows.offsets);
  return model_of(minimise(loss, options), 1, rows.x.columns, {0}, options);
}

}  // namespace jvmm::algo
