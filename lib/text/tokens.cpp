#include "text/tokens.hpp"

#include <utf8proc.h>

#include <algorithm>

#include "base/utf8.hpp"
#include "text/canonical.hpp"
#include "text/casing.hpp"

namespace jvmm::text {

bool is_word(char32_t c) {
  if (c < 0x80) return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(c))) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
      return true;
    default:
      return false;
  }
}

std::vector<std::string_view> split_at(std::string_view text, bool (*separates)(char32_t)) {
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < text.size();) {
    auto const step = utf8::decode(text, at);
    if (separates(step.value)) {
      if (begin < at) parts.push_back(text.substr(begin, at - begin));
      begin = at + step.length;
    }
    at += step.length;
  }
  if (begin < text.size()) parts.push_back(text.substr(begin));
  return parts;
}

std::vector<std::string_view> split_whitespace(std::string_view text) {
  return split_at(text, is_space);
}

std::vector<std::string> overlap_tokens(std::string_view text, std::size_t min_length, StopWords const& stop_words) {
  auto const lowered = lower(text);
  std::vector<std::string> tokens;
  for (auto const token : split_at(lowered, [](char32_t c) { return !is_word(c); }))
    if (code_point_count(token) >= min_length && !stop_words.contains(token)) tokens.emplace_back(token);
  std::sort(tokens.begin(), tokens.end());
  tokens.erase(std::unique(tokens.begin(), tokens.end()), tokens.end());
  return tokens;
}

}  // namespace jvmm::text
