#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "commands/run_context.hpp"
#include "stage/engine_types.hpp"

namespace jvmm::commands {

/// The options that every batch command has, as they were given.
struct BatchOptions {
  bool dry_run = false;                       ///< count what would be done; asks no model
  std::optional<std::uint64_t> preview;       ///< compute this many rows, show them, write nothing
  std::optional<std::uint64_t> limit;         ///< rows
  std::vector<std::string> profile_ids;       ///< ids, names of files with an id a line, or "-" for standard input
  std::optional<std::string> since;           ///< a date, a time, or an age such as "7d"
  std::optional<std::uint64_t> stale_days;    ///< results older than this are made again
  bool force = false;                         ///< all of it, whether stale or not
  std::optional<std::uint64_t> max_failures;  ///< stop once more rows than this failed
  std::optional<std::uint64_t> max_minutes;
  std::optional<std::uint64_t> max_requests;  ///< of services
  std::optional<double> max_cost_usd;         ///< of services; reserved before a request is sent
  std::string shard = "0/1";                  ///< I/N: part number I, from 0, of N

  /// **Throws** usage for contradictory or malformed values.
  void validate() const;
};

/// Reads "I/N" with 0 <= I < N <= 4096. **Throws** usage.
store::Shard parse_shard(std::string_view text);

/// "2026-11-01", "2026-11-01T08:00:00Z", "2026-11-01T08:00:00+02:00", or an age: "90m", "36h", "7d".
/// **Throws** usage.
SystemTime parse_since(std::string_view text, SystemTime now);

/// The ids, sorted, each once. **Throws** usage (neither an id nor a file), bad_input (a line that is no id: names file
/// and line), missing_input.
std::vector<ProfileId> read_profile_ids(std::vector<std::string> const& arguments);

/// The engine's options for a batch command. **Throws** as above.
stage::EngineOptions engine_options(BatchOptions const& options, RunContext const& context);

}  // namespace jvmm::commands
