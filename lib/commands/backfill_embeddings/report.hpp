#pragma once

#include <string>

#include "commands/backfill_embeddings/stage.hpp"
#include "inference/embedder.hpp"
#include "stage/engine_types.hpp"
#include "store/usage.hpp"

namespace jvmm::commands {

/// The result of a run, for people and for programs (docs/schemas/backfill-embeddings.json).
std::string embed_report_text(stage::Summary const& summary, EmbedCounts const& counts);
std::string embed_report_json(std::string_view command, stage::Summary const& summary, EmbedCounts const& counts,
                              inference::EmbedderInfo const& model, std::vector<store::Usage> const& usage);

}  // namespace jvmm::commands
