#include "cli.hpp"
#include "commands/status/status.hpp"

namespace jvmm::cli {

Run define_status(CLI::App& app, SettingFlags&) {
  auto options = std::make_shared<commands::StatusOptions>();
  app.add_option("--top", options->top, "Failures to list [10]")->option_text("N")->check(CLI::NonNegativeNumber);
  add_examples(app, "  jvmm status\n  jvmm status --format json | jq .stages\n");
  return [options](commands::RunContext& context) { return commands::status(context, *options); };
}

}  // namespace jvmm::cli
