#pragma once

#include <optional>
#include <vector>

#include "commands/batch_options.hpp"
#include "commands/rescore/population.hpp"
#include "scoring/all_pairs/update_lists.hpp"

namespace jvmm::commands {

/// What an all-pairs run has to do since the published generation.
struct ListUpdate {
  std::vector<std::uint32_t> scan;  ///< profiles to compare with everybody: asked for, changed, or new
  scoring::PartnerLists published;  ///< as they are stored, by index
  std::vector<std::uint32_t> lost;  ///< partners of each that cannot be paired any more
  std::vector<ProfileId> gone;      ///< profiles that had a list and cannot be paired any more
};

/// Reads the published generation and finds what changed since, aloud where nobody asked for it. Absent, with a log
/// line: no generation of this scoring with these options is published, so everybody has to be compared with everybody.
/// **Throws** as read_profile_ids and parse_since.
std::optional<ListUpdate> read_list_update(RunContext& context, db::Connection& connection,
                                           Population const& population, std::string_view basis,
                                           std::string_view options_json, BatchOptions const& batch);

}  // namespace jvmm::commands
