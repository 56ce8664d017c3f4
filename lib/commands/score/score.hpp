#pragma once

#include <optional>
#include <string>

#include "commands/run_context.hpp"
#include "scoring/scoring_profile.hpp"

namespace jvmm::commands {

/// Pairs of a file, scored into a file. Inputs are JSON lines, plain or gzip; one of them may be "-", standard input.
struct ScoreOptions {
  std::string profiles, pairs;
  std::string embeddings;  ///< empty: vectors are those that the profiles themselves have
  std::string scoring{scoring::k_default_scoring_profile};  ///< a shipped profile's name, or a file
  std::optional<std::string> now;                           ///< time with offset; absent: the start of the run
  std::string output = "-";                                 ///< "-": standard output

  /// **Throws** usage.
  void validate() const;
};

/// One line of JSON a pair, in the order of the pairs. A file appears when it is complete, or not at all.
/// **Throws** usage, bad_input with file and line, missing_input, local_io, configuration (no calibration for the
/// model), stopped. **Database**: none. **Cost**: memory for all profiles and vectors, not for the pairs.
int score(RunContext& context, ScoreOptions const& options);

}  // namespace jvmm::commands
