#pragma once

#include <memory>
#include <optional>

#include "commands/classify/cascade.hpp"
#include "commands/run_context.hpp"
#include "commands/services.hpp"
#include "db/transaction.hpp"

namespace jvmm::commands {

/// The stages that a task's setting names, such as "embedding, nli". The stage "head" is left out where no head was
/// promoted for this taxonomy and model. `ask_nobody`: for a plan, which asks no model; then it must not judge.
/// **Throws** configuration: a stage that is none, or comes twice, or whose route is missing; as
/// classify::load_taxonomy and Services. **Database**: reads the promoted head.
std::unique_ptr<Cascade> open_cascade(RunContext& context, Services& services, classify::Task task,
                                      db::Connection& connection, bool ask_nobody);

}  // namespace jvmm::commands
