#include "json/locate.hpp"

#include "base/utf8.hpp"

namespace jvmm::json {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// A recursive descent that keeps nothing but its place. Each function returns false at the first flaw.
class Scanner {
 public:
  Scanner(std::string_view text, std::size_t max_depth) : m_text(text), m_max_depth(max_depth) {}

  Flaw flaw() {
    if (document()) return {0, {}};
    return {m_at, m_problem};
  }

 private:
  bool fail(std::string_view problem) {
    m_problem = problem;
    return false;
  }
  bool at_end() const { return m_at >= m_text.size(); }
  char peek() const { return at_end() ? '\0' : m_text[m_at]; }

  bool take(char c) {
    if (at_end() || m_text[m_at] != c) return false;
    ++m_at;
    return true;
  }

  void spaces() {
    while (!at_end() && std::string_view(" \t\r\n").find(m_text[m_at]) != std::string_view::npos)
      ++m_at;
  }

  bool document() {
    spaces();
    if (!value(0)) return false;
    spaces();
    return at_end() || fail("unexpected text after the value");
  }

  bool value(std::size_t depth) {
    if (depth > m_max_depth) return fail("nested too deeply");
    if (at_end()) return fail("the text ends too early");
    switch (peek()) {
      case '{':
        return members(depth);
      case '[':
        return elements(depth);
      case '"':
        return string();
      case 't':
        return word("true");
      case 'f':
        return word("false");
      case 'n':
        return word("null");
      default:
        return number();
    }
  }

  bool members(std::size_t depth) {
    ++m_at;
    spaces();
    if (take('}')) return true;
    while (true) {
      if (peek() != '"') return fail("expected a member name in quotes");
      if (!string()) return false;
      spaces();
      if (!take(':')) return fail("expected ':'");
      spaces();
      if (!value(depth + 1)) return false;
      spaces();
      if (take('}')) return true;
      if (!take(',')) return fail("expected ',' or '}'");
      spaces();
    }
  }

  bool elements(std::size_t depth) {
    ++m_at;
    spaces();
    if (take(']')) return true;
    while (true) {
      if (!value(depth + 1)) return false;
      spaces();
      if (take(']')) return true;
      if (!take(',')) return fail("expected ',' or ']'");
      spaces();
    }
  }

  bool word(std::string_view expected) {
    if (m_text.substr(m_at, expected.size()) != expected) return fail("unknown word");
    m_at += expected.size();
    return true;
  }

  bool digits() {
    if (!is_digit(peek())) return fail("malformed number");
    while (is_digit(peek()))
      ++m_at;
    return true;
  }

  bool number() {
    if (!take('-') && !is_digit(peek())) return fail("expected a value");
    if (take('0')) {
      if (is_digit(peek())) return fail("a number must not begin with 0");
    } else if (!digits()) {
      return false;
    }
    if (take('.') && !digits()) return false;
    if (!take('e') && !take('E')) return true;
    if (!take('+')) take('-');
    return digits();
  }

  bool string() {
    ++m_at;
    while (!at_end()) {
      auto const step = utf8::decode(m_text, m_at);
      if (!step.valid) return fail("not UTF-8");
      if (step.value == U'"') {
        ++m_at;
        return true;
      }
      if (step.value < 0x20) return fail("control character in a string");
      if (step.value == U'\\') {
        if (!escape()) return false;
      } else {
        m_at += step.length;
      }
    }
    return fail("a string is not closed");
  }

  bool escape() {
    char const kind = m_at + 1 < m_text.size() ? m_text[m_at + 1] : '\0';
    if (kind == 'u') return unicode_escape();
    if (std::string_view("\"\\/bfnrt").find(kind) == std::string_view::npos) return fail("unknown escape");
    m_at += 2;
    return true;
  }

  /// The value of `\uXXXX` at `at`, or -1.
  int hex4(std::size_t at) const {
    if (m_text.substr(at, 2) != "\\u" || at + 6 > m_text.size()) return -1;
    int out = 0;
    for (char c : m_text.substr(at + 2, 4)) {
      if (!is_hex(c)) return -1;
      out = out * 16 + (is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    return out;
  }

  bool unicode_escape() {
    int const first = hex4(m_at);
    if (first < 0) return fail("malformed \\u escape");
    if (first >= 0xDC00 && first <= 0xDFFF) return fail("lone surrogate");
    if (first >= 0xD800 && first <= 0xDBFF) {
      int const second = hex4(m_at + 6);
      if (second < 0xDC00 || second > 0xDFFF) return fail("lone surrogate");
      m_at += 6;
    }
    m_at += 6;
    return true;
  }

  std::string_view m_text;
  std::size_t m_max_depth;
  std::size_t m_at = 0;
  std::string_view m_problem;
};

}  // namespace

Flaw locate_flaw(std::string_view text, std::size_t max_depth) {
  return Scanner(text, max_depth).flaw();
}

}  // namespace jvmm::json
