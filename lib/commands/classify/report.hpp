#pragma once

#include <string>

#include "commands/classify/plan.hpp"
#include "commands/classify/stage.hpp"
#include "stage/engine_types.hpp"
#include "store/usage.hpp"

namespace jvmm::commands {

/// The result of a run, for people and for programs (docs/schemas/classify.json).
std::string classify_report_text(stage::Summary const& summary, ClassifyStage const& stage, Cascade const& cascade);
std::string classify_report_json(std::string_view command, stage::Summary const& summary, ClassifyStage const& stage,
                                 Cascade const& cascade, std::vector<store::Usage> const& usage);

/// What a run would do.
std::string classify_plan_text(ClassifyPlan const& plan, ClassifyStage const& stage, Cascade const& cascade);
std::string classify_plan_json(std::string_view command, ClassifyPlan const& plan, ClassifyStage const& stage,
                               Cascade const& cascade);

}  // namespace jvmm::commands
