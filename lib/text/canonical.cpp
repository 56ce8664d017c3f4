#include "text/canonical.hpp"

#include "base/utf8.hpp"
#include "text/digest.hpp"

namespace jvmm::text {
namespace {

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

/// Where the code point that ends at byte `end` begins; at most four bytes back.
std::size_t start_of_last(std::string_view text, std::size_t end) {
  auto at = end - 1;
  while (at > 0 && end - at < 4 && is_continuation(text[at]))
    --at;
  return at;
}

}  // namespace

bool is_space(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x20) || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

std::string_view strip(std::string_view text) {
  while (!text.empty()) {
    auto const first = utf8::decode(text, 0);
    if (!is_space(first.value)) break;
    text.remove_prefix(first.length);
  }
  while (!text.empty()) {
    auto const at = start_of_last(text, text.size());
    auto const last = utf8::decode(text, at);
    if (!is_space(last.value) || at + last.length != text.size()) break;
    text.remove_suffix(last.length);
  }
  return text;
}

std::size_t code_point_count(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count)
    at += utf8::decode(text, at).length;
  return count;
}

std::string_view first_code_points(std::string_view text, std::size_t count) {
  std::size_t at = 0;
  for (; at < text.size() && count > 0; --count)
    at += utf8::decode(text, at).length;
  return text.substr(0, at);
}

std::string input_hash(std::string_view text) {
  return md5_hex(strip(text));
}

}  // namespace jvmm::text
