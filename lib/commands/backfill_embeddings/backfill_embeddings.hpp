#pragma once

#include "commands/batch_options.hpp"
#include "store/profile_embeddings.hpp"

namespace jvmm::commands {

struct EmbedOptions {
  BatchOptions batch;
  bool only_failed = false;  ///< what 'jvmm retry' asks for

  std::string_view command() const { return only_failed ? "retry" : "backfill-embeddings"; }

  /// **Throws** usage.
  void validate() const { batch.validate(); }
};

/// Embeds what is missing or stale, and reports. Returns the exit code.
/// **Database**: reads profiles by keyset pages; writes the six embedding columns and enrichment_metadata.field_meta of
/// profiles, jvmm.run, jvmm.lease, jvmm.ledger.
int backfill_embeddings(RunContext& context, EmbedOptions const& options);

}  // namespace jvmm::commands
