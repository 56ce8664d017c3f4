#include "inference/cache/redis_url.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>
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

/// The part before `mark`, taken off together with it; absent if there is no mark.
std::optional<std::string_view> take_until(std::string_view& text, std::size_t mark) {
  if (mark == std::string_view::npos) return std::nullopt;
  auto const out = text.substr(0, mark);
  text.remove_prefix(mark + 1);
  return out;
}

void take_login(std::string_view& rest, RedisAddress& address) {
  auto login = take_until(rest, rest.rfind('@'));
  if (!login) return;
  auto const user = take_until(*login, login->find(':'));
  address.user = decoded(user.value_or(""));
  address.password = Secret(decoded(*login));
}

void read_host(std::string_view rest, RedisAddress& address) {
  auto const host_end = rest.find_first_of("/?#");
  auto host = rest.substr(0, host_end);
  auto const path = host_end == std::string_view::npos ? "" : rest.substr(host_end);
  auto const port = host.rfind(':');
  if (port != std::string_view::npos && host.find(']', port) == std::string_view::npos) {
    if (port + 1 < host.size()) address.port = number(host.substr(port + 1), 1, 65535, "port");
    host = host.substr(0, port);
  }
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  address.host = host.empty() ? "localhost" : std::string(host);
  if (!path.starts_with('/')) return;
  auto const database = path.substr(1, path.find_first_of("?#") - 1);
  if (!database.empty()) address.database = number(database, 0, k_max_database, "database");
}

void read_socket(std::string_view rest, RedisAddress& address) {
  auto const query = rest.find('?');
  address.socket = decoded(rest.substr(0, query));
  if (!address.socket.starts_with('/')) throw malformed("names a socket that is no absolute path");
  if (query == std::string_view::npos) return;
  auto const parameters = rest.substr(query + 1);
  if (parameters.starts_with("db=")) address.database = number(parameters.substr(3), 0, k_max_database, "database");
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
  rest.remove_prefix(rest.find("//") + 2);
  take_login(rest, address);
  if (is_unix)
    read_socket(rest, address);
  else
    read_host(rest, address);
  return address;
}

}  // namespace jvmm::inference
