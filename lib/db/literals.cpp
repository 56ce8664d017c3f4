#include "db/literals.hpp"

#include <algorithm>

namespace jvmm::db {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

// Length up to and including `end`; all of the rest when it is missing.
std::size_t through(std::string_view sql, std::string_view end, std::size_t from) {
  auto const at = sql.find(end, from);
  return at == std::string_view::npos ? sql.size() : at + end.size();
}

// 'a''b' is two adjacent literals to us, which comes to the same. E'…\'…' needs its backslashes.
std::size_t quoted_length(std::string_view sql, bool escapes) {
  std::size_t at = 1;
  while (at < sql.size() && sql[at] != sql[0])
    at += escapes && sql[at] == '\\' ? 2 : 1;
  return std::min(at + 1, sql.size());
}

// /* … */ nests in PostgreSQL.
std::size_t comment_length(std::string_view sql) {
  int depth = 0;
  for (std::size_t at = 0; at + 1 < sql.size(); ++at) {
    auto const two = sql.substr(at, 2);
    if (two == "/*") ++depth, ++at;
    if (two == "*/" && (++at, --depth == 0)) return at + 1;
  }
  return sql.size();
}

// $tag$ … $tag$, or 0 if this is none.
std::size_t dollar_quoted_length(std::string_view sql) {
  std::size_t at = 1;
  while (at < sql.size() && is_word(sql[at]))
    ++at;
  if (at >= sql.size() || sql[at] != '$') return 0;
  return through(sql, sql.substr(0, at + 1), at + 1);
}

// How much of the beginning is to be copied as it is: at least one character.
std::size_t opaque_length(std::string_view sql, char before) {
  if (sql[0] == '\'' || sql[0] == '"') return quoted_length(sql, sql[0] == '\'' && (before == 'E' || before == 'e'));
  if (sql.starts_with("--")) return through(sql, "\n", 0);
  if (sql.starts_with("/*")) return comment_length(sql);
  if (sql[0] == '$') return std::max<std::size_t>(dollar_quoted_length(sql), 1);
  return 1;
}

}  // namespace

std::string with_literals(std::string_view sql, std::function<std::string(int)> const& literal) {
  std::string out;
  char before = ' ';
  while (!sql.empty()) {
    std::size_t length = 0;
    if (sql[0] == '$' && sql.size() > 1 && is_digit(sql[1]) && !is_word(before)) {
      int number = 0;
      for (length = 1; length < sql.size() && is_digit(sql[length]) && number < 10'000; ++length)
        number = number * 10 + (sql[length] - '0');
      out += literal(number);
    } else {
      length = opaque_length(sql, before);
      out += sql.substr(0, length);
    }
    before = sql[length - 1];
    sql.remove_prefix(length);
  }
  return out;
}

}  // namespace jvmm::db
