#include "inference/cache/redis_url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>

#include "base/error.hpp"

namespace jvmm::inference {
namespace {

constexpr int k_max_database = 1'000'000;

Error malformed(std::string_view what) {
  return Error(Kind::configuration, fmt::format("redis_url {}", what))
      .hint("it has the form redis://[:password@]host[:port][/database] or unix:///path");
}

int number(std::string_view text, int least, int most, std::string_view what) {
  int out = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size() || out < least || out > most)
    throw malformed(fmt::format("has a {} that is none", what));
  return out;
}

std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned code = 0;
    auto const* const digits = text.data() + i + 1;
    if (text[i] == '%' && i + 2 < text.size() && std::from_chars(digits, digits + 2, code, 16).ptr == digits + 2) {
      out += static_cast<char>(code);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

/// A URL behind its scheme: "user:password@host:port", "/path", "?query".
struct Parts {
  std::string_view login, host, path, query;

  explicit Parts(std::string_view rest) {
    auto const end = std::min(rest.find_first_of("/?#"), rest.size());
    host = rest.substr(0, end);
    path = rest.substr(end);
    path = path.substr(0, path.find('#'));
    if (auto const mark = path.find('?'); mark != std::string_view::npos) {
      query = path.substr(mark + 1);
      path = path.substr(0, mark);
    }
    if (auto const mark = host.rfind('@'); mark != std::string_view::npos) {
      login = host.substr(0, mark);
      host = host.substr(mark + 1);
    }
  }
};

void read_login(std::string_view login, RedisAddress& address) {
  auto const mark = login.find(':');
  if (mark != std::string_view::npos) address.user = decoded(login.substr(0, mark));
  address.password = Secret(decoded(mark == std::string_view::npos ? login : login.substr(mark + 1)));
}

void read_host(Parts const& parts, RedisAddress& address) {
  auto host = parts.host;
  auto const port = host.rfind(':');
  if (port != std::string_view::npos && host.find(']', port) == std::string_view::npos) {
    if (port + 1 < host.size()) address.port = number(host.substr(port + 1), 1, 65535, "port");
    host = host.substr(0, port);
  }
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  address.host = host.empty() ? "localhost" : std::string(host);
  if (parts.path.size() > 1) address.database = number(parts.path.substr(1), 0, k_max_database, "database");
}

void read_socket(Parts const& parts, RedisAddress& address) {
  address.socket = decoded(parts.path);
  if (!parts.host.empty() || !address.socket.starts_with('/'))
    throw malformed("names a socket that is no absolute path");
  if (parts.query.starts_with("db=")) address.database = number(parts.query.substr(3), 0, k_max_database, "database");
}

}  // namespace

std::string RedisAddress::text() const {
  return host.empty() ? socket : fmt::format("{}:{}", host, port);
}

RedisAddress parse_redis_url(Secret const& url) {
  RedisAddress address;
  std::string_view rest = url.reveal();
  if (rest.find_first_of(std::string_view("\0\r\n", 3)) != std::string_view::npos)
    throw malformed("has control characters");
  if (rest.starts_with("rediss://")) throw malformed("asks for TLS, which this Redis client does not have");
  if (rest.starts_with('/')) {
    address.socket = rest;
    return address;
  }
  auto const is_unix = rest.starts_with("unix://");
  if (!is_unix && !rest.starts_with("redis://")) throw malformed("begins with neither redis:// nor unix://");
  Parts const parts(rest.substr(rest.find("//") + 2));
  if (!parts.login.empty()) read_login(parts.login, address);
  if (is_unix)
    read_socket(parts, address);
  else
    read_host(parts, address);
  return address;
}

}  // namespace jvmm::inference
