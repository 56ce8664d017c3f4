#pragma once

#include <functional>
#include <span>
#include <string>

#include "commands/batch_options.hpp"
#include "commands/run_context.hpp"

namespace jvmm::commands {

/// One enrichment as its own command does it. Returns the exit code.
struct EnrichStep {
  std::string name;  ///< of the command
  std::function<int(RunContext& context, BatchOptions const& batch)> run;
};

struct EnrichOptions {
  BatchOptions batch;   ///< of every step; the limits of time, requests and money are for all of them together
  bool strict = false;  ///< a step's failure is this command's

  /// **Throws** usage.
  void validate() const { batch.validate(); }
};

/// Runs the steps in their order, whatever became of the ones before, and reports each. The exit code is 0 unless it
/// was told to stop (75), or `strict` and a step failed: then that of the first that did.
/// **Throws** usage, bad_input, missing_input where the options are at fault.
int enrich(RunContext& context, EnrichOptions const& options, std::span<EnrichStep const> steps);

}  // namespace jvmm::commands
