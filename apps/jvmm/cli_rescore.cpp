#include "cli.hpp"
#include "commands/rescore/rescore.hpp"

namespace jvmm::cli {

Run define_rescore(CLI::App& app, SettingFlags& settings) {
  auto options = std::make_shared<commands::RescoreOptions>();
  app.add_option("--scoring", options->scoring.scoring, "A scoring profile, or a file of one [smooth]")
      ->option_text("NAME|FILE");
  app.add_option("--now", options->scoring.now, "Score as of this time [the start of the run]")->option_text("TIME");
  app.add_option("--shadow", options->shadow, "Score by a second profile too, and only report it")
      ->option_text("NAME|FILE");
  app.add_flag("--all-pairs", options->all_pairs, "Everyone with everyone; keep and publish the best of each");
  app.add_option("--top", options->scope.top, "All pairs: partners kept per profile [50]")->option_text("K");
  app.add_option("--clients", options->clients,
                 "These profiles with everybody: 'active' (of active reports), ids, or files of ids")
      ->option_text("active|ID…")
      ->delimiter(',');
  app.add_flag("--prescreen", options->prescreen,
               "Clients: drop pairs by the lightweight score, as older jobs did; loses good ones");
  app.add_option("--min-score", options->scope.min_score, "All pairs, clients: the least score kept, 0 to 100 [0]")
      ->option_text("S");
  app.add_option("--all-above", options->scope.all_above, "All pairs: also keep every pair from this score on")
      ->option_text("S");
  app.add_option("--max-rows", options->scope.max_rows,
                 "All pairs: refuse --all-above where a sample says it keeps more [5000000]")
      ->option_text("N");
  app.add_flag("--suggest-duplicates", options->scope.suggest_duplicates,
               "All pairs, clients: also suggest profiles to each other that look like one person");
  app.add_option("--checkpoint", options->scope.checkpoint, "All pairs: where a stopped run keeps its state")
      ->option_text("FILE");
  app.add_flag("--repair-context", options->repair_context, "Mend double-encoded match_context, and nothing else");
  app.add_flag("--update-pressure", options->update_pressure, "First count how often each profile was recommended");
  app.add_option("--pressure-days", options->pressure_days, "In how many days, for a dry run [30]")
      ->option_text("DAYS");
  add_batch_options(app, options->batch, settings);
  app.get_option("--stale-days")->group("");  // refused, with the reason
  add_examples(app,
               "  jvmm rescore                                every stored match whose score is out of date\n"
               "  jvmm rescore --preview 5                    show five, write nothing\n"
               "  jvmm rescore --shadow strategy-2026-02      what another profile would say\n"
               "  jvmm rescore --all-pairs                    publish the best 50 partners of everybody\n"
               "  jvmm rescore --all-pairs --since 1d         the same, for what changed\n"
               "  jvmm rescore --clients active               clients of active reports with everybody\n"
               "  jvmm rescore --update-pressure --dry-run    how evenly profiles are recommended\n"
               "  jvmm rescore --repair-context --dry-run     how many contexts are encoded twice\n",
               "1 matches failed, 75 stopped early or another rescore is at work,\n"
               "78 not migrated, or the model has no calibration.");
  return [options](commands::RunContext& context) { return commands::rescore(context, *options); };
}

}  // namespace jvmm::cli
