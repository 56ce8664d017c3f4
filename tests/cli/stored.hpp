#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/cli_db.hpp"

namespace jvmm::test {

/// All profiles, by id, each as an object of its columns.
std::map<std::string, json::Value> stored_profiles(CliDb const& db);

/// A text column, "" for null.
std::string text_of(json::Value const& profile, std::string_view column);

/// The stored vector of a field.
std::optional<std::vector<float>> vector_of(json::Value const& profile, std::string_view field);

/// The entry of a column in field_meta; nullptr where there is none.
json::Value const* field_meta(json::Value const& profile, std::string_view column);

/// The profile without what the embedding stage owns: its columns and its entries. Metadata that was nothing but theirs
/// counts as none, and what was kept under another key because it was unreadable is back in its place.
json::Value without_ours(json::Value profile);

}  // namespace jvmm::test
