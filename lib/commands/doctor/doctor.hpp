#pragma once

#include "commands/run_context.hpp"

namespace jvmm::commands {

/// Looks at everything a run depends on and says how to mend what is wrong. Returns 0, 1 if a check
/// failed, or the code of the error if there was no reaching the database.
/// **Database**: reads only.
int doctor(RunContext& context);

}  // namespace jvmm::commands
