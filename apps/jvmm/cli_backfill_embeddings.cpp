#include "cli.hpp"
#include "commands/backfill_embeddings/backfill_embeddings.hpp"

namespace jvmm::cli {

Run define_backfill_embeddings(CLI::App& app, SettingFlags& settings) {
  auto options = std::make_shared<commands::EmbedOptions>();
  add_batch_options(app, options->batch, settings);
  add_service_limits(app, options->batch);
  add_embedding_route(app, settings);
  add_examples(app,
               "  jvmm backfill-embeddings --dry-run             what would be embedded\n"
               "  jvmm backfill-embeddings                       embed what is missing or stale\n"
               "  jvmm backfill-embeddings --preview 3           compute three profiles, write nothing\n"
               "  jvmm backfill-embeddings --stale-days 30 -q    from cron: silent on success\n"
               "  jvmm backfill-embeddings --embed tei:http://gpu-1:3000 --max-minutes 60\n"
               "  jvmm backfill-embeddings --preset strategy --max-cost 2.00\n",
               "1 rows failed ('jvmm status' lists them), 69 no service could be reached, 75 stopped early or another "
               "run is at work,\n"
               "76 the columns are of another width than the model, 78 not migrated.");
  return [options](commands::RunContext& context) { return commands::backfill_embeddings(context, *options); };
}

}  // namespace jvmm::cli
