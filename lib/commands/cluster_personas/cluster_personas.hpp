#pragma once

#include "commands/cluster_personas/options.hpp"
#include "commands/run_context.hpp"

namespace jvmm::commands {

/// E5: audience embeddings, personas, and who has which. Returns the exit code.
///
/// Three runs, each resumable: embeddings that are missing or stale (stage `audience`); discovery over everybody,
/// unless `assign_only` or nothing has changed, which replaces the personas in one transaction; every profile whose
/// persona is missing or stale (stage `cluster_personas`).
/// **Throws** configuration: no personas to assign by, or personas of another embedding model; bad_input: rows or goals
/// from which no personas can be made. **Database**: jvmm.embedding, jvmm.persona*, profiles.audience_persona and its
/// provenance. **Cost**: memory linear in the texts and vectors, unless `assign_only`.
int cluster_personas(RunContext& context, ClusterOptions const& options);

/// Personas as they are.
struct ListPersonasOptions {
  bool all = false;  ///< also those that are no more
};
int list_personas(RunContext& context, ListPersonasOptions const& options);

/// One of them, with what it completes. **Throws** bad_input: no such key.
int show_persona(RunContext& context, std::string const& key);

/// Gives a persona the name that a human says; it is kept over later discoveries. **Throws** bad_input.
int rename_persona(RunContext& context, std::string const& key, std::string const& name, bool dry_run);

/// Makes one persona of two and gives all their profiles the one that stays; kept over later discoveries.
/// **Throws** bad_input, lease_held.
int merge_personas(RunContext& context, std::string const& key, std::string const& into, bool dry_run);

}  // namespace jvmm::commands
