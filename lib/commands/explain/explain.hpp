#pragma once

#include <string>

#include "commands/run_context.hpp"
#include "commands/scoring_setup.hpp"

namespace jvmm::commands {

struct ExplainOptions {
  std::string a, b;  ///< ids of two profiles
  ScoringOptions scoring;

  /// **Throws** usage: no ids, or the same twice.
  void validate() const;
};

/// Shows how a pair is scored, factor by factor, in both directions, and what is stored for it. Returns the exit code.
/// **Throws** bad_input for a profile that is not there or cannot be read. **Database**: reads only.
int explain(RunContext& context, ExplainOptions const& options);

}  // namespace jvmm::commands
