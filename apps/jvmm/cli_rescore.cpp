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
               "  jvmm rescore --update-pressure --dry-run    how evenly profiles are recommended\n"
               "  jvmm rescore --repair-context --dry-run     how many contexts are encoded twice\n",
               "1 matches failed, 75 stopped early or another rescore is at work,\n"
               "78 not migrated, or the model has no calibration.");
  return [options](commands::RunContext& context) { return commands::rescore(context, *options); };
}

}  // namespace jvmm::cli
