#include "json/writer.hpp"

#include <fmt/format.h>

#include <cmath>

#include "base/utf8.hpp"

namespace jvmm::json {
namespace {

template <class Float>
std::string float_text(Float number) {
  if (!std::isfinite(number)) return "null";
  auto text = fmt::format("{}", number);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

bool is_plain(char c) {
  return static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x80 && c != '"' && c != '\\';
}

void append_escaped(std::string& out, char32_t c) {
  switch (c) {
    case U'"':
      out += "\\\"";
      return;
    case U'\\':
      out += "\\\\";
      return;
    case U'\n':
      out += "\\n";
      return;
    case U'\r':
      out += "\\r";
      return;
    case U'\t':
      out += "\\t";
      return;
    default:
      if (c < 0x20)
        fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
      else
        utf8::append(out, c);
  }
}

void write(Writer& out, Array const& array) {
  out.begin_array();
  for (auto const& element : array)
    out.value(element);
  out.end_array();
}

void write(Writer& out, Object const& object) {
  out.begin_object();
  for (auto const& [name, value] : object)
    out.member(name, value);
  out.end_object();
}

}  // namespace

void Writer::new_line() {
  if (m_layout == Layout::compact) return;
  m_out += '\n';
  m_out.append(2 * m_filled.size(), ' ');
}

void Writer::before_value() {
  if (m_after_key) {
    m_after_key = false;
    return;
  }
  if (m_filled.empty()) return;
  if (m_filled.back()) m_out += ',';
  m_filled.back() = true;
  new_line();
}

Writer& Writer::open(char bracket) {
  before_value();
  m_out += bracket;
  m_filled.push_back(false);
  return *this;
}

Writer& Writer::close(char bracket) {
  bool const filled = m_filled.back();
  m_filled.pop_back();
  if (filled) new_line();
  m_out += bracket;
  return *this;
}

Writer& Writer::key(std::string_view name) {
  before_value();
  quote(name);
  m_out += m_layout == Layout::compact ? ":" : ": ";
  m_after_key = true;
  return *this;
}

Writer& Writer::word(std::string_view json) {
  before_value();
  m_out += json;
  return *this;
}

Writer& Writer::null() {
  return word("null");
}

Writer& Writer::integer(std::int64_t number) {
  return word(fmt::format_int(number).c_str());
}

Writer& Writer::unsigned_integer(std::uint64_t number) {
  return word(fmt::format_int(number).c_str());
}

Writer& Writer::value(double number) {
  return word(float_text(number));
}

Writer& Writer::value(float number) {
  return word(float_text(number));
}

Writer& Writer::value(std::string_view text) {
  before_value();
  quote(text);
  return *this;
}

Writer& Writer::value(Value const& tree) {
  if (auto const* flag = tree.get_if<bool>()) return value(*flag);
  if (auto const* number = tree.get_if<std::int64_t>()) return value(*number);
  if (auto const* number = tree.get_if<std::uint64_t>()) return value(*number);
  if (auto const* number = tree.get_if<double>()) return value(*number);
  if (auto const* text = tree.get_if<std::string>()) return value(*text);
  if (auto const* array = tree.get_if<Array>()) {
    write(*this, *array);
    return *this;
  }
  if (auto const* object = tree.get_if<Object>()) {
    write(*this, *object);
    return *this;
  }
  return null();
}

void Writer::quote(std::string_view text) {
  m_out += '"';
  for (std::size_t at = 0; at < text.size();) {
    auto const begin = at;
    while (at < text.size() && is_plain(text[at]))
      ++at;
    m_out.append(text, begin, at - begin);
    if (at == text.size()) break;
    auto const step = utf8::decode(text, at);
    append_escaped(m_out, step.value);
    at += step.length;
  }
  m_out += '"';
}

std::string to_text(Value const& value, Layout layout) {
  Writer out(layout);
  out.value(value);
  return std::move(out).take();
}

}  // namespace jvmm::json
