#pragma once

#include "commands/cluster_personas/options.hpp"
#include "commands/run_context.hpp"
#include "inference/embedder.hpp"
#include "stage/engine_types.hpp"
#include "store/audience.hpp"

namespace jvmm::commands {

/// What looking needs, which writes nothing.
struct LookParts {
  RunContext& context;
  ClusterOptions const& options;
  db::Connection& connection;
  inference::Embedder& embedder;
  store::IdealCustomers const& ideals;
  stage::EngineOptions const& engine;
  stage::EngineContext const& engine_context;
};

/// Counts what a run would do; asks no model. Returns the exit code.
int plan_clusters(LookParts const& parts);

/// Does all of it in memory and shows what the first rows would hold. Returns the exit code.
int preview_clusters(LookParts const& parts);

}  // namespace jvmm::commands
