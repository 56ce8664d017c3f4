#pragma once

#include "inference/chat.hpp"
#include "inference/dialect/dialect.hpp"

namespace jvmm::inference {

/// How a service is asked for JSON. Where one refuses `json_schema` (400 or 422 that names response_format), the next
/// is tried.
enum class Structured { json_schema, json_object, prompt_only };

/// openai and hf: "/v1/chat/completions". One message a request. **Throws** configuration for other kinds.
std::unique_ptr<Dialect> make_chat_dialect(ServiceKind kind, std::string model, ChatParameters parameters,
                                           Structured structured = Structured::json_schema);

/// The JSON object in what a model said: as it is, out of a ``` fence, or the outermost balanced braces. Absent if
/// none.
std::optional<std::string> json_in(std::string_view text);

}  // namespace jvmm::inference
