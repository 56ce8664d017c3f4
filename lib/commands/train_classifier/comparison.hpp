#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "algo/bootstrap/paired_bootstrap.hpp"
#include "classify/evaluation.hpp"
#include "classify/head.hpp"
#include "commands/train_classifier/examples.hpp"
#include "commands/train_classifier/fit.hpp"

namespace jvmm::commands {

/// The head in use.
struct InUse {
  std::int64_t id = 0;
  classify::Head head;
  /// Labels that were given to profiles it was trained on, while they were held out: of these it knows the answers.
  std::map<ProfileId, std::vector<std::string>> held_out;
};

/// Labels with confidences, one list per example.
using Predictions = std::vector<std::vector<classify::Predicted>>;

struct Comparison {
  std::string metric;              ///< "accuracy" (of the first label) or "micro_f1"
  classify::Evaluation zero_shot;  ///< the stage before the head alone
  classify::Evaluation in_use;     ///< with the head in use, if there is one; else as zero_shot
  classify::Evaluation head;       ///< the new head asked about every profile
  classify::Evaluation candidate;  ///< the new head asked where the stage before it is not sure: what promotion changes
  algo::Interval difference;       ///< of the metric, candidate less in_use, paired
  std::size_t asked = 0;           ///< profiles of which the stage before is not sure
  Predictions held_out;            ///< the candidate's, per example
};

struct ComparisonOptions {
  std::size_t folds = 5;
  std::uint64_t seed = 1;
  std::size_t threads = 1;
};

/// Cross-validates a head: each profile is judged by one that was fitted without it, and without any of the same texts.
/// **Cost**: folds × fit_head, on that many threads; the same figures for any number of them.
Comparison compare(ExampleSet const& set, HeadRecipe const& recipe, std::optional<InUse> const& in_use,
                   ComparisonOptions const& options);

}  // namespace jvmm::commands
