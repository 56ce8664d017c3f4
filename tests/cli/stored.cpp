#include "cli/stored.hpp"

#include <algorithm>
#include <sstream>
#include <utility>

namespace jvmm::test {
namespace {

json::Value* find(json::Object& object, std::string_view name) {
  auto const it = std::find_if(object.begin(), object.end(), [&](auto const& member) { return member.name == name; });
  return it == object.end() ? nullptr : &it->value;
}

template <class Predicate>
void erase_if(json::Object& object, Predicate const& predicate) {
  object.erase(std::remove_if(object.begin(), object.end(), [&](auto const& member) { return predicate(member.name); }),
               object.end());
}

bool is_ours(std::string_view name) {
  return name.starts_with("embedding_") || name.starts_with("embeddings_");
}

/// Takes the value of `from` back to `to`, where it was before it had to make room.
void put_back(json::Object& object, std::string_view from, std::string_view to) {
  auto* kept = find(object, from);
  if (!kept) return;
  auto value = std::move(*kept);
  erase_if(object, [&](auto const& name) { return name == from || name == to; });
  object.push_back({std::string(to), std::move(value)});
}

json::Value metadata_without_ours(json::Value metadata) {
  auto* object = metadata.get_if<json::Object>();
  if (!object) return metadata;
  if (auto const* unreadable = metadata.find("unreadable")) return *unreadable;
  put_back(*object, "unreadable_field_meta", "field_meta");
  if (auto* value = find(*object, "field_meta"))
    if (auto* entries = value->get_if<json::Object>()) {
      erase_if(*entries, is_ours);
      if (entries->empty()) erase_if(*object, [](auto const& name) { return name == "field_meta"; });
    }
  std::sort(object->begin(), object->end(), [](auto const& a, auto const& b) { return a.name < b.name; });
  return object->empty() ? json::Value() : metadata;
}

}  // namespace

std::map<std::string, json::Value> stored_profiles(CliDb const& db) {
  std::map<std::string, json::Value> profiles;
  auto const rows = db.sql_json("select json_agg(to_jsonb(p)) from profiles p");
  for (auto const& row : json::Ref(rows, "profiles").items())
    profiles.emplace(row["id"].string(), row.value());
  return profiles;
}

std::string text_of(json::Value const& profile, std::string_view column) {
  auto const* value = profile.find(column);
  auto const* text = value ? value->get_if<std::string>() : nullptr;
  return text ? *text : "";
}

std::optional<std::vector<float>> vector_of(json::Value const& profile, std::string_view field) {
  auto text = text_of(profile, "embedding_" + std::string(field));
  if (text.empty()) return std::nullopt;
  std::replace_if(text.begin(), text.end(), [](char c) { return c == '[' || c == ',' || c == ']'; }, ' ');
  std::istringstream numbers(text);
  std::vector<float> vector;
  for (float number = 0; numbers >> number;)
    vector.push_back(number);
  return vector;
}

json::Value const* field_meta(json::Value const& profile, std::string_view column) {
  auto const* metadata = profile.find("enrichment_metadata");
  auto const* entries = metadata ? metadata->find("field_meta") : nullptr;
  return entries ? entries->find(column) : nullptr;
}

json::Value without_ours(json::Value profile) {
  auto* columns = profile.get_if<json::Object>();
  if (auto* metadata = find(*columns, "enrichment_metadata")) *metadata = metadata_without_ours(std::move(*metadata));
  erase_if(*columns, is_ours);
  return profile;
}

}  // namespace jvmm::test
