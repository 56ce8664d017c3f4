#pragma once

#include <string>

#include "json/value.hpp"

namespace jvmm::inference {

/// The first of the `choices`, or nullptr if there is none with a message.
json::Value const* first_choice(json::Value const& root);

enum class CutReply { refused, kept };

/// What the model said. **Throws** bad_answer where that is nothing, or, with CutReply::refused, not all of it.
std::string content_of(json::Value const& choice, CutReply cut);

}  // namespace jvmm::inference
