#include "commands/config_show/config_show.hpp"

#include "json/writer.hpp"
#include "log/text_table.hpp"

namespace jvmm::commands {
namespace {

std::string shown(config::SettingSpec const& spec, config::Settings::Value const& value) {
  if (!spec.secret) return value.text;
  return value.text.empty() ? "(not set)" : "(set)";
}

}  // namespace

int config_show(RunContext& context) {
  log::TextTable table({{"setting"}, {"value", log::Align::left, 50}, {"origin"}, {"meaning"}});
  json::Writer out;
  out.begin_object().member("command", "config show").key("settings").begin_array();
  for (auto const& spec : config::setting_table()) {
    auto const& value = context.settings.value(spec.key);
    table.add({std::string(spec.key), shown(spec, value), value.origin, std::string(spec.meaning)});
    out.begin_object().member("key", spec.key).member("value", shown(spec, value)).member("origin", value.origin);
    out.member("secret", spec.secret).member("meaning", spec.meaning).end_object();
  }
  out.end_array().end_object();
  context.print(context.format() == OutputFormat::json ? std::move(out).take() + "\n" : table.text());
  return 0;
}

}  // namespace jvmm::commands
