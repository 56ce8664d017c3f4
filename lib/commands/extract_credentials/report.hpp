#pragma once

#include <string>
#include <vector>

#include "commands/extract_credentials/plan.hpp"
#include "commands/extract_credentials/stage.hpp"
#include "stage/engine_types.hpp"
#include "store/usage.hpp"

namespace jvmm::commands {

/// The result of a run, for people and for programs (docs/schemas/extract-credentials.json).
std::string extract_report_text(stage::Summary const& summary, ExtractStage const& stage, Extractor const& extractor);
std::string extract_report_json(std::string_view command, stage::Summary const& summary, ExtractStage const& stage,
                                Extractor const& extractor, std::vector<store::Usage> const& usage);

/// What a run would do.
std::string extract_plan_text(ExtractPlan const& plan, Extractor const& extractor);
std::string extract_plan_json(std::string_view command, ExtractPlan const& plan, ExtractStage const& stage,
                              Extractor const& extractor);

}  // namespace jvmm::commands
