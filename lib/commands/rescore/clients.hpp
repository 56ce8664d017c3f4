#pragma once

#include <string>
#include <vector>

#include "commands/batch_options.hpp"
#include "commands/rescore/clients_stage.hpp"

namespace jvmm::commands {

/// Scores clients with all eligible profiles and stores the pairs; marks the clients' reports that have new high
/// quality matches. `clients`: "active" (those of active member reports), ids, or files of ids. Returns the exit code.
/// **Database**: reads profiles; writes match_suggestions, matching_memberreport.client_profile, jvmm.run, jvmm.lease,
/// jvmm.ledger.
int rescore_clients(RunContext& context, db::Connection& connection, std::vector<std::string> const& clients,
                    ClientRules const& rules, ScoringSetup& setup, BatchOptions const& batch);

}  // namespace jvmm::commands
