#pragma once

#include <cstdint>

#include "commands/run_context.hpp"

namespace jvmm::commands {

struct RunsOptions {
  std::int64_t top = 20;  ///< how many, newest first
};

/// The history of runs. **Database**: reads only.
int runs(RunContext& context, RunsOptions const& options);

}  // namespace jvmm::commands
