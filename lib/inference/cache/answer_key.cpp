#include "inference/cache/answer_store.hpp"
#include "text/digest.hpp"

namespace jvmm::inference {
namespace {

/// Of the bytes that are stored: another form of them is another key.
constexpr std::string_view k_codec_version = "1";

void add_field(text::Hasher& hasher, std::string_view field) {
  std::array<char, 8> length{};
  for (std::size_t i = 0; i < length.size(); ++i)
    length[i] = static_cast<char>(static_cast<std::uint64_t>(field.size()) >> (8 * i) & 0xffu);
  hasher.add({length.data(), length.size()});
  hasher.add(field);
}

unsigned nibble(char digit) {
  return static_cast<unsigned>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

}  // namespace

AnswerKey answer_key(Task task, std::string_view model, std::string_view revision, std::string_view parameters,
                     std::string_view text) {
  text::Hasher hasher(text::Digest::sha256);
  for (auto const field : {k_codec_version, name(task), model, revision, parameters, text})
    add_field(hasher, field);
  auto const hex = std::move(hasher).hex();
  AnswerKey key{};
  for (std::size_t i = 0; i < key.size(); ++i)
    key[i] = static_cast<std::uint8_t>(nibble(hex[2 * i]) << 4u | nibble(hex[2 * i + 1]));
  return key;
}

}  // namespace jvmm::inference
