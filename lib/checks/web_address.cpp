#include "checks/web_address.hpp"

#include <algorithm>
#include <array>

#include "base/utf8.hpp"
#include "text/canonical.hpp"
#include "text/casing.hpp"
#include "text/tokens.hpp"

namespace jvmm::checks {
namespace {

using namespace std::literals;

constexpr std::size_t k_longest_address = 2048, k_longest_host = 253, k_longest_label = 63;
constexpr std::array k_reserved{"test"sv,        "example"sv,     "invalid"sv,    "localhost"sv,
                                "example.com"sv, "example.net"sv, "example.org"sv};

/// Combining marks too: scripts such as Devanagari have names with them.
bool is_name_character(char32_t c) {
  if (c < 0x80) return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
  return c != utf8::k_replacement && !text::is_space(c) &&
         (c >= 0x300 ? c < 0x2000 || c >= 0x2C00 : text::is_word(c)) && !(c >= 0x1F000 && c < 0x20000) &&
         !(c >= 0xFE00 && c <= 0xFE0F) && !(c >= 0xE000 && c < 0xF900);
}

bool is_label(std::string_view label) {
  if (label.empty() || label.size() > k_longest_label || label.front() == '-' || label.back() == '-') return false;
  for (std::size_t at = 0; at < label.size();) {
    auto const step = utf8::decode(label, at);
    if (!step.valid || !is_name_character(step.value)) return false;
    at += step.length;
  }
  return true;
}

bool is_top_label(std::string_view label) {
  if (label.starts_with("xn--")) return label.size() > 4;
  return text::code_point_count(label) >= 2 &&
         std::ranges::none_of(label, [](char c) { return (c >= '0' && c <= '9') || c == '-'; });
}

bool has_blank_or_control(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    auto const step = utf8::decode(text, at);
    if (!step.valid || step.value < 0x21 || step.value == 0x7F || text::is_space(step.value)) return true;
    at += step.length;
  }
  return false;
}

bool is_port(std::string_view port) {
  return !port.empty() && port.size() <= 5 && std::ranges::all_of(port, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

bool is_host(std::string_view host) {
  if (host.size() > k_longest_host) return false;
  std::size_t labels = 0;
  for (;;) {
    auto const dot = host.find('.');
    auto const label = host.substr(0, dot);
    ++labels;
    if (!is_label(label)) return false;
    if (dot == std::string_view::npos) return labels >= 2 && is_top_label(label);
    host.remove_prefix(dot + 1);
  }
}

bool is_below(std::string_view host, std::string_view name) {
  return host == name ||
         (host.size() > name.size() && host.ends_with(name) && host[host.size() - name.size() - 1] == '.');
}

bool is_reserved(std::string_view host) {
  return std::ranges::any_of(k_reserved, [&](std::string_view name) { return is_below(host, name); });
}

std::optional<WebAddress> read_web_address(std::string_view text) {
  if (text.empty() || text.size() > k_longest_address || has_blank_or_control(text)) return std::nullopt;
  WebAddress address;
  if (auto const colon = text.find("://"); colon != std::string_view::npos && colon < text.find_first_of("/?#")) {
    address.scheme = text::lower(text.substr(0, colon));
    if (address.scheme != "http" && address.scheme != "https") return std::nullopt;
    text.remove_prefix(colon + 3);
  }
  auto const end = std::min(text.find_first_of("/?#"), text.size());
  auto authority = text.substr(0, end);
  address.path = text.substr(end);
  if (auto const at = authority.rfind('@'); at != std::string_view::npos) {
    address.has_user = true;
    authority.remove_prefix(at + 1);
  }
  if (auto const colon = authority.rfind(':'); colon != std::string_view::npos) {
    if (!is_port(authority.substr(colon + 1))) return std::nullopt;
    authority = authority.substr(0, colon);
  }
  if (authority.ends_with('.')) authority.remove_suffix(1);
  address.host = text::lower(authority);
  if (!is_host(address.host)) return std::nullopt;
  return address;
}

}  // namespace jvmm::checks
