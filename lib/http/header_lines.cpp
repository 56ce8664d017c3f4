#include "http/header_lines.hpp"

#include <algorithm>

namespace jvmm::http {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view k_blank = " \t\r\n";
  auto const first = text.find_first_not_of(k_blank);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(k_blank) - first + 1);
}

}  // namespace

bool starts_answer(std::string_view line) {
  return line.starts_with("HTTP/");
}

bool ends_headers(std::string_view line) {
  return trimmed(line).empty();
}

std::optional<Header> parse_header(std::string_view line) {
  auto const colon = line.find(':');
  if (colon == line.npos || starts_answer(line)) return std::nullopt;
  Header out{std::string(trimmed(line.substr(0, colon))), std::string(trimmed(line.substr(colon + 1)))};
  for (auto& c : out.name)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::optional<std::string_view> find_header(std::vector<Header> const& headers, std::string_view name) {
  auto const found =
      std::find_if(headers.begin(), headers.end(), [&](auto const& header) { return header.name == name; });
  if (found == headers.end()) return std::nullopt;
  return found->value;
}

std::string_view unquoted(std::string_view etag) {
  if (etag.starts_with("W/")) etag.remove_prefix(2);
  if (etag.size() >= 2 && etag.front() == '"' && etag.back() == '"') return etag.substr(1, etag.size() - 2);
  return etag;
}

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < '\x7f'; });
}

}  // namespace jvmm::http
