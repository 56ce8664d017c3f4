#pragma once

#include <string>

#include "commands/estimate/estimate.hpp"

namespace jvmm::commands {

std::string estimate_text(Estimate const& estimate);

/// docs/schemas/estimate.json. Money in dollars.
std::string estimate_json(Estimate const& estimate);

}  // namespace jvmm::commands
