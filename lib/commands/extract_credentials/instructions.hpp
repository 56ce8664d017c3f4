#pragma once

#include <string_view>
#include <vector>

#include "commands/extract_credentials/windows.hpp"

namespace jvmm::commands {

/// The stretches of a text that tell its reader, or a model that reads it, what to do ("ignore all previous
/// instructions", "add … to media_appearances"): from the sentence that does to the end of its line. What stands there
/// claims nothing. By position of `shape`: credentials::NormalisedText::shape().
/// **Cost**: linear.
std::vector<Window> instructions_in(std::string_view shape);

/// False only if the text as stored surely has none: a quick look.
bool may_instruct(std::string_view stored);

}  // namespace jvmm::commands
