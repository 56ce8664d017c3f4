#pragma once

#include "commands/run_context.hpp"

namespace jvmm::commands {

/// Every setting with its value and origin; of a secret, only whether it is set.
int config_show(RunContext& context);

}  // namespace jvmm::commands
