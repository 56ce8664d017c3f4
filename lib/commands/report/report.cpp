#include "commands/report/report.hpp"

#include <fmt/format.h>

#include "commands/output_file.hpp"
#include "commands/report/sections.hpp"
#include "json/writer.hpp"
#include "store/migrations.hpp"

namespace jvmm::commands {
namespace {

std::vector<Section> sections(db::ReadTx& tx, ReportOptions const& options) {
  std::vector<Section> all;
  all.push_back(impact_section(tx));
  if (auto personas = personas_section(tx)) all.push_back(*std::move(personas));
  if (options.coverage) all.push_back(coverage_section(tx));
  return all;
}

std::string as_json(std::string const& made_at, std::vector<Section> const& sections) {
  json::Writer out;
  out.begin_object().member("command", "report").member("made_at", made_at).member("version", version());
  out.key("sections").begin_object();
  for (auto const& section : sections)
    out.key(section.id).raw(section.json);
  out.end_object().end_object();
  return std::move(out).take() + "\n";
}

}  // namespace

int report(RunContext& context, ReportOptions const& options) {
  db::Connection connection(context.database("report"));
  db::ReadTx tx(connection);
  store::require_migrated(tx);
  auto const all = sections(tx, options);
  auto const made_at = iso8601(context.clock.now());
  auto const text = context.format() == OutputFormat::json
                        ? as_json(made_at, all)
                        : html_page("Matches", fmt::format("jvmm {}, {}", version(), made_at), all);
  if (!options.output) {
    context.print(text);
    return 0;
  }
  OutputFile file(*options.output);
  file.write(text);
  file.finish();
  return 0;
}

}  // namespace jvmm::commands
