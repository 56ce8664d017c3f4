#include "json/value.hpp"

#include <limits>

namespace jvmm::json {

std::string_view name(Type type) {
  switch (type) {
    case Type::null:
      return "null";
    case Type::boolean:
      return "boolean";
    case Type::integer:
    case Type::unsigned_integer:
    case Type::number:
      return "number";
    case Type::string:
      return "string";
    case Type::array:
      return "array";
    case Type::object:
      return "object";
  }
  return "unknown";
}

Value::Value(std::uint64_t value) {
  if (value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
    m_content = static_cast<std::int64_t>(value);
  else
    m_content = value;
}

Value const* Value::find(std::string_view member) const {
  auto const* members = get_if<Object>();
  if (!members) return nullptr;
  for (auto it = members->rbegin(); it != members->rend(); ++it)
    if (it->name == member) return &it->value;
  return nullptr;
}

bool operator==(Value const& a, Value const& b) {
  return a.m_content == b.m_content;
}

}  // namespace jvmm::json
