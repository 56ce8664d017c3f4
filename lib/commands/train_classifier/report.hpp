#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "classify/label_file.hpp"
#include "commands/train_classifier/comparison.hpp"
#include "commands/train_classifier/train_classifier.hpp"

namespace jvmm::commands {

/// What labels there are to learn from.
struct TrainPlan {
  classify::Taxonomy const* taxonomy = nullptr;
  std::string model;         ///< of the vectors
  std::string labels;        ///< the file
  std::size_t profiles = 0;  ///< labelled ones that are used
  std::size_t unlabelled = 0, unrecoverable = 0, without_text = 0;
  std::size_t texts_to_embed = 0;
  std::vector<std::size_t> counts;  ///< per label of the taxonomy
  std::vector<bool> trained;
  std::size_t min_per_class = 8;
  std::optional<std::int64_t> in_use;  ///< the head in use
};

/// What became of a head.
struct Decision {
  bool promoted = false;
  std::string reason;  ///< for people
};

struct Trained {
  std::int64_t classifier = 0;
  std::string hash, data_hash;
  RunId run;
  std::size_t folds = 5;
  std::int64_t seed = 1;
  double c = 1, temperature = 1, score_weight = 1;
  Comparison comparison;
  Decision decision;
};

std::string train_plan_text(TrainPlan const& plan);
std::string train_text(TrainPlan const& plan, Trained const& trained);

/// docs/schemas/train-classifier.json. `trained` absent: a dry run.
std::string train_json(TrainPlan const& plan, std::optional<Trained> const& trained);

/// What is kept with a head: the figures of the comparison.
std::string metrics_json(TrainPlan const& plan, Comparison const& comparison, std::size_t folds, std::int64_t seed);

/// "0.934".
std::string figure(double value);

}  // namespace jvmm::commands
