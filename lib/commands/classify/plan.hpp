#pragma once

#include <cstdint>

#include "commands/classify/stage.hpp"
#include "commands/service_stages.hpp"
#include "stage/engine_types.hpp"

namespace jvmm::commands {

/// What a run would do, counted in read-only transactions.
struct ClassifyPlan {
  std::uint64_t profiles = 0;  ///< candidates
  std::uint64_t empty = 0;     ///< of them without any text
  std::uint64_t text_bytes = 0;
  std::vector<ServiceStage> services;  ///< what the stages of the cascade that leave this process would cost
};

/// Counts; `services` is left to the caller.
ClassifyPlan plan_classification(ClassifyStage& stage, stage::EngineOptions const& options,
                                 stage::EngineContext const& context);

}  // namespace jvmm::commands
