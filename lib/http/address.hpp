#pragma once

#include <optional>
#include <string>

#include "base/error.hpp"
#include "base/secret.hpp"

namespace jvmm::http {

/// Where a URL leads, as libcurl itself reads it.
struct Address {
  std::string scheme;        ///< in lower case
  std::string host;          ///< an IPv6 address in brackets
  bool credentials = false;  ///< a user name or a password is in the URL

  bool https() const { return scheme == "https"; }

  /// 127.0.0.0/8, ::1 or localhost.
  bool this_machine() const;
};

/// Absent for what is no URL with a scheme that libcurl knows.
std::optional<Address> parse_address(std::string const& url);

/// Why nothing may be sent there, if so: not http or https, a user name or password in the URL (usage), or a token that
/// would go out in clear text to another machine or is no token (configuration). Never shows a token or a password.
std::optional<Error> unsound(std::string const& url, Secret const& token);

}  // namespace jvmm::http
