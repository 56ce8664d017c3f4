#include "cli.hpp"
#include "commands/extract_credentials/extract_credentials.hpp"

namespace jvmm::cli {

Run define_extract_credentials(CLI::App& app, SettingFlags& settings) {
  auto options = std::make_shared<commands::ExtractOptions>();
  add_batch_options(app, options->batch, settings);
  add_service_limits(app, options->batch);
  settings.add(app, "--gazetteers", "gazetteers", "What the rules know: a file [the shipped one]");
  settings.add(app, "--cascade-credentials", "cascade_credentials", "Extractors in order: rules, ner, chat [rules]");
  app.add_flag("--summarise", options->summarise, "With --preview: long texts in short, for a person to read");
  for (auto const* name : {"--gazetteers", "--cascade-credentials", "--summarise"})
    app.get_option(name)->group("Extraction");
  settings.add(app, "--ner", "ner", "Route of the stage ner, as in hf:dslim/bert-base-NER [the preset's]");
  settings.add(app, "--chat", "chat", "Route of the stage chat, as in openai:URL#MODEL [the preset's]");
  settings.add(app, "--preset", "preset", "Backends by name: local, strategy, strategy-minilm [local]");
  settings.add(app, "--prices", "prices", "Price table: a name or a file [hf-inference-2026-08]");
  for (auto const* name : {"--ner", "--chat", "--preset", "--prices"})
    app.get_option(name)->group("Model");
  add_examples(app,
               "  jvmm extract-credentials --dry-run             how many, and what stages that ask a service cost\n"
               "  jvmm extract-credentials --preview 5           of five profiles, write nothing\n"
               "  jvmm extract-credentials                       extract what is missing or stale, by rules\n"
               "  jvmm extract-credentials --cascade-credentials rules,ner,chat --preset strategy\n",
               "1 rows failed ('jvmm status' lists them), 69 no service could be reached, 75 stopped early or another "
               "run is at work,\n"
               "76 a column is of another type, 78 not migrated, or a route is missing.");
  return [options](commands::RunContext& context) { return commands::extract_credentials(context, *options); };
}

}  // namespace jvmm::cli
