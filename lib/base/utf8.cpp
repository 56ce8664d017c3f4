#include "base/utf8.hpp"

#include <array>
#include <cstdint>

namespace jvmm::utf8 {
namespace {

/// What a lead byte announces: how many bytes follow, and the range of the first of them (Unicode, table 3-7).
struct Lead {
  int following = -1;
  std::uint8_t low = 0x80;
  std::uint8_t high = 0xBF;
};

Lead lead(std::uint8_t byte) {
  if (byte < 0x80) return {0, 0, 0};
  if (byte < 0xC2) return {};
  if (byte < 0xE0) return {1, 0x80, 0xBF};
  if (byte == 0xE0) return {2, 0xA0, 0xBF};
  if (byte == 0xED) return {2, 0x80, 0x9F};
  if (byte < 0xF0) return {2, 0x80, 0xBF};
  if (byte == 0xF0) return {3, 0x90, 0xBF};
  if (byte < 0xF4) return {3, 0x80, 0xBF};
  if (byte == 0xF4) return {3, 0x80, 0x8F};
  return {};
}

char32_t lead_bits(std::uint8_t byte, int following) {
  static constexpr std::array<std::uint8_t, 4> k_masks{0x7F, 0x1F, 0x0F, 0x07};
  return byte & k_masks[static_cast<std::size_t>(following)];
}

}  // namespace

CodePoint decode(std::string_view text, std::size_t at) {
  auto const byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  auto const [following, low, high] = lead(byte(at));
  if (following < 0) return {k_replacement, 1, false};
  char32_t value = lead_bits(byte(at), following);
  std::size_t length = 1;
  for (int i = 0; i < following; ++i, ++length) {
    if (at + length == text.size()) return {k_replacement, length, false};
    std::uint8_t const next = byte(at + length);
    bool const fits = i == 0 ? next >= low && next <= high : (next & 0xC0) == 0x80;
    if (!fits) return {k_replacement, length, false};
    value = (value << 6) | (next & 0x3F);
  }
  return {value, length, true};
}

void append(std::string& out, char32_t value) {
  auto const put = [&](char32_t byte) { out += static_cast<char>(byte); };
  auto const tail = [&](int shift) { put(0x80 | ((value >> shift) & 0x3F)); };
  if (value < 0x80) return put(value);
  if (value < 0x800) {
    put(0xC0 | (value >> 6));
    return tail(0);
  }
  if (value < 0x10000) {
    put(0xE0 | (value >> 12));
    tail(6);
    return tail(0);
  }
  put(0xF0 | (value >> 18));
  tail(12);
  tail(6);
  tail(0);
}

std::size_t first_invalid(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    auto const step = decode(text, at);
    if (!step.valid) return at;
    at += step.length;
  }
  return std::string_view::npos;
}

std::string repaired(std::string_view text) {
  auto const bad = first_invalid(text);
  if (bad == std::string_view::npos) return std::string(text);
  std::string out(text.substr(0, bad));
  out.reserve(text.size() + 8);
  for (std::size_t at = bad; at < text.size();) {
    auto const step = decode(text, at);
    append(out, step.value);
    at += step.length;
  }
  return out;
}

}  // namespace jvmm::utf8
