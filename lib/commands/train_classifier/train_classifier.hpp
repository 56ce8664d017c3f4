#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "classify/task.hpp"
#include "commands/run_context.hpp"

namespace jvmm::commands {

/// Whether a head that was trained is put in use.
enum class Promote {
  automatic,  ///< if it is better than what is in use, with 97.5 % confidence
  never,
  force,
};

struct TrainOptions {
  classify::Task task = classify::Task::niche;
  std::string labels;              ///< file of what is true (classify/label_file.hpp)
  std::string label_column;        ///< empty: label or labels
  std::int64_t folds = 5;          ///< of the cross-validation; 2 to 20
  std::int64_t seed = 1;           ///< of folds and intervals; not negative
  std::int64_t min_per_class = 8;  ///< labels with fewer examples are not trained; 2 to 1,000
  Promote promote = Promote::automatic;
  bool dry_run = false;  ///< count, ask no model, store nothing
  std::optional<std::uint64_t> max_requests;
  std::optional<double> max_cost_usd;

  /// **Throws** usage.
  void validate() const;
};

/// Trains a head for a task from labels, compares it with what is in use on profiles that were held out, stores it, and
/// puts it in use where it is better. Returns the exit code: 0 also where it is not.
/// **Throws** as classify::read_label_file; bad_input where labels or profiles are too few.
/// **Database**: one read-only transaction, then one that writes jvmm.run and jvmm.classifier.
int train_classifier(RunContext& context, TrainOptions const& options);

struct ListClassifiersOptions {
  std::optional<classify::Task> task;  ///< absent: all
  std::int64_t top = 20;               ///< 1 to 1,000
};

/// Shows the heads that were trained, newest first.
int list_trained(RunContext& context, ListClassifiersOptions const& options);

/// Takes the head of a task that was promoted last out of use; the one before it is in use again.
/// **Throws** bad_input if none is in use.
int roll_back_trained(RunContext& context, classify::Task task, bool dry_run);

}  // namespace jvmm::commands
