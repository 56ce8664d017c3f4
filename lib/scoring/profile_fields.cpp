#include "scoring/profile_fields.hpp"

#include "base/error.hpp"
#include "json/parse.hpp"
#include "text/canonical.hpp"

namespace jvmm::scoring {
bool is_profile_field(std::string_view field) {
  if (field == "tags" || field == "content_platforms") return true;
  for (auto const& [name, member] : profile_texts())
    if (name == field) return true;
  return false;
}

std::optional<std::string> const* text_field(Profile const& profile, std::string_view field) {
  for (auto const& [name, member] : profile_texts())
    if (name == field) return &(profile.*member);
  return nullptr;
}

bool truthy(json::Value const& value) {
  using json::Type;
  switch (value.type()) {
    case Type::null:
      return false;
    case Type::boolean:
      return *value.get_if<bool>();
    case Type::integer:
      return *value.get_if<std::int64_t>() != 0;
    case Type::unsigned_integer:
      return true;
    case Type::number:
      return *value.get_if<double>() != 0;
    case Type::string:
      return !value.get_if<std::string>()->empty();
    case Type::array:
      return !value.get_if<json::Array>()->empty();
    case Type::object:
      return !value.get_if<json::Object>()->empty();
  }
  return false;
}

bool truthy(Profile const& profile, std::string_view field) {
  if (field == "tags") return profile.tags.value_or(0) > 0;
  if (field == "content_platforms") return truthy(profile.content_platforms);
  auto const* const text = text_field(profile, field);
  return text && *text && !(*text)->empty();
}

bool non_blank(std::optional<std::string> const& text) {
  return text && !text::strip(*text).empty();
}

bool populated(Profile const& profile, std::string_view field) {
  if (field == "tags") return profile.tags.value_or(0) > 0;
  auto const* const text = text_field(profile, field);
  return text && non_blank(*text);
}

std::size_t stripped_length(std::optional<std::string> const& text) {
  return text ? text::code_point_count(text::strip(*text)) : 0;
}

json::Value decoded(json::Value const& value, bool decode) {
  auto const* const text = value.get_if<std::string>();
  if (!decode || !text) return value;
  try {
    return json::parse(*text);
  } catch (Error const&) {
    return value;
  }
}

}  // namespace jvmm::scoring
