#include "text/markup.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "base/utf8.hpp"
#include "text/utf8proc_map.hpp"

namespace jvmm::text {
namespace {

struct NamedCharacter {
  std::string_view name;
  char32_t value;
};

constexpr NamedCharacter k_names[] = {
#include "text/html_names.inc"
};

constexpr std::array<std::string_view, 5> k_without_semicolon{"amp", "gt", "lt", "nbsp", "quot"};

// What the bytes 0x80-0x9F mean in windows-1252, as browsers read such numbers; 0 where they stay.
constexpr std::array<char32_t, 32> k_windows_1252{0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                                  0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                                  0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                                  0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

struct Reference {
  char32_t value;
  std::size_t length;  ///< bytes, from the ampersand on
};

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

char32_t sound(std::uint32_t number) {
  if (number >= 0x80 && number < 0xA0) {
    auto const meant = k_windows_1252[number - 0x80];
    return meant ? meant : static_cast<char32_t>(number);
  }
  if (number == 0 || number > 0x10FFFF || (number >= 0xD800 && number < 0xE000)) return utf8::k_replacement;
  return static_cast<char32_t>(number);
}

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// `text` begins with "&#".
std::optional<Reference> numeric(std::string_view text) {
  std::size_t at = 2;
  bool const hex = at < text.size() && (text[at] == 'x' || text[at] == 'X');
  if (hex) ++at;
  auto const first = at;
  std::uint32_t number = 0;
  for (; at < text.size(); ++at) {
    int const digit = hex || is_digit(text[at]) ? hex_value(text[at]) : -1;
    if (digit < 0) break;
    if (number <= 0x10FFFF) number = number * (hex ? 16 : 10) + static_cast<std::uint32_t>(digit);
  }
  if (at == first) return std::nullopt;
  if (at < text.size() && text[at] == ';') ++at;
  return Reference{sound(number), at};
}

std::optional<Reference> named(std::string_view text) {
  constexpr std::size_t k_longest = 8;
  std::size_t end = 1;
  while (end < text.size() && end <= k_longest && (is_letter(text[end]) || is_digit(text[end])))
    ++end;
  auto const name = text.substr(1, end - 1);
  bool const closed = end < text.size() && text[end] == ';';
  if (!closed) {
    for (auto const bare : k_without_semicolon)
      if (name.starts_with(bare)) {
        auto const found = std::ranges::lower_bound(k_names, bare, {}, &NamedCharacter::name);
        return Reference{found->value, 1 + bare.size()};
      }
    return std::nullopt;
  }
  auto const found = std::ranges::lower_bound(k_names, name, {}, &NamedCharacter::name);
  if (found == std::end(k_names) || found->name != name) return std::nullopt;
  return Reference{found->value, end + 1};
}

char lower_ascii(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Whether a tag, given from after its "<", parts lines.
bool parts_lines(std::string_view tag) {
  bool const closing = !tag.empty() && tag.front() == '/';
  if (closing) tag.remove_prefix(1);
  std::string name;
  for (char const c : tag.substr(0, 4)) {
    if (!is_letter(c) && !is_digit(c)) break;
    name += lower_ascii(c);
  }
  if (name == "br" || name == "p" || name == "li" || name == "div" || name == "ul" || name == "ol" || name == "tr")
    return true;
  return name.size() == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6';
}

bool is_ascii(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return (c & 0x80) != 0; });
}

}  // namespace

std::string unescape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    auto const plain = std::min(text.find('&'), text.size());
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    auto const found = text.starts_with("&#") ? numeric(text) : named(text);
    found ? utf8::append(out, found->value) : out.push_back('&');
    text.remove_prefix(found ? found->length : 1);
  }
  return out;
}

std::string strip_tags(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    auto const plain = std::min(text.find('<'), text.size());
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    bool const opens = text.size() > 1 && (is_letter(text[1]) || text[1] == '/' || text[1] == '!' || text[1] == '?');
    auto const end = opens ? text.find('>') : 0;
    if (end == std::string_view::npos) {
      out += text;
      break;
    }
    if (end == 0) {  // no tag
      out.push_back('<');
      text.remove_prefix(1);
      continue;
    }
    out.push_back(parts_lines(text.substr(1, end - 1)) ? '\n' : ' ');
    text.remove_prefix(end + 1);
  }
  return out;
}

std::string nfkc(std::string_view text) {
  if (is_ascii(text)) return std::string(text);
  constexpr auto k_options = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT);
  return utf8proc_mapped(text, k_options);
}

}  // namespace jvmm::text
