#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "commands/movers.hpp"
#include "commands/run_context.hpp"
#include "commands/score_comparison.hpp"
#include "commands/scoring_diff/scoring_diff.hpp"
#include "commands/scoring_setup.hpp"

namespace jvmm::commands {

/// Matches that were read and not compared.
struct NotCompared {
  std::uint64_t no_profile = 0;  ///< a profile is gone or cannot be read
  std::uint64_t unscored = 0;    ///< no score is stored
  std::uint64_t ineligible = 0;  ///< no match before and none after
};

struct ScoringDiff {
  std::string before, after;  ///< what was compared: "stored", or ScoringSetup::basis
  std::uint64_t matches = 0;  ///< read
  NotCompared left_out;
  ScoreGates gates;
  TopMovers movers;
};

/// `before` null: the stored scores. **Throws** stopped.
ScoringDiff compare_scorings(RunContext& context, db::Connection& connection, ScoringSetup* before, ScoringSetup& after,
                             ScoringDiffOptions const& options);

std::string scoring_diff_text(ScoringDiff const& diff);
std::string scoring_diff_json(ScoringDiff const& diff, ScoringDiffOptions const& options);

}  // namespace jvmm::commands
