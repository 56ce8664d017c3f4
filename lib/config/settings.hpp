#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "config/setting_table.hpp"

namespace jvmm::config {

/// Where settings may come from. The program fills it from its arguments, its environment and the two usual files.
struct Sources {
  std::map<std::string, std::string> options;  ///< flags that were given, by key
  std::function<std::optional<std::string>(std::string const&)> environment;
  std::vector<std::filesystem::path> files;  ///< most important first; a file that does not exist is passed over
};

/// ./jvmm.toml, then $XDG_CONFIG_HOME/jvmm/config.toml (or ~/.config/…).
std::vector<std::filesystem::path> usual_files(
    std::function<std::optional<std::string>(std::string const&)> const& environment);

/// The settings of one run: option over environment over file over default, each value with its origin.
class Settings {
 public:
  struct Value {
    std::string text;
    std::string origin;  ///< "option --batch-size", "environment JVMM_MODEL", "file ./jvmm.toml" or "default"
    bool is_default = false;
  };

  /// **Throws** configuration (a file that is not TOML, an unknown key, a value out of range: names file or variable,
  /// key and expectation), usage (the same in an option).
  static Settings resolve(Sources const& sources);

  /// REQUIRES: `key` is in setting_table().
  Value const& value(std::string_view key) const;
  std::string const& text(std::string_view key) const { return value(key).text; }
  std::int64_t integer(std::string_view key) const;
  Secret secret(std::string_view key) const { return Secret(value(key).text); }

 private:
  std::map<std::string, Value, std::less<>> m_values;
};

}  // namespace jvmm::config
