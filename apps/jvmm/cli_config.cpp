#include "cli.hpp"
#include "commands/config_show/config_show.hpp"

namespace jvmm::cli {

Run define_config(CLI::App& app, SettingFlags&) {
  app.require_subcommand(1);
  app.add_subcommand("show", "every setting with its value and origin")->fallthrough()->group("Commands");
  add_examples(app, "  jvmm config show\n  JVMM_BATCH_SIZE=100 jvmm config show --format json\n",
               "78 a file or variable holds a value that makes no sense.");
  return [](commands::RunContext& context) { return commands::config_show(context); };
}

}  // namespace jvmm::cli
