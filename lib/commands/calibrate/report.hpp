#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "commands/calibrate/fit.hpp"

namespace jvmm::commands {

/// `run` is absent for a dry run.
std::string calibrations_as_json(std::vector<Fitted> const& fitted, std::optional<RunId> run);
std::string calibrations_as_text(std::vector<Fitted> const& fitted);

}  // namespace jvmm::commands
