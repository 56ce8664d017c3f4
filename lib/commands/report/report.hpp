#pragma once

#include <optional>
#include <string>

#include "commands/run_context.hpp"

namespace jvmm::commands {

struct ReportOptions {
  std::optional<std::string> output;  ///< a file, replaced when the report is whole; absent: stdout
  bool coverage = false;              ///< also how far vectors cover the texts: a pass over all profiles
};

/// Writes a report of the last runs: one HTML page that needs nothing else, or with --format json an object. Returns
/// the exit code. **Throws** local_io. **Database**: reads only.
int report(RunContext& context, ReportOptions const& options);

}  // namespace jvmm::commands
