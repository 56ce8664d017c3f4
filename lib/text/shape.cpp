#include "text/shape.hpp"

#include <utf8proc.h>

#include <array>
#include <utility>
#include <vector>

#include "text/canonical.hpp"

namespace jvmm::text {
namespace {

utf8proc_category_t category(char32_t c) {
  return utf8proc_category(static_cast<utf8proc_int32_t>(c));
}

// Latin letters that do not decompose.
char plain_latin(char32_t c) {
  switch (c) {
    case U'ø':
      return 'o';
    case U'ð':
      return 'd';
    case U'ŋ':
      return 'n';
    case U'Ø':
      return 'O';
    case U'ł':
      return 'l';
    case U'Ł':
      return 'L';
    case U'đ':
      return 'd';
    case U'Đ':
      return 'D';
    case U'ı':
      return 'i';
    case U'æ':
      return 'a';
    case U'Æ':
      return 'A';
    case U'œ':
      return 'o';
    case U'Œ':
      return 'O';
    case U'ß':
      return 's';
    default:
      return 0;
  }
}

char base_letter(char32_t c) {
  if (auto const plain = plain_latin(c)) return plain;
  std::array<utf8proc_int32_t, 16> parts{};
  int last = 0;
  auto const n =
      utf8proc_decompose_char(static_cast<utf8proc_int32_t>(c), parts.data(), parts.size(), UTF8PROC_DECOMPOSE, &last);
  if (n > 0 && n <= 16 && parts[0] < 0x80) return static_cast<char>(parts[0]);
  return 0;
}

}  // namespace

bool continues_character(char32_t c) {
  if (c < 0x300) return false;
  if (c == 0x200D || (c >= 0xFE00 && c <= 0xFE0F)) return true;
  auto const type = category(c);
  return type == UTF8PROC_CATEGORY_MN || type == UTF8PROC_CATEGORY_MC || type == UTF8PROC_CATEGORY_ME;
}

bool is_invisible(char32_t c) {
  if (c < 0x80) return (c < 0x20 && !is_space(c)) || c == 0x7F;
  auto const type = category(c);
  return type == UTF8PROC_CATEGORY_CF || (type == UTF8PROC_CATEGORY_CC && !is_space(c));
}

std::u32string composed(std::u32string_view character) {
  std::vector<utf8proc_int32_t> buffer;
  constexpr auto k_decompose = static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_STABLE);
  int last = 0;
  for (auto const c : character) {
    std::array<utf8proc_int32_t, 32> parts{};
    auto const n =
        utf8proc_decompose_char(static_cast<utf8proc_int32_t>(c), parts.data(), parts.size(), k_decompose, &last);
    if (n < 0 || n > static_cast<utf8proc_ssize_t>(parts.size()))
      buffer.push_back(static_cast<utf8proc_int32_t>(c));
    else
      buffer.insert(buffer.end(), parts.begin(), parts.begin() + n);
  }
  // A stable sort of the marks by class, as utf8proc_decompose does it.
  for (std::size_t i = 1; i < buffer.size(); ++i)
    for (auto j = i; j > 0; --j) {
      auto const a = utf8proc_get_property(buffer[j - 1])->combining_class;
      auto const b = utf8proc_get_property(buffer[j])->combining_class;
      if (b == 0 || a <= b) break;
      std::swap(buffer[j - 1], buffer[j]);
    }
  constexpr auto k_compose = static_cast<utf8proc_option_t>(UTF8PROC_COMPOSE | UTF8PROC_STABLE);
  auto const n = utf8proc_normalize_utf32(buffer.data(), static_cast<utf8proc_ssize_t>(buffer.size()), k_compose);
  return {buffer.begin(), buffer.begin() + (n < 0 ? 0 : n)};
}

char ascii_shape(char32_t c) {
  if (c < 0x80) return c >= 0x20 && c < 0x7F ? static_cast<char>(c) : c == U'\n' ? '\n' : is_space(c) ? ' ' : '~';
  if (is_space(c)) return ' ';
  switch (category(c)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LO: {
      auto const letter = base_letter(c);
      return letter != 0 ? letter : 'X';
    }
    case UTF8PROC_CATEGORY_LL: {
      auto const letter = base_letter(c);
      return letter != 0 ? letter : 'x';
    }
    case UTF8PROC_CATEGORY_LM:
      return 'x';
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
      return '0';
    default:
      return '~';
  }
}

char32_t lower(char32_t c) {
  if (c < 0x80) return c >= U'A' && c <= U'Z' ? c + 32 : c;
  return static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(c)));
}

}  // namespace jvmm::text
