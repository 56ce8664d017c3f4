#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "commands/run_context.hpp"
#include "scoring/calibration.hpp"

namespace jvmm::commands {

struct CalibrateOptions {
  std::optional<std::string> pairs;              ///< CSV of judged pairs; absent: random pairs of the table
  std::optional<scoring::FieldPair> field_pair;  ///< absent: both
  std::int64_t sample = 20'000;                  ///< random pairs; 100 to 1,000,000
  std::int64_t seed = 1;                         ///< of the sample and of the intervals; not negative
  bool dry_run = false;                          ///< fit and show, store nothing

  std::vector<scoring::FieldPair> field_pairs() const;

  /// **Throws** usage.
  void validate() const;
};

/// Fits maps from similarity to 0..10 for the model of the table's vectors, stores them as the newest versions and
/// shows them. Returns the exit code.
/// **Database**: one read-only transaction, then one that writes jvmm.run and jvmm.calibration.
int calibrate(RunContext& context, CalibrateOptions const& options);

}  // namespace jvmm::commands
