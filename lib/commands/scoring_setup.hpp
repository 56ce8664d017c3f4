#pragma once

#include <optional>
#include <string>

#include "commands/run_context.hpp"
#include "db/connection.hpp"
#include "scoring/scorer.hpp"

namespace jvmm::commands {

/// Which scoring, as a command line says it.
struct ScoringOptions {
  std::string scoring{scoring::k_default_scoring_profile};  ///< a name, or a file that ends in ".json"
  std::optional<std::string> now;                           ///< a time; absent: the start of the run
};

/// A scorer for the profiles of a database, and what names it.
struct ScoringSetup {
  scoring::Scorer scorer;
  std::string model;  ///< of the vectors; empty: there are none
  std::string
      basis;  ///< names scoring profile, model, calibration and personas: what scores have to share to be compared
};

/// Makes a scorer by what the database holds: the model most vectors are of, its calibration, outcomes, percentiles of
/// centrality, which personas complete which (for a scoring profile without a table of its own). Warns of vectors of
/// other models, which are not compared. A model without a calibration gets one from random pairs of the table, aloud;
/// `store_calibration`: kept in the database.
/// **Throws** as load_scoring_profile; configuration where a calibration is wanted and cannot be made.
ScoringSetup open_scoring(RunContext& context, db::Connection& connection, ScoringOptions const& options,
                          bool store_calibration);

/// The time to score by. **Throws** usage.
SystemTime scoring_time(ScoringOptions const& options, Clock const& clock);

/// Records the scoring profile in jvmm.scoring_profile.
void record_scoring(db::Connection& connection, scoring::ScoringProfile const& profile);

}  // namespace jvmm::commands
