#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace jvmm::checks {

/// The parts of an absolute or scheme-less web address that matter here.
struct WebAddress {
  std::string scheme;  ///< lower case; empty: none
  std::string host;    ///< lower case, without port
  std::string path;    ///< with query and fragment
  bool has_user = false;
};

/// Reads "[http[s]://][user@]host[:port][/…]": no blanks, a host with at least two labels whose last has letters.
/// Letters of other scripts are letters. Absent: no such address.
std::optional<WebAddress> read_web_address(std::string_view text);

/// Whether a host name can be one: labels of 1 to 63 letters, digits and inner hyphens, at least two, the last of two
/// letters or more (or punycode); at most 253 bytes.
bool is_host(std::string_view host);

/// Whether a host is, or is below, `name`.
bool is_below(std::string_view host, std::string_view name);

/// Whether a name can never be a real host: test, example, invalid, localhost; example.com, .net and .org (RFC 2606).
bool is_reserved(std::string_view host);

}  // namespace jvmm::checks
