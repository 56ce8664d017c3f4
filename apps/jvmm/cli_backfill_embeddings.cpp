#include "cli.hpp"
#include "commands/backfill_embeddings/backfill_embeddings.hpp"

namespace jvmm::cli {

Run define_backfill_embeddings(CLI::App& app, SettingFlags& settings) {
  auto options = std::make_shared<commands::EmbedOptions>();
  add_batch_options(app, options->batch, settings);
  settings.add(app, "--model", "model", "A known name, a folder, or hashing:DIMS [all-MiniLM-L6-v2]");
  settings.add(app, "--threads", "threads", "Threads for the model; 0: the cores there are [0]");
  for (auto const* name : {"--model", "--threads"})
    app.get_option(name)->group("Model");
  add_examples(app,
               "  jvmm backfill-embeddings --dry-run             what would be embedded\n"
               "  jvmm backfill-embeddings                       embed what is missing or stale\n"
               "  jvmm backfill-embeddings --preview 3           compute three profiles, write nothing\n"
               "  jvmm backfill-embeddings --stale-days 30 -q    from cron: silent on success\n",
               "1 rows failed ('jvmm status' lists them), 75 stopped early or another run is at work,\n"
               "76 the columns are of another width than the model, 78 not migrated.");
  return [options](commands::RunContext& context) { return commands::backfill_embeddings(context, *options); };
}

}  // namespace jvmm::cli
