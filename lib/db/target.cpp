#include "db/target.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <algorithm>
#include <memory>

#include "base/error.hpp"

namespace jvmm::db {
namespace {

struct FreeOptions {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};
using OptionList = std::unique_ptr<PQconninfoOption, FreeOptions>;

void adopt(Target& target, PQconninfoOption const& option) {
  if (option.val == nullptr || *option.val == '\0') return;
  std::string_view const keyword = option.keyword;
  if (keyword == "host" || (keyword == "hostaddr" && target.host.empty()))
    target.host = option.val;
  else if (keyword == "port")
    target.port = option.val;
  else if (keyword == "dbname")
    target.database = option.val;
  else if (keyword == "user")
    target.user = option.val;
  else if (keyword == "password")
    target.password = Secret(option.val);
}

void adopt_all(Target& target, PQconninfoOption const* options) {
  for (auto const* option = options; option->keyword != nullptr; ++option)
    adopt(target, *option);
}

[[noreturn]] void refuse() {
  throw Error(Kind::configuration, "the database URL cannot be read")
      .hint(
          "expected postgresql://user:password@host:port/database, with '%', '@', '/', '?' and ':' in the password "
          "percent-encoded");
}

// A password with a bare '@', '/' or ':' shifts its own tail into host, port or database, where it would be printed.
bool holds_part_of_a_password(Target const& target) {
  auto const is_port = [](char c) { return (c >= '0' && c <= '9') || c == ','; };
  return target.host.find('@') != std::string::npos || target.database.find('@') != std::string::npos ||
         !std::all_of(target.port.begin(), target.port.end(), is_port);
}

}  // namespace

std::string Target::text() const {
  auto const place = host.empty() ? std::string("the default socket") : host;
  return fmt::format("{} on {}{}{}{}{}", database.empty() ? "the default database" : database, place,
                     port.empty() ? "" : ":", port, user.empty() ? "" : " as ", user);
}

std::string Target::without_password(std::string_view message) const {
  std::string out(message);
  auto const& secret = password.reveal();
  constexpr std::size_t k_shortest = 3;  // a shorter one would blank parts of ordinary words and hide nothing
  if (secret.size() < k_shortest) return out;
  for (auto at = out.find(secret); at != std::string::npos; at = out.find(secret, at))
    out.replace(at, secret.size(), "***");
  return out;
}

Target parse_target(Secret const& url) {
  char* raw_message = nullptr;
  OptionList const given(PQconninfoParse(url.reveal().c_str(), &raw_message));
  PQfreemem(raw_message);  // may quote the text, password and all
  if (!given) refuse();
  Target target;
  if (OptionList const defaults{PQconndefaults()}) adopt_all(target, defaults.get());
  adopt_all(target, given.get());
  if (holds_part_of_a_password(target)) refuse();
  if (target.database.empty()) target.database = target.user;
  return target;
}

}  // namespace jvmm::db
