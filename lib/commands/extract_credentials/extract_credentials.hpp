#pragma once

#include "commands/extract_credentials/options.hpp"
#include "commands/run_context.hpp"

namespace jvmm::commands {

/// Extracts the credentials that are missing or stale, and reports. Returns the exit code.
/// **Database**: reads profiles by keyset pages; writes profiles.credentials and its entry of
/// enrichment_metadata.field_meta; jvmm.run, jvmm.lease, jvmm.ledger, jvmm.usage.
int extract_credentials(RunContext& context, ExtractOptions const& options);

}  // namespace jvmm::commands
