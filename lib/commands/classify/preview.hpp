#pragma once

#include <string>

#include "commands/classify/stage.hpp"
#include "commands/run_context.hpp"
#include "stage/engine_types.hpp"

namespace jvmm::commands {

/// Classifies the first `count` candidates and shows what each row holds now and would hold. Writes nothing.
std::string preview_classification(ClassifyStage& stage, std::uint64_t count, std::string_view command,
                                   OutputFormat format, stage::EngineOptions const& options,
                                   stage::EngineContext const& context);

}  // namespace jvmm::commands
