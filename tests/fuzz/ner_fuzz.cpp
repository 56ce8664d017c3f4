#include "inference/dialect/ner.hpp"

#include "base/utf8.hpp"
#include "fuzz/fuzz.hpp"

namespace jvmm::fuzz {
namespace {

bool is_boundary(std::string_view text, std::size_t offset) {
  std::size_t at = 0;
  while (at < offset)
    at += utf8::decode(text, at).length;
  return at == offset;
}

}  // namespace

int ner(std::uint8_t const* data, std::size_t size) {
  auto const input = split(data, size);
  auto const dialect = inference::make_ner_dialect(inference::ServiceKind::hf, "org/name");
  require_sound_request(*dialect, input.body);
  read_answers(*dialect, input, [&](std::size_t i, std::string const& bytes) {
    auto const text = input.texts[i];
    auto const entities = inference::unpack_entities(bytes, text.size());
    require(inference::pack_entities(entities) == bytes, "packed entities unpack to the same");
    for (auto const& entity : entities) {
      require(entity.begin < entity.end && entity.end <= text.size(), "entities are within the text");
      require(is_boundary(text, entity.begin) && is_boundary(text, entity.end), "entities cut no code point");
      require(entity.score >= 0 && entity.score <= 1, "scores are within 0..1");
      require(!entity.type.empty(), "entities have a type");
    }
  });
  (void)or_bad_answer([&] { return inference::unpack_entities(input.body, 100); });
  return 0;
}

}  // namespace jvmm::fuzz
