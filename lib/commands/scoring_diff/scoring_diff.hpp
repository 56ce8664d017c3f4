#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "commands/run_context.hpp"

namespace jvmm::commands {

struct ScoringDiffOptions {
  std::vector<std::string> profiles;    ///< names or files of two scoring profiles; with `stored` only of the second
  bool stored = false;                  ///< instead of the first, the scores that are stored
  std::optional<std::uint64_t> sample;  ///< only this many stored matches, drawn at random; 1 to 1,000,000
  std::uint64_t seed = 1;               ///< of the sample
  std::optional<std::string> now;       ///< the time to score by; absent: the start of the run
  bool gate = false;                    ///< exit code 1 where a number fails

  /// **Throws** usage.
  void validate() const;
};

/// Compares two scorings over the stored matches. Returns the exit code. **Throws** bad_input where there is nothing to
/// compare. **Memory** 4 bytes a match, besides a cache of profiles. **Database**: reads only.
int scoring_diff(RunContext& context, ScoringDiffOptions const& options);

}  // namespace jvmm::commands
