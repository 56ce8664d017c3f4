#pragma once

#include <string>

#include "config/settings.hpp"

namespace jvmm::commands {

/// The settings as a file that jvmm reads: those that were set stand as they are, the defaults as comments, with what
/// each means. Secrets and what concerns one call only (form of output, log) are left out. `prompt_key` is set to
/// `prompt_text`, where there is such a setting; else the text stands as a comment.
std::string settings_file(config::Settings const& settings, std::string const& prompt_key,
                          std::string const& prompt_text);

}  // namespace jvmm::commands
