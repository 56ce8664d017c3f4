#pragma once

#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace jvmm::db {

/// What may be said aloud about where a connection leads: all of the URL but the password.
struct Target {
  std::string host;  ///< name, address or socket folder; empty means libpq's default
  std::string port;
  std::string database;
  std::string user;
  Secret password;

  /// "profiles on db.example.org:5432 as jvmm".
  std::string text() const;

  /// The message with every occurrence of the password blanked. Server and libpq never print it on purpose; this is
  /// for the day one of them quotes a connection string.
  std::string without_password(std::string_view message) const;
};

/// Reads a connection URL or "key=value" string, libpq's defaults and PG* environment included, without connecting.
/// **Throws** Error(configuration) when it cannot be read; the message never quotes it.
Target parse_target(Secret const& url);

}  // namespace jvmm::db
