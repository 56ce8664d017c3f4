#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "classify/evaluation.hpp"
#include "commands/evaluate/evaluate.hpp"
#include "commands/page.hpp"

namespace jvmm::commands {

/// Another way to answer, on the same cases.
struct Baseline {
  std::string name;   ///< member in JSON: "keyword_mapping", "rules"
  std::string about;  ///< for people
  classify::Evaluation evaluation;
};

/// One comparison of answers with labels.
struct EvaluationReport {
  classify::Task task = classify::Task::niche;
  std::string taxonomy, labels, predictions;      ///< names for people
  std::size_t unlabelled = 0, unrecoverable = 0;  ///< rows of the file of labels that were left out
  std::size_t missing = 0;                        ///< labelled profiles that the database has not
  std::size_t unclassified = 0;                   ///< of the cases, those never classified
  std::size_t foreign = 0;                        ///< answers that are no label of the taxonomy
  classify::Evaluation evaluation;
  std::vector<Baseline> baselines;
  std::optional<double> required;
  std::size_t top = 10;  ///< confusions shown
  std::int64_t seed = 1;

  /// The figure that `required` is about: accuracy, or micro F1 for offers.
  std::string_view measure_name() const;
  classify::Measure const& measure() const;
  bool passed() const { return !required || measure().value >= *required; }
};

std::string evaluation_text(EvaluationReport const& report);

/// docs/schemas/evaluate.json.
std::string evaluation_json(EvaluationReport const& report);

/// One self-contained page.
std::string evaluation_html(EvaluationReport const& report, std::string const& made_at);

/// How often answers of each confidence are right, against how often they should be, as SVG.
std::string reliability_diagram(classify::Reliability const& reliability);

/// Rows of figures that text and HTML share: what, value, from, to.
std::vector<std::vector<std::string>> figure_rows(EvaluationReport const& report);
std::vector<std::vector<std::string>> baseline_rows(EvaluationReport const& report);
std::vector<std::vector<std::string>> label_rows(EvaluationReport const& report);
std::vector<std::vector<std::string>> confusion_rows(EvaluationReport const& report);
std::vector<std::vector<std::string>> bin_rows(EvaluationReport const& report);

inline std::vector<std::string> const k_figure_titles{"figure", "value", "from", "to"};
inline std::vector<std::string> const k_baseline_titles{"answers", "unknown",  "accuracy", "from",
                                                        "to",      "micro F1", "macro F1"};
inline std::vector<std::string> const k_label_titles{"label", "precision", "recall", "F1", "right", "said"};
inline std::vector<std::string> const k_confusion_titles{"right", "said instead", "times"};
inline std::vector<std::string> const k_bin_titles{"confidence", "answers", "mean confidence", "right"};

/// One line about what was compared, and one about what was left out; the latter may be empty.
std::string evaluation_subject(EvaluationReport const& report);
std::string evaluation_left_out(EvaluationReport const& report);
std::string evaluation_verdict(EvaluationReport const& report);

}  // namespace jvmm::commands
