#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace jvmm::json {

class Value;
struct Member;
using Array = std::vector<Value>;
using Object = std::vector<Member>;  ///< members in the order of the text

enum class Type { null, boolean, integer, unsigned_integer, number, string, array, object };

/// The type's name as error messages say it, such as "string" (the three numeric types are all "number").
std::string_view name(Type type);

/// An owned JSON value. Integers stay integers: int64 where they fit, else uint64 where that fits; anything with a
/// fraction or an exponent is a double. Two values are equal if type, content and order of members are.
class Value {
 public:
  Value();
  Value(std::nullptr_t);
  Value(bool value);
  Value(int value);
  Value(std::int64_t value);
  Value(std::uint64_t value);
  Value(double value);
  Value(std::string value);
  Value(std::string_view value);
  Value(char const* value);
  Value(Array value);
  Value(Object value);

  Type type() const { return static_cast<Type>(m_content.index()); }
  bool is_null() const { return type() == Type::null; }

  /// The content if it is of that type, else nullptr.
  template <class T>
  T const* get_if() const {
    return std::get_if<T>(&m_content);
  }
  template <class T>
  T* get_if() {
    return std::get_if<T>(&m_content);
  }

  /// The last member of that name (as PostgreSQL's jsonb keeps it), or nullptr; also nullptr if this is no object.
  Value const* find(std::string_view member) const;

  friend bool operator==(Value const&, Value const&);

 private:
  std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string, Array, Object> m_content;
};

struct Member {
  std::string name;
  Value value;
  friend bool operator==(Member const&, Member const&) = default;
};

// Here, where Member is complete.
inline Value::Value() = default;
inline Value::Value(std::nullptr_t) {}
inline Value::Value(bool value) : m_content(value) {}
inline Value::Value(int value) : m_content(std::int64_t{value}) {}
inline Value::Value(std::int64_t value) : m_content(value) {}
inline Value::Value(double value) : m_content(value) {}
inline Value::Value(std::string value) : m_content(std::move(value)) {}
inline Value::Value(std::string_view value) : m_content(std::string(value)) {}
inline Value::Value(char const* value) : m_content(std::string(value)) {}
inline Value::Value(Array value) : m_content(std::move(value)) {}
inline Value::Value(Object value) : m_content(std::move(value)) {}

}  // namespace jvmm::json
