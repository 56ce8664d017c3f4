#pragma once

#include <string>
#include <vector>

#include "commands/rescore/impact.hpp"
#include "commands/rescore/pressure.hpp"
#include "commands/run_context.hpp"
#include "commands/scoring_setup.hpp"
#include "db/connection.hpp"
#include "stage/engine_types.hpp"
#include "store/matches.hpp"

namespace jvmm::commands {

/// What a run would do, and for a preview, some of it.
struct RescorePlan {
  std::uint64_t matches = 0;  ///< whose score is not what would be computed now
  struct Shown {
    store::StoredMatch before;
    store::MatchWrite after;
  };
  std::vector<Shown> shown;
};

struct RescoreReport {
  stage::Summary const& summary;
  ScoringSetup const& setup;
  Impact const& impact;
  ScoringSetup const* shadow = nullptr;
  Impact const* shadow_impact = nullptr;  ///< its "before" is what was written
  std::optional<PressureReport> pressure = {};
  std::string all_pairs = {};  ///< AllPairsOutcome::report, where there was such a run before
};

std::string plan_report(RescorePlan const& plan, ScoringSetup const& setup,
                        std::optional<PressureReport> const& pressure, OutputFormat format);
std::string report_text(RescoreReport const& report);
std::string report_json(RescoreReport const& report);

/// Adds the impact to the run's summary in jvmm.run, for `jvmm report`.
void store_impact(db::Connection& connection, RescoreReport const& report);

}  // namespace jvmm::commands
