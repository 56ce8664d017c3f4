#include "cli.hpp"
#include "commands/runs/runs.hpp"

namespace jvmm::cli {

Run define_runs(CLI::App& app, SettingFlags&) {
  auto options = std::make_shared<commands::RunsOptions>();
  app.add_option("--top", options->top, "How many, newest first [20]")->option_text("N")->check(CLI::PositiveNumber);
  add_examples(app, "  jvmm runs\n  jvmm runs --top 1 --format json\n");
  return [options](commands::RunContext& context) { return commands::runs(context, *options); };
}

}  // namespace jvmm::cli
