#pragma once

#include "cli/cli_db.hpp"

namespace jvmm::test {

/// All that extracting credentials leaves behind in profiles and the ledger, without times, runs and batches: equal for
/// equal outcomes.
std::string extracted_end_state(CliDb const& db);

/// The names (titles) of one kind that a profile has, in order, " | " between them.
std::string names_of(CliDb const& db, int profile, std::string const& kind);

/// How many stored values do not stand in their text, at the place that they name.
std::int64_t ungrounded_values(CliDb const& db);

}  // namespace jvmm::test
