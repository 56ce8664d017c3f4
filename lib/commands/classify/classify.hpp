#pragma once

#include "commands/classify/options.hpp"
#include "commands/run_context.hpp"

namespace jvmm::commands {

/// Classifies what is missing or stale, and reports. Returns the exit code.
/// **Database**: reads profiles by keyset pages; writes the task's column, classification_updated_at and
/// enrichment_metadata.field_meta of profiles, of niche also profiles.niche; jvmm.review, jvmm.run, jvmm.lease,
/// jvmm.ledger.
int classify_profiles(RunContext& context, ClassifyOptions const& options);

}  // namespace jvmm::commands
