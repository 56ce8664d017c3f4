#pragma once

#include <string>

#include "cli/cli_db.hpp"

namespace jvmm::test {

/// 'jvmm rescore --all-pairs --top 5 --scoring calibrated' as of match_rows.hpp's time, with further arguments.
json::Value all_pairs(CliDb const& db, Arguments arguments = {}, int exit_code = 0);

/// The arguments of that, for CliDb::run.
Arguments all_pairs_arguments(Arguments further = {});

/// The rows of the published generation: a line each with both profiles, scores and reason.
std::string published(CliDb const& db);

/// All of match_suggestions but suggested_at, a line each; without the numbers of generations.
std::string all_matches(CliDb const& db);

/// What a full run has to publish, found another way: `oracle`, with the same profiles, gets every pair as a stored
/// match, which 'jvmm rescore' scores and SQL ranks. `profiles`: those that may be paired, as "'id', 'id'".
std::string ranked_by_sql(CliDb const& oracle, std::string const& profiles, int top, double min_score = 0,
                          double all_above = 101);

/// Gives every profile vectors of hashing:384, where they are missing or stale.
void embed(CliDb const& db);

/// Changes a profile, as of 2026-10-31, and its vectors with it.
void edit(CliDb const& db, int profile, std::string const& set);

}  // namespace jvmm::test
