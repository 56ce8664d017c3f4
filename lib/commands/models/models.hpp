#pragma once

#include <string>

#include "commands/run_context.hpp"

namespace jvmm::commands {

/// Known and installed models.
int models_list(RunContext& context);

struct PullArguments {
  std::string model;     ///< a known name, or a repository ORG/NAME
  std::string revision;  ///< branch, tag or commit; empty: what was pulled before, else main
};

/// Downloads a model into models_dir (or the user's). **Throws** as inference::pull_model.
int models_pull(RunContext& context, PullArguments const& arguments);

/// Compares a model's files with their hashes; all installed known models where none is named. 1 if something differs.
int models_verify(RunContext& context, std::string const& model);

}  // namespace jvmm::commands
