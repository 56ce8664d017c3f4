#include "db/errors.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace jvmm::db {
namespace {

struct Rule {
  std::string_view prefix;  // of the SQLSTATE
  Kind kind;
  std::string_view hint;
};

constexpr std::string_view k_migrate = "run 'jvmm doctor' to see what is missing, 'jvmm migrate' to add it";
constexpr std::string_view k_later = "try again later";

// The first matching rule decides, so the particular comes before the general.
constexpr std::array k_rules{
    Rule{"08", Kind::unavailable, "check that the server runs and that the URL names it"},
    Rule{"0A", Kind::configuration, "the server or pooler does not support this; run 'jvmm doctor'"},
    Rule{"21", Kind::bad_input, ""},
    Rule{"22", Kind::bad_input, ""},
    Rule{"23", Kind::bad_input, ""},
    Rule{"25006", Kind::refused, "the server is a replica or the role is read-only; use the primary's URL"},
    Rule{"25P03", Kind::unavailable, k_later},
    Rule{"28", Kind::refused, "check user and password in the database URL, and the server's pg_hba.conf"},
    Rule{"3D000", Kind::configuration, "check the database's name in the URL, or create it"},
    Rule{"3F000", Kind::configuration, k_migrate},
    Rule{"40", Kind::conflict, ""},
    Rule{"42501", Kind::refused, "grant the role what it needs, or use another; 'jvmm doctor' lists what is missing"},
    Rule{"42P01", Kind::configuration, k_migrate},
    Rule{"42703", Kind::configuration, k_migrate},
    Rule{"42704", Kind::configuration, k_migrate},
    Rule{"42883", Kind::configuration, k_migrate},
    Rule{"44", Kind::refused, ""},
    Rule{"53100", Kind::unavailable, "free space on the database server's disk, then run the same command again"},
    Rule{"53300", Kind::unavailable, "too many connections; use the pooler's URL or try again later"},
    Rule{"53", Kind::unavailable, k_later},
    Rule{"54", Kind::bad_input, ""},
    Rule{"55P03", Kind::conflict, "another session holds the lock; try again later or raise the lock timeout"},
    Rule{"57014", Kind::unavailable, "raise the statement timeout or make the batch smaller"},
    Rule{"57P04", Kind::configuration, "the database was dropped"},
    Rule{"57", Kind::unavailable, k_later},
    Rule{"58", Kind::unavailable, k_later},
    Rule{"P0", Kind::bad_input, ""},
};

Rule rule_for(Failure const& failure) {
  constexpr std::string_view k_read_only_transaction = "25006";
  if (failure.read_only_expected && failure.sqlstate == k_read_only_transaction)
    return {k_read_only_transaction, Kind::internal, "a read-only step tried to write; please report this"};
  for (auto const& rule : k_rules) {
    if (!failure.sqlstate.empty() && failure.sqlstate.starts_with(rule.prefix)) return rule;
  }
  if (failure.connection_lost || failure.sqlstate.empty()) return {"", Kind::unavailable, k_rules.front().hint};
  return {"", Kind::internal, ""};
}

// libpq ends its messages with a newline and begins the server's with "ERROR:  ".
std::string tidy(std::string_view message) {
  for (std::string_view severity : {"ERROR:", "FATAL:", "PANIC:"}) {
    if (message.starts_with(severity)) message.remove_prefix(severity.size());
  }
  while (message.starts_with(' '))
    message.remove_prefix(1);
  std::string out;
  for (char c : message) {
    bool const blank = c == '\n' || c == '\t' || c == '\r' || c == ' ';
    if (!blank)
      out += c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  while (out.ends_with(' '))
    out.pop_back();
  return out;
}

}  // namespace

SqlError::SqlError(Kind kind, std::string message, std::string sqlstate)
    : Error(kind, std::move(message)), m_sqlstate(std::move(sqlstate)) {}

CommitInDoubt::CommitInDoubt(std::string message) : m_message(std::move(message)) {}

SqlError to_error(Failure const& failure) {
  auto const rule = rule_for(failure);
  auto message = tidy(failure.message);
  if (failure.connection_lost) message = fmt::format("the connection to {} was lost: {}", failure.target, message);
  if (!failure.sqlstate.empty()) message += fmt::format(" (SQLSTATE {})", failure.sqlstate);
  SqlError error(rule.kind, std::move(message), failure.sqlstate);
  if (!rule.hint.empty()) error.hint(std::string(rule.hint));
  return error;
}

}  // namespace jvmm::db
