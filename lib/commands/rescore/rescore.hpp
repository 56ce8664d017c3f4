#pragma once

#include <optional>
#include <string>

#include "commands/batch_options.hpp"
#include "commands/rescore/all_pairs.hpp"
#include "commands/rescore/clients_stage.hpp"
#include "commands/scoring_setup.hpp"

namespace jvmm::commands {

struct RescoreOptions {
  BatchOptions batch;
  ScoringOptions scoring;
  std::optional<std::string> shadow;  ///< a second scoring profile, whose scores are reported and not written
  bool repair_context = false;        ///< mend double-encoded match_context, and nothing else
  bool all_pairs = false;             ///< everyone with everyone, instead of the stored matches alone
  AllPairsScope scope;                ///< of all pairs
  std::vector<std::string> clients;   ///< with everybody: "active", ids, or files of ids; empty: not that
  bool prescreen = false;             ///< of clients: drop pairs by the lightweight score, as older jobs did
  bool update_pressure = false;       ///< count recommendations first
  int pressure_days = 30;             ///< of which window; other than 30: only to report

  /// **Throws** usage.
  void validate() const;
};

/// Scores stored matches again, in place, those whose score is not what would be computed now. Returns the exit code.
/// **Database**: reads profiles and outcomes; writes score_ab, score_ba, harmonic_mean, match_reason and match_context
/// of match_suggestions, pressure of profiles if asked, jvmm.run, jvmm.lease, jvmm.ledger, jvmm.scoring_profile.
int rescore(RunContext& context, RescoreOptions const& options);

}  // namespace jvmm::commands
