#pragma once

#include "commands/backfill_embeddings/stage.hpp"
#include "stage/engine_types.hpp"

namespace jvmm::commands {

/// What a run would do, counted in read-only transactions.
struct EmbedPlan {
  std::uint64_t profiles = 0;  ///< candidates
  std::uint64_t empty = 0;     ///< of them without any text: remembered, not embedded
  std::uint64_t cleared = 0;   ///< of them nothing to embed, but a vector whose text went away
  PerField<std::uint64_t> texts{};
  std::uint64_t text_bytes = 0;  ///< UTF-8 bytes of all texts

  std::string json() const;
  std::string text(std::string_view model) const;
};

EmbedPlan plan_embeddings(EmbedStage& stage, stage::EngineOptions const& options, stage::EngineContext const& context);

}  // namespace jvmm::commands
