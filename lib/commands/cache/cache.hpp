#pragma once

#include <cstdint>
#include <optional>

#include "commands/run_context.hpp"

namespace jvmm::commands {

struct CachePruneOptions {
  std::optional<std::int64_t> max_mb;           ///< MiB; absent, and no other condition: the setting cache_max_mb
  std::optional<std::int64_t> older_than_days;  ///< not used since
  bool unsettled = false;
  bool dry_run = false;

  /// **Throws** usage.
  void validate() const;
};

/// What the cache file holds, by task and model. **Throws** as inference::cache_stats; configuration if there is no
/// cache file by the settings.
int cache_stats(RunContext& context);

/// Deletes answers from it. **Throws** as inference::prune_cache, and as cache_stats.
int cache_prune(RunContext& context, CachePruneOptions const& options);

}  // namespace jvmm::commands
