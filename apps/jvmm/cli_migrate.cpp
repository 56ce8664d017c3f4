#include "cli.hpp"
#include "commands/migrate/migrate.hpp"

namespace jvmm::cli {

Run define_migrate(CLI::App& app, SettingFlags& settings) {
  auto options = std::make_shared<commands::MigrateOptions>();
  add_dry_run(app, options->dry_run);
  app.add_option("--dims", options->dims, "Width of new vector columns [the model's]")
      ->option_text("N")
      ->check(CLI::PositiveNumber);
  settings.add(app, "--model", "model", "The model whose width to take [all-MiniLM-L6-v2]");
  add_examples(app,
               "  jvmm migrate --dry-run    which migrations are missing\n  jvmm migrate              apply them\n",
               "77 the role may not, 78 the database is newer than this jvmm.");
  return [options](commands::RunContext& context) { return commands::migrate(context, *options); };
}

}  // namespace jvmm::cli
