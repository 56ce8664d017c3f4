#include "credentials/lenient_json.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>
#include <utility>

#include "base/utf8.hpp"

namespace jvmm::credentials {
namespace {

constexpr int k_deepest = 32;

class LenientReader {
 public:
  LenientReader(std::string_view text, std::size_t at) : m_text(text), m_at(at) {}

  std::size_t at() const { return m_at; }
  bool truncated() const { return m_truncated; }
  bool failed() const { return m_failed; }

  // None at the end of the text, or where nothing can be read.
  std::optional<json::Value> value(int depth) {
    skip_blanks();
    if (at_end()) return end_of_text();
    if (depth > k_deepest) return fail();
    switch (m_text[m_at]) {
      case '{':
        return object(depth);
      case '[':
        return array(depth);
      case '"':
      case '\'': {
        auto text = string();
        if (!text) return std::nullopt;
        return json::Value(std::move(*text));
      }
      default:
        return word();
    }
  }

 private:
  bool at_end() const { return m_at >= m_text.size(); }

  std::nullopt_t end_of_text() {
    m_truncated = true;
    return std::nullopt;
  }

  std::nullopt_t fail() {
    m_failed = true;
    return std::nullopt;
  }

  void skip_blanks() {
    while (!at_end()) {
      auto const rest = m_text.substr(m_at);
      if (rest.front() == ' ' || rest.front() == '\n' || rest.front() == '\t' || rest.front() == '\r')
        ++m_at;
      else if (rest.starts_with("//"))
        m_at = std::min(m_text.find('\n', m_at), m_text.size());
      else if (auto const close = rest.starts_with("/*") ? m_text.find("*/", m_at + 2) : 0; rest.starts_with("/*"))
        m_at = close == std::string_view::npos ? m_text.size() : close + 2;
      else
        return;
    }
  }

  void skip_commas() {
    skip_blanks();
    while (!at_end() && m_text[m_at] == ',') {
      ++m_at;
      skip_blanks();
    }
  }

  std::optional<json::Value> object(int depth) {
    json::Object members;
    ++m_at;
    for (;;) {
      skip_commas();
      if (at_end()) {
        m_truncated = true;
        break;
      }
      if (m_text[m_at] == '}') {
        ++m_at;
        break;
      }
      auto key = this->key();
      skip_blanks();
      if (!key || at_end()) {
        m_truncated = m_truncated || at_end();
        if (at_end()) break;
        return fail();
      }
      if (m_text[m_at] != ':') return fail();
      ++m_at;
      auto content = value(depth + 1);
      if (m_failed) return std::nullopt;
      if (!content) break;
      members.push_back({std::move(*key), std::move(*content)});
      if (m_truncated) break;
    }
    return json::Value(std::move(members));
  }

  std::optional<json::Value> array(int depth) {
    json::Array items;
    ++m_at;
    for (;;) {
      skip_commas();
      if (at_end()) {
        m_truncated = true;
        break;
      }
      if (m_text[m_at] == ']') {
        ++m_at;
        break;
      }
      auto content = value(depth + 1);
      if (m_failed) return std::nullopt;
      if (!content) break;
      items.push_back(std::move(*content));
      if (m_truncated) break;
    }
    return json::Value(std::move(items));
  }

  std::optional<std::string> key() {
    if (m_text[m_at] == '"' || m_text[m_at] == '\'') return string();
    auto const text = bare_word();
    if (text.empty()) return std::nullopt;
    return std::string(text);
  }

  std::string_view bare_word() {
    auto const start = m_at;
    while (!at_end() && std::string_view(",:{}[]\"\n").find(m_text[m_at]) == std::string_view::npos)
      ++m_at;
    auto word = m_text.substr(start, m_at - start);
    while (!word.empty() && (word.back() == ' ' || word.back() == '\r' || word.back() == '\t'))
      word.remove_suffix(1);
    return word;
  }

  std::optional<json::Value> word() {
    auto const text = bare_word();
    if (text.empty()) return fail();
    if (at_end()) return end_of_text();  // may be the first half of a longer word
    if (text == "true" || text == "True") return json::Value(true);
    if (text == "false" || text == "False") return json::Value(false);
    if (text == "null" || text == "None" || text == "NaN" || text == "undefined") return json::Value(nullptr);
    std::int64_t integer = 0;
    auto const* const end = text.data() + text.size();
    if (auto const [stop, error] = std::from_chars(text.data(), end, integer); error == std::errc{} && stop == end)
      return json::Value(integer);
    double number = 0;
    if (auto const [stop, error] = std::from_chars(text.data(), end, number);
        error == std::errc{} && stop == end && std::isfinite(number))
      return json::Value(number);
    return json::Value(utf8::repaired(text));
  }

  // A single quote closes a string only before what may follow one: "'the day's end'".
  bool closes(char quote) const {
    if (m_text[m_at] != quote) return false;
    if (quote == '"') return true;
    auto next = m_at + 1;
    while (next < m_text.size() && (m_text[next] == ' ' || m_text[next] == '\n'))
      ++next;
    return next >= m_text.size() || std::string_view(",:}]").find(m_text[next]) != std::string_view::npos;
  }

  std::optional<std::string> string() {
    auto const quote = m_text[m_at++];
    std::string out;
    while (!at_end()) {
      if (closes(quote)) {
        ++m_at;
        return utf8::repaired(out);
      }
      auto const c = m_text[m_at++];
      if (c == '\\')
        escape(out);
      else
        out.push_back(c == '\n' || c == '\r' || c == '\t' ? ' ' : c);
    }
    m_truncated = true;
    return std::nullopt;
  }

  void escape(std::string& out) {
    if (at_end()) return;
    auto const c = m_text[m_at++];
    switch (c) {
      case 'n':
      case 'r':
      case 't':
      case 'b':
      case 'f':
        out.push_back(' ');
        return;
      case 'u':
        utf8::append(out, escaped_scalar());
        return;
      default:
        out.push_back(c);
        return;
    }
  }

  std::optional<std::uint32_t> hex4() {
    std::uint32_t number = 0;
    if (m_at + 4 > m_text.size()) return std::nullopt;
    auto const* const first = m_text.data() + m_at;
    auto const [stop, error] = std::from_chars(first, first + 4, number, 16);
    if (error != std::errc{} || stop != first + 4) return std::nullopt;
    m_at += 4;
    return number;
  }

  char32_t escaped_scalar() {
    auto const high = hex4();
    if (!high) return utf8::k_replacement;
    if (*high < 0xD800 || *high > 0xDFFF) return *high;
    if (*high > 0xDBFF || m_text.substr(m_at, 2) != "\\u") return utf8::k_replacement;
    m_at += 2;
    auto const low = hex4();
    if (!low || *low < 0xDC00 || *low > 0xDFFF) return utf8::k_replacement;
    return 0x10000 + ((*high - 0xD800) << 10U) + (*low - 0xDC00);
  }

  std::string_view m_text;
  std::size_t m_at;
  bool m_truncated = false;
  bool m_failed = false;
};

}  // namespace

std::optional<LenientJson> read_lenient_json(std::string_view text, std::size_t at) {
  LenientReader reader(text, at);
  auto value = reader.value(0);
  if (!value || reader.failed()) return std::nullopt;
  return LenientJson{std::move(*value), reader.at(), reader.truncated()};
}

}  // namespace jvmm::credentials
