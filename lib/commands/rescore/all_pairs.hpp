#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "commands/batch_options.hpp"
#include "commands/scoring_setup.hpp"

namespace jvmm::commands {

struct AllPairsScope {
  std::size_t top = 50;                   ///< partners kept per profile
  double min_score = 0;                   ///< of a partner among the best, 0..100
  std::optional<double> all_above;        ///< keep every pair that reaches this as well
  std::uint64_t max_rows = 5'000'000;     ///< refuse where a sample says that --all-above exceeds this
  bool suggest_duplicates = false;        ///< profiles that look like one person are suggested to each other too
  std::optional<std::string> checkpoint;  ///< a file; absent: one in the user's state folder

  /// **Throws** usage.
  void validate() const;
};

struct AllPairsOutcome {
  int exit_code = 0;
  std::string report;                          ///< text, or the JSON value of "all_pairs"
  std::optional<std::int64_t> published = {};  ///< the generation, if this run published it
};

/// Scores all pairs of eligible profiles and publishes the best of each as one generation, all of them or none; then
/// leaves the other stored matches to the caller. With --profile-ids or --since, scores only those (and whatever else
/// changed since the published generation) against everyone, with the same result.
/// **Database**: reads profiles; writes jvmm.generation, jvmm.staged_match, jvmm.ranked_profile, match_suggestions.
AllPairsOutcome rescore_all_pairs(RunContext& context, db::Connection& connection, AllPairsScope const& scope,
                                  ScoringSetup& setup, BatchOptions const& batch);

}  // namespace jvmm::commands
