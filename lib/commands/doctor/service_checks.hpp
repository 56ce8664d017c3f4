#pragma once

#include <vector>

#include "commands/doctor/checks.hpp"

namespace jvmm::commands {

/// Asks every service that a route names: whether it answers, with which model, revision, dimensions and limits. Of an
/// embedding model three short texts are embedded (and paid for, once: the answers are kept), to see that it is one and
/// that a paraphrase is nearer than something else. Of hf the hub is asked whether the model is served.
std::vector<Check> examine_services(RunContext& context);

}  // namespace jvmm::commands
