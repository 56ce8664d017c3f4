#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "commands/run_context.hpp"
#include "commands/services.hpp"
#include "personas/audience.hpp"
#include "personas/model.hpp"

namespace jvmm::commands {

/// What came of asking for names.
struct Polished {
  std::size_t asked = 0, taken = 0;
  std::vector<std::string> kept;  ///< why a persona kept its own name, a sentence each
};

/// Asks the chat route for a name of each persona of `keys`, and takes it where every content word of it stands in the
/// persona's phrases or in what the profiles that stand for it say of whom they serve. A persona keeps its own name
/// where the answer is not grounded, where nobody could be asked, or where another has that name.
/// **Throws** configuration without a chat route; what ends a run (refused, budget_spent).
Polished polish_names(RunContext& context, Services& services, personas::Model& model,
                      std::span<std::string const> keys, std::span<personas::AudienceText const> rows);

/// Words of a name that stand nowhere in the evidence. Words that carry no content do not count. Thread-safe.
std::vector<std::string> ungrounded_words(std::string_view name, std::string_view evidence);

/// Reads a reply, {"name": "…"}. **Throws** bad_answer: no such JSON; a name that is blank, of several lines, or longer
/// than 80 characters.
std::string read_name_reply(std::string_view reply);

}  // namespace jvmm::commands
