#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace jvmm::config {

enum class Type { text, integer, choice, list };

/// One setting. A list is an array of strings in jvmm.toml; elsewhere, and in its value, commas separate. The key is at
/// once the word in jvmm.toml, in JVMM_<KEY> and (with hyphens) the flag where there is one.
struct SettingSpec {
  std::string_view key;
  Type type = Type::text;
  std::string_view fallback = {};                    ///< the default, as text
  std::string_view meaning = {};                     ///< one line, with the unit
  std::string_view choices = {};                     ///< for Type::choice, separated by '|'
  std::int64_t min = 0, max = 0;                     ///< for Type::integer, inclusive
  std::span<std::string_view const> other_env = {};  ///< variables looked at after JVMM_<KEY>, in this order
  bool secret = false;                               ///< never shown, and no flag may set it
};

/// All settings, in the order in which `config show` prints them.
std::span<SettingSpec const> setting_table();

}  // namespace jvmm::config
