#pragma once

#include <string>

#include "commands/backfill_embeddings/stage.hpp"
#include "commands/run_context.hpp"
#include "stage/engine_types.hpp"

namespace jvmm::commands {

/// Computes the first `count` candidates and shows what each row holds now and would hold. Writes nothing.
std::string preview_embeddings(EmbedStage& stage, std::uint64_t count, OutputFormat format,
                               stage::EngineOptions const& options, stage::EngineContext const& context);

}  // namespace jvmm::commands
