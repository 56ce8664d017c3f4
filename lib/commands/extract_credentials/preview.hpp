#pragma once

#include <string>

#include "commands/extract_credentials/stage.hpp"
#include "commands/run_context.hpp"
#include "inference/summarise.hpp"
#include "stage/engine_types.hpp"

namespace jvmm::commands {

/// Extracts of the first candidates and shows before and after; writes nothing. `summarizer`: null, or for long texts.
std::string preview_extraction(ExtractStage& stage, std::uint64_t count, OutputFormat format,
                               inference::Summarizer* summarizer, stage::EngineOptions const& options,
                               stage::EngineContext const& context);

}  // namespace jvmm::commands
