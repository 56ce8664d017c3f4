#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace jvmm::commands {

/// What one stage of a cascade was asked in a run.
struct StageCount {
  std::string name;
  std::uint64_t asked = 0;    ///< profiles
  std::uint64_t settled = 0;  ///< of them, needing no further stage
  std::uint64_t failed = 0;
  std::uint64_t postponed = 0;
  double seconds = 0;

  /// Adds the counts of another, whatever its name.
  StageCount& operator+=(StageCount const& other);
};

/// A table for people.
std::string stage_counts_text(std::vector<StageCount> const& counts);

/// A JSON array; also in the summary of the run, where last_shares finds it.
std::string stage_counts_json(std::vector<StageCount> const& counts);

}  // namespace jvmm::commands
