#include "commands/export_sample/settings_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/utf8.hpp"

namespace jvmm::commands {
namespace {

constexpr std::array<std::string_view, 4> k_of_one_call{"format", "log_level", "log_format", "progress"};

bool is_exported(config::SettingSpec const& spec) {
  return !spec.secret && std::find(k_of_one_call.begin(), k_of_one_call.end(), spec.key) == k_of_one_call.end();
}

/// A basic string of TOML, on several lines where the text has several.
std::string toml_string(std::string_view text) {
  bool const lines = text.find('\n') != std::string_view::npos;
  std::string out = lines ? "\"\"\"\n" : "\"";
  for (char const c : utf8::repaired(text)) {
    bool const control = static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    if (c == '"' || c == '\\')
      out += fmt::format("\\{}", c);
    else if (control && !(lines && c == '\n'))
      out += fmt::format("\\u{:04X}", static_cast<unsigned>(c));
    else
      out += c;
  }
  return out + (lines ? "\"\"\"" : "\"");
}

std::string toml_value(config::SettingSpec const& spec, std::string const& text) {
  return spec.type == config::Type::integer ? text : toml_string(text);
}

std::string as_comment(std::string const& text) {
  std::string out = "# ";
  for (char const c : text)
    out += c == '\n' ? std::string("\n# ") : std::string(1, c);
  return out;
}

}  // namespace

std::string settings_file(config::Settings const& settings, std::string const& prompt_key,
                          std::string const& prompt_text) {
  std::string out =
      "# Settings of jvmm, as 'jvmm export-sample --settings' found them. Read from ./jvmm.toml or with --config "
      "FILE.\n"
      "# Tokens and the database are not here: they come from the environment.\n";
  bool written = false;
  for (auto const& spec : config::setting_table()) {
    if (!is_exported(spec)) continue;
    bool const is_prompt = spec.key == prompt_key;
    auto const& value = settings.value(spec.key);
    out += fmt::format("\n# {}\n", spec.meaning);
    auto const line = fmt::format("{} = {}", spec.key, toml_value(spec, is_prompt ? prompt_text : value.text));
    out += (value.is_default && !is_prompt ? as_comment(line) : line) + "\n";
    written = written || is_prompt;
  }
  if (!written && !prompt_text.empty()) out += "\n# The prompt:\n" + as_comment(prompt_text) + "\n";
  return out;
}

}  // namespace jvmm::commands
