#pragma once

#include <string>

#include "cli/cli_db.hpp"

namespace jvmm::test {

/// All that runs of backfill-embeddings leave behind, but for time stamps and the numbers of runs and batches.
std::string embedding_end_state(CliDb const& db);

}  // namespace jvmm::test
