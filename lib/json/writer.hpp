#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.hpp"

namespace jvmm::json {

enum class Layout { compact, indented };

/// Writes one JSON text from front to back. Always yields valid JSON: ill-formed UTF-8 becomes U+FFFD, NaN and the
/// infinities become null, doubles take the shortest form that reads back to the same bits and keep a ".0" or an
/// exponent so that they stay doubles. U+0000 is written as \u0000, which jsonb refuses: the caller's concern.
///
/// **Example**
///
///     json::Writer out;
///     out.begin_object().member("rows", 3).key("ids").begin_array().value("a").end_array().end_object();
///     std::string text = std::move(out).take();
///
/// REQUIRES: begins and ends are balanced; inside an object every value follows a key.
class Writer {
 public:
  explicit Writer(Layout layout = Layout::compact) : m_layout(layout) {}

  Writer& begin_object() { return open('{'); }
  Writer& end_object() { return close('}'); }
  Writer& begin_array() { return open('['); }
  Writer& end_array() { return close(']'); }
  Writer& key(std::string_view name);

  Writer& null();
  Writer& value(std::string_view text);
  Writer& value(char const* text) { return value(std::string_view(text)); }
  Writer& value(std::string const& text) { return value(std::string_view(text)); }
  Writer& value(std::same_as<bool> auto flag) { return word(flag ? "true" : "false"); }
  Writer& value(std::signed_integral auto number) { return integer(std::int64_t{number}); }
  template <std::unsigned_integral T>
    requires(!std::same_as<T, bool>)
  Writer& value(T number) {
    return unsigned_integer(std::uint64_t{number});
  }
  Writer& value(double number);
  Writer& value(float number);
  Writer& value(Value const& tree);

  /// A value that is JSON already. REQUIRES: valid JSON.
  Writer& raw(std::string_view json) { return word(json); }

  template <class T>
  Writer& member(std::string_view name, T const& content) {
    key(name);
    return value(content);
  }

  std::string const& text() const { return m_out; }
  std::string take() && { return std::move(m_out); }

 private:
  Writer& open(char bracket);
  Writer& close(char bracket);
  Writer& word(std::string_view json);
  Writer& integer(std::int64_t number);
  Writer& unsigned_integer(std::uint64_t number);
  void before_value();
  void new_line();
  void quote(std::string_view text);

  std::string m_out;
  Layout m_layout;
  std::vector<bool> m_filled;  ///< per open bracket: holds something already
  bool m_after_key = false;
};

/// The value as one text.
std::string to_text(Value const& value, Layout layout = Layout::compact);

}  // namespace jvmm::json
