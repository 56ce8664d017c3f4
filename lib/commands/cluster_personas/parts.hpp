#pragma once

#include <string>

#include "commands/batch_options.hpp"
#include "commands/cluster_personas/assign_stage.hpp"
#include "commands/cluster_personas/options.hpp"
#include "commands/run_context.hpp"
#include "commands/services.hpp"
#include "stage/engine.hpp"
#include "store/audience.hpp"

namespace jvmm::commands {

/// Personas with their model, as the database has them.
struct LoadedPersonas {
  store::PersonaState state;
  personas::Model model;
};
std::optional<LoadedPersonas> load_current_personas(db::Connection& connection);

/// **Throws** configuration where the personas are of another embedding model.
void require_same_embedding(std::string_view embedding, inference::EmbedderInfo const& info);

/// What the selection of rows has in common for both stages.
template <class Selection>
Selection selection_of(RunContext const& context, BatchOptions const& batch, bool only_failed) {
  Selection out;
  if (batch.force) out.scope = store::EmbeddingScope::force;
  if (only_failed) out.scope = store::EmbeddingScope::failed;
  auto const now = context.clock.now();
  if (batch.stale_days) out.stale_before = now - std::chrono::hours(24) * static_cast<int>(*batch.stale_days);
  if (batch.since) out.updated_since = parse_since(*batch.since, now);
  return out;
}

stage::EngineContext engine_context(RunContext& context, db::ConnectionOptions const& database,
                                    std::string_view command);

/// Runs a stage to its end, its usage among its commits.
template <class Stage>
stage::Summary run_stage(Stage& stage, Services& services, stage::EngineOptions const& engine,
                         stage::EngineContext& context,
                         std::function<void(db::WriteTx&, RunId)> const& in_commit = {}) {
  services.attach(context);
  if (in_commit)
    context.in_commit = [usage = context.in_commit, in_commit](db::WriteTx& tx, RunId run) {
      if (usage) usage(tx, run);
      in_commit(tx, run);
    };
  auto const summary = stage::Engine<Stage>(stage, engine, context).run();
  services.finish();
  return summary;
}

}  // namespace jvmm::commands
