#pragma once

#include "inference/dialect/dialect.hpp"
#include "inference/ner.hpp"

namespace jvmm::inference {

/// hf and toolkit, aggregation_strategy "first". Offsets come in code points and are turned into bytes; tags of tokens
/// (B-, I-) are merged; `word` is never trusted for the text. **Throws** configuration for other kinds.
std::unique_ptr<Dialect> make_ner_dialect(ServiceKind kind, std::string model);

std::string pack_entities(std::span<Entity const> entities);

/// **Throws** bad_answer if the bytes are no entities within a text of `text_bytes`.
std::vector<Entity> unpack_entities(std::string_view bytes, std::size_t text_bytes);

}  // namespace jvmm::inference
