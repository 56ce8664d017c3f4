#include "cli.hpp"
#include "commands/score/score.hpp"

namespace jvmm::cli {

Run define_score(CLI::App& app, SettingFlags& settings) {
  auto options = std::make_shared<commands::ScoreOptions>();
  app.add_option("--profiles", options->profiles, "The profiles: JSON lines, plain or gzip, or - for stdin")
      ->option_text("FILE")
      ->required();
  app.add_option("--pairs", options->pairs, "The pairs: lines {\"a\": ID, \"b\": ID, …}")
      ->option_text("FILE")
      ->required();
  app.add_option("--embeddings", options->embeddings, "Vectors by profile id [those in the profiles]")
      ->option_text("FILE");
  app.add_option("--scoring", options->scoring, "Scoring profile: a name of 'jvmm scoring list', or a file [smooth]")
      ->option_text("NAME|FILE");
  app.add_option("--now", options->now, "The time that ages count from, with offset [the start]")->option_text("TIME");
  app.add_option("--output", options->output, "Where the result goes; a file appears when complete [stdout]")
      ->option_text("FILE");
  settings.add(app, "--model", "model", "The vectors' model, where profiles name none [all-MiniLM-L6-v2]");
  add_examples(app,
               "  jvmm score --profiles profiles.jsonl.gz --pairs pairs.jsonl --output scores.jsonl\n"
               "  jvmm score --profiles p.jsonl --embeddings e.jsonl --pairs - --scoring calibrated <pairs.jsonl\n",
               "65 a line is malformed or names no profile, 66 no such file, 78 no calibration for the model.");
  return [options](commands::RunContext& context) { return commands::score(context, *options); };
}

}  // namespace jvmm::cli
