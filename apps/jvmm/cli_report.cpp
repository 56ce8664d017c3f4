#include "cli.hpp"
#include "commands/report/report.hpp"

namespace jvmm::cli {

Run define_report(CLI::App& app, SettingFlags&) {
  auto options = std::make_shared<commands::ReportOptions>();
  app.add_option("-o,--output", options->output, "Write to this file, replaced when the report is whole [stdout]")
      ->option_text("FILE");
  app.add_flag("--coverage", options->coverage, "Also how far vectors cover the texts: a pass over all profiles");
  add_examples(app,
               "  jvmm report --output matches.html      one page that needs nothing else\n"
               "  jvmm report --format json\n",
               "74 the file cannot be written.");
  return [options](commands::RunContext& context) { return commands::report(context, *options); };
}

}  // namespace jvmm::cli
