#pragma once

#include <string>

#include "commands/run_context.hpp"

namespace jvmm::commands {

/// The scoring profiles that come with the program.
int scoring_list(RunContext& context);

/// A scoring profile with what it extends merged in: its factors with weight and rule as text, the document as JSON.
/// **Throws** as scoring::load_scoring_profile.
int scoring_show(RunContext& context, std::string const& name_or_file);

}  // namespace jvmm::commands
