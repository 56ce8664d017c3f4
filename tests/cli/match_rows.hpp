#pragma once

#include <string>

#include "cli/cli_db.hpp"

namespace jvmm::test {

/// The time that scores are of, where nothing else is said.
inline constexpr char const* k_scored_as_of = "2026-11-01T00:00:00Z";

/// "20000000-0000-4000-8000-0000000000NN".
std::string match_id(int number);

/// Profiles 1 to `count`, all eligible, without vectors; every one seeks and offers something else.
void add_scorable_profiles(CliDb const& db, int count);

/// Puts a match of two profiles in; `set` is SQL for more columns, such as "status = 'dismissed'".
void add_match(CliDb const& db, int number, int a, int b, std::string const& set = {});

/// As add_match for 1 with 2, 2 with 3 and so on, numbered from 1.
void add_chain(CliDb const& db, int matches);

/// 'jvmm rescore --now 2026-11-01T00:00:00Z' with further arguments.
json::Value rescore(CliDb const& db, Arguments arguments = {}, int exit_code = 0);

/// How many matches such a run scored.
std::int64_t rescored(CliDb const& db, Arguments arguments = {}, int exit_code = 0);

/// Scores, reasons and contexts by id, without scored_at.
std::string all_scores(CliDb const& db);

/// One column of a match, as text.
std::string of_match(CliDb const& db, int number, std::string const& expression);

}  // namespace jvmm::test
