#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace jvmm::algo {

/// Rows of a table of numbers, one after the other. A view: the numbers must outlive it.
struct Table {
  std::span<double const> values;
  std::size_t columns = 0;

  std::size_t rows() const { return columns == 0 ? 0 : values.size() / columns; }
  std::span<double const> row(std::size_t i) const { return values.subspan(i * columns, columns); }
};

enum class Intercept { none, free };  ///< free: not drawn towards 0, as in scikit-learn

struct LogisticOptions {
  /// Inverse strength of the L2 penalty, above 0, in scikit-learn's meaning: minimised is
  /// sum of weight · loss + |coefficients|² / (2 C). Small: coefficients near 0.
  double c = 1;
  Intercept intercept = Intercept::free;
  /// Ends where no element of the gradient of the mean loss is above this. scikit-learn's `tol`, whose default is 1e-4.
  double tolerance = 1e-6;
  int max_iterations = 1000;

  /// **Throws** usage for values out of range.
  void validate() const;
};

/// What is fitted to.
struct LogisticRows {
  Table x;                          ///< finite
  std::span<double const> weights;  ///< one per row, at least 0, not all 0; empty: each 1
  std::span<double const> offsets;  ///< added to the logits: rows × classes, or one per row (binary); empty: 0
};

/// Logits of a row x: coefficients · x + intercepts, and its offset.
struct LogisticModel {
  std::size_t classes = 0, columns = 0;
  std::vector<double> coefficients;  ///< classes × columns; of a binary one columns
  std::vector<double> intercepts;    ///< one per class; of a binary one 1
  double gradient = 0;               ///< largest element left
  bool converged = false;            ///< `gradient` is within the tolerance

  /// Without the offset. REQUIRES: out.size() == intercepts.size().
  void logits(std::span<double const> x, std::span<double> out) const;
};

/// L2-penalised multinomial logistic regression (softmax), by L-BFGS from zero. `y` holds a class, below `classes`, per
/// row. Classes without a row are legal only without intercepts or where `fitted` excludes them. `fitted`, if not
/// empty, has a flag per class: a class that is not fitted keeps coefficients and intercept of 0 and competes by its
/// offset alone. With two classes, both fitted, the two rows of coefficients are the negatives of each other, halved,
/// and the penalty is that of the binary form, as in scikit-learn.
///
/// The result does not depend on the order of the rows beyond rounding; give them in one order for equal bits.
///
/// **Throws** bad_input: sizes that do not fit, numbers that are not finite, no row, no class to be fitted, a class
/// without a row that needs one.
/// **Threads**: safe. **Cost**: per iteration 4 n d k multiply-adds; 8 n (d + 2 k) bytes.
LogisticModel fit_softmax(LogisticRows const& rows, std::span<std::size_t const> y, std::size_t classes,
                          LogisticOptions const& options = {}, std::vector<bool> const& fitted = {});

/// The same for two classes told by `y`: the logit is that of true. **Throws** as above; one class alone only without
/// intercept.
LogisticModel fit_binary(LogisticRows const& rows, std::vector<bool> const& y, LogisticOptions const& options = {});

}  // namespace jvmm::algo
