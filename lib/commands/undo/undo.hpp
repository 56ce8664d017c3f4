#pragma once

#include <cstdint>

#include "commands/run_context.hpp"

namespace jvmm::commands {

struct UndoOptions {
  std::int64_t run = 0;
  bool dry_run = false;
};

/// Takes back what a run wrote, where nobody has changed it since; forgets what it recorded as skipped or failed.
/// Returns the exit code. **Database**: restores the columns of profiles page by page under the lease of the stage,
/// removes the run's rows from jvmm.ledger.
int undo(RunContext& context, UndoOptions const& options);

}  // namespace jvmm::commands
