#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "classify/reliability.hpp"

namespace jvmm::classify {

/// A label that a classifier gave.
struct Predicted {
  std::string label;
  std::optional<double> confidence;  ///< 0..1; absent where the classifier tells none

  friend bool operator==(Predicted const&, Predicted const&) = default;
};

/// What is true of one profile, and what was said of it.
struct EvaluationCase {
  std::vector<std::string> truth;    ///< the right labels, the primary first; empty: none of the labels is right
  std::vector<std::string> also;     ///< also right, but second to the primary; for one-label tasks only
  std::vector<std::string> ignored;  ///< true labels that nobody could tell: saying them counts neither way
  std::vector<Predicted> predicted;  ///< best first; empty: unknown
};

enum class LabelKind {
  single,  ///< the first of `predicted` against the first of `truth`
  multi,   ///< each label of `predicted` against all of `truth`
};

struct EvaluationOptions {
  LabelKind kind = LabelKind::single;
  std::uint64_t seed = 1;         ///< of the intervals
  std::size_t resamples = 1'000;  ///< 0: the intervals are the values
  std::size_t bins = 10;          ///< of confidence; at least 1
};

/// A figure with its 95 % interval: percentiles of the figure over cases drawn with replacement.
struct Measure {
  double value = 0, low = 0, high = 0;
};

struct LabelFigures {
  std::string label;
  double precision = 0, recall = 0, f1 = 0;  ///< 0 where they are 0 / 0
  std::size_t support = 0;                   ///< cases in which it is right
  std::size_t predicted = 0;                 ///< cases in which it was said
};

/// A right label that was missed and a wrong one that was said instead; empty: none.
struct Confusion {
  std::string truth, predicted;
  std::size_t count = 0;
};

struct Evaluation {
  std::size_t cases = 0;
  std::size_t unknown = 0;  ///< cases without any prediction
  Measure accuracy;  ///< the first prediction is the primary label (multi: one of the right ones), or rightly none
  Measure micro_f1, macro_f1;
  double micro_precision = 0, micro_recall = 0;
  double primary_or_secondary = 0;     ///< share of cases whose first prediction is right or also right
  double exact = 0;                    ///< share of cases in which the predictions are the right labels and no others
  double accuracy_where_answered = 0;  ///< without the unknown cases; 0 if there are no others
  std::vector<LabelFigures> labels;    ///< those that are right or were said somewhere, by label
  std::vector<Confusion> confusions;   ///< most frequent first, then by label
  Reliability reliability;             ///< single: of first predictions; multi: of all; those with a confidence
};

/// Measures predictions against what is true. Micro figures sum over labels, macro F1 is the mean over the labels that
/// are right or were said somewhere; where no label is right or none was said, that is a label of neither sum. All as
/// scikit-learn's precision_recall_fscore_support with zero_division=0. The same seed gives the same intervals.
///
/// **Throws** bad_input: no case; a confidence outside 0..1. **Threads** safe.
/// **Cost** O(n log n + resamples · (n + labels)).
Evaluation evaluate(std::span<EvaluationCase const> cases, EvaluationOptions const& options);

}  // namespace jvmm::classify
