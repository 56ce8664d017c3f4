#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "commands/cluster_personas/assign_stage.hpp"
#include "commands/cluster_personas/audience_stage.hpp"
#include "commands/cluster_personas/discover.hpp"
#include "commands/cluster_personas/polish.hpp"
#include "stage/engine_types.hpp"
#include "store/personas.hpp"
#include "store/usage.hpp"

namespace jvmm::commands {

/// What one call of cluster-personas did; a part is absent where it did not come to it.
struct ClusterOutcome {
  std::string model, fingerprint;  ///< of the embedding
  std::optional<stage::Summary> audience;
  AudienceCounts audience_counts;
  std::optional<RunId> discovery_run;
  std::optional<Discovery> discovery;
  bool unchanged = false;  ///< nothing to discover: the rows and options are those of the personas in use
  Polished polished;
  std::optional<store::PersonaState> state;
  std::optional<stage::Summary> assignment;
  AssignCounts counts;
  DriftCounts drift;
  std::string hint;  ///< the next step, if there is one
  std::vector<store::ListedPersona> personas;
  std::vector<store::Usage> usage;

  int exit_code() const;
};

std::string cluster_text(ClusterOutcome const& outcome);
std::string cluster_json(ClusterOutcome const& outcome, std::string_view command);

/// Lines "persona  name  profiles".
std::string persona_table(std::vector<store::ListedPersona> const& personas);

/// What a run would do.
struct ClusterPlan {
  bool discovers = true;
  std::uint64_t to_embed = 0, silent = 0;  ///< profiles: with something to make a vector of, and without
  std::uint64_t text_bytes = 0;
  std::optional<store::PersonaState> state;  ///< of the personas in use
  std::optional<std::uint64_t> to_assign;    ///< profiles, by them
};
std::string cluster_plan_text(ClusterPlan const& plan, std::string_view model);
std::string cluster_plan_json(ClusterPlan const& plan, std::string_view command);

/// One profile that would be written.
struct ClusterChange {
  ProfileId profile;
  std::optional<std::string> before;
  store::PersonaAssignment after;
  std::string name;  ///< of the persona
  std::string note;
};
std::string cluster_preview_text(std::vector<ClusterChange> const& changes, std::optional<Discovery> const& found);
std::string cluster_preview_json(std::vector<ClusterChange> const& changes, std::optional<Discovery> const& found,
                                 std::string_view command);

}  // namespace jvmm::commands
