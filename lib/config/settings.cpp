#include "config/settings.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cctype>
#include <charconv>

#include "base/error.hpp"

namespace jvmm::config {
namespace {

using FileValues = std::map<std::string, Settings::Value, std::less<>>;

SettingSpec const* find_spec(std::string_view key) {
  auto const table = setting_table();
  auto const it = std::find_if(table.begin(), table.end(), [&](SettingSpec const& spec) { return spec.key == key; });
  return it == table.end() ? nullptr : &*it;
}

std::string environment_name(std::string_view key) {
  std::string name = "JVMM_";
  for (char const c : key)
    name += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

std::string option_name(std::string_view key) {
  std::string name = "--" + std::string(key);
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

bool is_choice(std::string_view choices, std::string_view text) {
  for (std::size_t begin = 0; begin <= choices.size();) {
    auto const end = std::min(choices.find('|', begin), choices.size());
    if (choices.substr(begin, end - begin) == text) return true;
    begin = end + 1;
  }
  return false;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t number = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// **Throws** where the text is not a value of this setting; the message never repeats a secret.
void check(SettingSpec const& spec, Settings::Value const& value) {
  auto const fail = [&](std::string const& expected) {
    bool const from_option = value.origin.starts_with("option");
    auto const shown = spec.secret ? std::string("(secret)") : "'" + value.text + "'";
    throw Error(from_option ? Kind::usage : Kind::configuration,
                fmt::format("{}: {} is {}, expected {}", value.origin, spec.key, shown, expected))
        .hint("'jvmm config show' lists every setting with its origin");
  };
  if (spec.type == Type::choice && !is_choice(spec.choices, value.text)) fail(fmt::format("one of {}", spec.choices));
  if (spec.type == Type::integer) {
    auto const number = parse_integer(value.text);
    if (!number || *number < spec.min || *number > spec.max)
      fail(fmt::format("a whole number from {} to {}", spec.min, spec.max));
  }
}

std::string list_of(toml::array const& array, std::string const& where) {
  std::string text;
  for (auto const& element : array) {
    auto const item = element.value_exact<std::string>();
    if (!item || item->find(',') != std::string::npos)
      throw Error(Kind::configuration, where + ": expected strings without commas in the array");
    text += (text.empty() ? "" : ", ") + *item;
  }
  return text;
}

std::string text_of(toml::node const& node, SettingSpec const& spec, std::string const& where) {
  if (auto const* array = node.as_array(); array && spec.type == Type::list) return list_of(*array, where);
  if (auto const text = node.value_exact<std::string>()) return *text;
  if (auto const number = node.value_exact<std::int64_t>()) return std::to_string(*number);
  throw Error(Kind::configuration, where + (spec.type == Type::list ? ": expected an array of strings"
                                                                    : ": expected a string or a whole number"));
}

FileValues read_file(std::filesystem::path const& path) {
  FileValues values;
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return values;
  toml::table table;
  try {
    table = toml::parse_file(path.string());
  } catch (toml::parse_error const& parse_error) {
    auto const at = parse_error.source().begin;
    throw Error(Kind::configuration,
                fmt::format("{}:{}:{}: {}", path.string(), at.line, at.column, std::string(parse_error.description())))
        .hint("the file must be TOML, one 'key = value' a line");
  }
  for (auto const& [key, node] : table) {
    auto const where = fmt::format("{}:{}: {}", path.string(), node.source().begin.line, key.str());
    auto const* spec = find_spec(key.str());
    if (!spec)
      throw Error(Kind::configuration, where + ": unknown setting").hint("'jvmm config show' lists all settings");
    values[std::string(key.str())] = {text_of(node, *spec, where), "file " + path.string()};
  }
  return values;
}

std::optional<Settings::Value> from_environment(SettingSpec const& spec, Sources const& sources) {
  if (!sources.environment) return std::nullopt;
  std::vector<std::string> names{environment_name(spec.key)};
  names.insert(names.end(), spec.other_env.begin(), spec.other_env.end());
  for (auto const& name : names)
    if (auto const text = sources.environment(name); text && !text->empty())
      return Settings::Value{*text, "environment " + name};
  return std::nullopt;
}

}  // namespace

std::vector<std::filesystem::path> usual_files(
    std::function<std::optional<std::string>(std::string const&)> const& environment) {
  std::vector<std::filesystem::path> files{"./jvmm.toml"};
  if (auto const xdg = environment("XDG_CONFIG_HOME"); xdg && !xdg->empty())
    files.push_back(std::filesystem::path(*xdg) / "jvmm" / "config.toml");
  else if (auto const home = environment("HOME"); home && !home->empty())
    files.push_back(std::filesystem::path(*home) / ".config" / "jvmm" / "config.toml");
  return files;
}

Settings Settings::resolve(Sources const& sources) {
  std::vector<FileValues> files;
  for (auto const& path : sources.files)
    files.push_back(read_file(path));

  Settings settings;
  for (auto const& spec : setting_table()) {
    Value value{std::string(spec.fallback), "default", true};
    for (auto it = files.rbegin(); it != files.rend(); ++it)
      if (auto const found = it->find(spec.key); found != it->end()) value = found->second;
    if (auto from_env = from_environment(spec, sources)) value = *std::move(from_env);
    if (auto const option = sources.options.find(std::string(spec.key)); option != sources.options.end())
      value = {option->second, "option " + option_name(spec.key)};
    if (!value.is_default) check(spec, value);
    settings.m_values.emplace(spec.key, std::move(value));
  }
  return settings;
}

Settings::Value const& Settings::value(std::string_view key) const {
  auto const it = m_values.find(key);
  if (it == m_values.end()) throw Error(Kind::internal, fmt::format("no setting is called '{}'", key));
  return it->second;
}

std::int64_t Settings::integer(std::string_view key) const {
  auto const number = parse_integer(text(key));
  if (!number) throw Error(Kind::internal, fmt::format("setting '{}' is not a number", key));
  return *number;
}

}  // namespace jvmm::config
