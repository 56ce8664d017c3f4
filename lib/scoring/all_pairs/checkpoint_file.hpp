#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "scoring/all_pairs/best_lists.hpp"

namespace jvmm::scoring {

/// What a run that goes on needs: how many of its tiles are done, and the lists so far.
struct CheckpointState {
  std::uint64_t tiles = 0;
  std::vector<std::vector<Entry>> lists;  ///< by position
};

/// Writes to `path`.new, syncs, and renames. `identity` tells runs apart. **Throws** local_io.
void save_checkpoint(std::filesystem::path const& path, std::string const& identity, std::uint64_t tiles,
                     BestLists& lists);

/// Whether there was a whole file of this identity; if not, `state` is empty.
bool load_checkpoint(std::filesystem::path const& path, std::string const& identity, CheckpointState& state);

}  // namespace jvmm::scoring
