#pragma once

#include <memory>

#include "commands/extract_credentials/extractor.hpp"
#include "commands/run_context.hpp"
#include "commands/services.hpp"

namespace jvmm::commands {

/// The extractor that the settings describe: gazetteers, cascade_credentials, ner, chat, prompt_credentials.
/// `ask_nobody`: for a plan. **Throws** configuration, missing_input, bad_input for unsound settings.
std::unique_ptr<Extractor> open_extractor(RunContext& context, Services& services, bool ask_nobody);

}  // namespace jvmm::commands
