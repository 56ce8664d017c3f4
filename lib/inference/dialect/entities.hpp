#pragma once

#include <string_view>
#include <vector>

#include "inference/ner.hpp"
#include "json/value.hpp"

namespace jvmm::inference {

/// One text's entities out of a service's list, aggregated or one per token, by place. Offsets come in code points,
/// with an ill-formed sequence of `text` counting as one, or not at all; then `word` is looked for from where the last
/// entity ended.
/// **Throws** bad_answer: no list, an entity that is not within the text, no type, a score beyond 0..1.
std::vector<Entity> read_entities(std::string_view text, json::Value const& list);

}  // namespace jvmm::inference
