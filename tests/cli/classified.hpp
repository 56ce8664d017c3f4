#pragma once

#include "cli/cli_db.hpp"

namespace jvmm::test {

/// All that classification leaves behind in profiles, the ledger and the queue, without times, runs and batches: equal
/// for equal outcomes.
std::string classified_end_state(CliDb const& db);

/// A column of a profile as text; "" for null.
std::string column_of(CliDb const& db, int profile, std::string const& column);

/// An entry of a profile's field_meta as text; "" where there is none.
std::string entry_of(CliDb const& db, int profile, std::string const& column);

}  // namespace jvmm::test
