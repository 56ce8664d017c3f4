#pragma once

#include <cstdint>

#include "commands/run_context.hpp"

namespace jvmm::commands {

struct StatusOptions {
  std::int64_t top = 10;  ///< failures to list
};

/// What is done, skipped and failed, who is at work, how far vectors cover texts. Also while a run is at work.
/// **Cost**: one pass over profiles. **Database**: reads only.
int status(RunContext& context, StatusOptions const& options);

}  // namespace jvmm::commands
