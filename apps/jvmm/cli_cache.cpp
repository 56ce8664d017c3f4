#include "cli.hpp"
#include "commands/cache/cache.hpp"

namespace jvmm::cli {

Run define_cache(CLI::App& app, SettingFlags&) {
  auto options = std::make_shared<commands::CachePruneOptions>();
  app.require_subcommand(1);
  auto* stats = app.add_subcommand("stats", "what is in it, by task and model");
  auto* prune = app.add_subcommand("prune", "delete the answers that were not used for longest");
  prune->add_option("--max-mb", options->max_mb, "Until the file has this many MiB [cache_max_mb]")->option_text("N");
  prune->add_option("--older-than", options->older_than_days, "Those not used in so many days")->option_text("DAYS");
  prune->add_flag("--unsettled", options->unsettled,
                  "Also answers of runs that ended before the database had what came of them");
  add_dry_run(*prune, options->dry_run);
  for (auto* sub : {stats, prune})
    sub->fallthrough()->group("Commands");
  add_examples(app,
               "  jvmm cache stats\n  jvmm cache prune --dry-run\n  jvmm cache prune --older-than 90\n"
               "  jvmm cache prune --max-mb 0 --unsettled\n",
               "66 there is no cache file, 78 cache_file is 'none' or no cache of jvmm's.");
  return [options, stats](commands::RunContext& context) {
    return stats->parsed() ? commands::cache_stats(context) : commands::cache_prune(context, *options);
  };
}

}  // namespace jvmm::cli
