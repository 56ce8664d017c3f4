#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "classify/task.hpp"
#include "commands/run_context.hpp"

namespace jvmm::commands {

struct EvaluateOptions {
  classify::Task task = classify::Task::niche;
  std::string labels;                      ///< file of what is true
  std::string label_column;                ///< empty: label or labels
  std::optional<std::string> label_map;    ///< CSV label,parent: finer labels of that file, and what they belong to
  std::string taxonomy;                    ///< empty: the task's default
  std::optional<std::string> predictions;  ///< file of a classifier's answers; absent: what the database stores
  std::string prediction_column;           ///< empty: the first of those that read_prediction_file looks for
  std::optional<double> require;           ///< least accuracy (offers: micro F1), 0..1
  std::optional<std::string> html;         ///< file for a report as one HTML page
  std::int64_t seed = 1;                   ///< of the intervals; not negative
  std::int64_t resamples = 1'000;          ///< 0 to 100,000
  std::int64_t bins = 10;                  ///< of the reliability diagram; 2 to 100
  std::int64_t top = 10;                   ///< confusions shown; 0 to 1,000

  /// **Throws** usage.
  void validate() const;
};

/// Compares what a classifier said with what people say is true. Returns 0, or 1 where the figure that counts is below
/// `require`.
/// **Throws** as classify::read_label_file and read_prediction_file; bad_input: labelled profiles that the predictions
/// lack. **Database**: where no file of predictions is given, one read-only transaction.
int evaluate(RunContext& context, EvaluateOptions const& options);

}  // namespace jvmm::commands
