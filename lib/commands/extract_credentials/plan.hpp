#pragma once

#include <cstdint>
#include <vector>

#include "commands/extract_credentials/stage.hpp"
#include "commands/service_stages.hpp"
#include "stage/engine_types.hpp"

namespace jvmm::commands {

/// What a run would do, counted in read-only transactions.
struct ExtractPlan {
  std::uint64_t profiles = 0;  ///< candidates
  std::uint64_t empty = 0;     ///< of them without any text
  std::uint64_t text_bytes = 0;
  std::vector<ServiceStage> services;  ///< what the stages that leave this process would cost

  std::uint64_t with_text() const { return profiles - empty; }
};

/// Counts; `services` is left to the caller.
ExtractPlan plan_extraction(ExtractStage& stage, stage::EngineOptions const& options,
                            stage::EngineContext const& context);

}  // namespace jvmm::commands
