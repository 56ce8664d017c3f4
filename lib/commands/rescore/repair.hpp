#pragma once

#include "commands/batch_options.hpp"
#include "db/connection.hpp"

namespace jvmm::commands {

/// Turns match_context that holds an object's text into that object, page by page. Returns the exit code.
int repair_contexts(RunContext& context, db::Connection& connection, BatchOptions const& options);

}  // namespace jvmm::commands
