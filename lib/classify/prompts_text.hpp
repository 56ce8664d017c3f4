#pragma once

#include <string_view>

namespace jvmm::classify {

/// The text of prompts/NAME.txt at build time; empty if there is none of that name.
std::string_view prompt_text(std::string_view name);

}  // namespace jvmm::classify
