#include "cli.hpp"
#include "commands/undo/undo.hpp"

namespace jvmm::cli {

Run define_undo(CLI::App& app, SettingFlags&) {
  auto options = std::make_shared<commands::UndoOptions>();
  app.add_option("RUN", options->run, "Number of the run ('jvmm runs')")->required();
  add_dry_run(app, options->dry_run);
  add_examples(app, "  jvmm undo 12 --dry-run\n  jvmm undo 12\n",
               "65 no such run, or it wrote nothing; 75 stopped early, the run or another is still at work.");
  return [options](commands::RunContext& context) { return commands::undo(context, *options); };
}

}  // namespace jvmm::cli
