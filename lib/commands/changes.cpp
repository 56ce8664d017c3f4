#include "commands/changes.hpp"

#include <fmt/format.h>

#include "json/writer.hpp"
#include "log/text_table.hpp"

namespace jvmm::commands {

std::string changes_text(std::vector<Change> const& changes) {
  log::TextTable table({{"profile"},
                        {"name", log::Align::left, 24},
                        {"before", log::Align::left, 40},
                        {"after", log::Align::left, 90},
                        {"by"},
                        {"note", log::Align::left, 60}});
  for (auto const& change : changes)
    table.add({change.profile.text(), change.name, change.before.value_or("-"),
               change.after.empty() ? "-" : change.after, change.method, change.note});
  auto text = table.text();
  for (auto const& change : changes)
    if (!change.summary.empty())
      text += fmt::format("\n{} in short: {}\n", change.profile.text(), log::one_line(change.summary));
  return text + "Nothing was written.\n";
}

std::string changes_json(std::vector<Change> const& changes, std::string_view command) {
  json::Writer out;
  out.begin_object().member("command", command).key("preview").begin_array();
  for (auto const& change : changes) {
    out.begin_object().member("profile", change.profile.text()).key("before");
    change.before ? out.raw(*change.before) : out.null();
    out.key("after");
    change.after.empty() ? out.null() : out.raw(change.after);
    out.member("method", change.method).member("note", change.note);
    if (!change.summary.empty()) out.member("summary", change.summary);
    out.end_object();
  }
  out.end_array().end_object();
  return std::move(out).take() + "\n";
}

}  // namespace jvmm::commands
