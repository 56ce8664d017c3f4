#include "cli.hpp"
#include "commands/backfill_embeddings/backfill_embeddings.hpp"

namespace jvmm::cli {

Run define_retry(CLI::App& app, SettingFlags& settings) {
  auto options = std::make_shared<commands::EmbedOptions>();
  options->only_failed = true;
  add_dry_run(app, options->batch.dry_run);
  app.add_option("--limit", options->batch.limit, "Stop after this many rows [none]")
      ->option_text("ROWS")
      ->check(CLI::NonNegativeNumber);
  add_service_limits(app, options->batch);
  add_embedding_route(app, settings);
  add_examples(app,
               "  jvmm retry --dry-run    how many rows failed and would be tried again\n"
               "  jvmm retry              try them again\n",
               "1 rows failed again.");
  return [options](commands::RunContext& context) { return commands::backfill_embeddings(context, *options); };
}

}  // namespace jvmm::cli
