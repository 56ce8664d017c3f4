#include "cli.hpp"
#include "commands/scoring_diff/scoring_diff.hpp"

namespace jvmm::cli {

Run define_scoring_diff(CLI::App& app, SettingFlags&) {
  auto options = std::make_shared<commands::ScoringDiffOptions>();
  app.add_option("PROFILE", options->profiles, "Two scoring profiles, before and after: names or files")
      ->option_text("NAME|FILE …")
      ->required();
  app.add_flag("--stored", options->stored, "Instead of BEFORE, the scores that are stored");
  app.add_option("--sample", options->sample, "Only this many matches, drawn at random [all]")
      ->option_text("N")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--seed", options->seed, "Of the sample [1]")->option_text("N");
  app.add_option("--now", options->now, "Score as of this time [the start of the run]")->option_text("TIME");
  app.add_flag("--gate", options->gate, "Exit with 1 where a number fails");
  add_examples(app,
               "  jvmm scoring diff calibrated smooth --sample 20000    what a change of profile would do\n"
               "  jvmm scoring diff --stored smooth --gate              may what is stored be rescored?\n",
               "1 with --gate: a number fails; 65 there is nothing to compare.");
  return [options](commands::RunContext& context) { return commands::scoring_diff(context, *options); };
}

}  // namespace jvmm::cli
