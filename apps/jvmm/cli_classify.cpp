#include "cli.hpp"
#include "commands/classify/classify.hpp"

namespace jvmm::cli {
namespace {

using classify::Task;

constexpr auto k_exit_codes =
    "1 rows failed ('jvmm status' lists them), 69 no service could be reached, 75 stopped early or another "
    "run is at work,\n"
    "76 a column is of another type, 78 not migrated, or a route or taxonomy is missing.";

std::shared_ptr<commands::ClassifyOptions> add_options(CLI::App& app, SettingFlags& settings, Task task,
                                                       std::string const& word) {
  auto options = std::make_shared<commands::ClassifyOptions>();
  options->task = task;
  add_batch_options(app, options->batch, settings);
  add_service_limits(app, options->batch);
  settings.add(app, "--taxonomy-" + word, "taxonomy_" + word, "Labels: a shipped taxonomy, or a file");
  settings.add(app, "--cascade-" + word, "cascade_" + word, "Stages in order: embedding, rules, nli, head, chat");
  for (auto const& name : {"--taxonomy-" + word, "--cascade-" + word})
    app.get_option(name)->group("Classification");
  add_embedding_route(app, settings);
  std::string const zero_shot = task == Task::offer_types ? "--zero-shot-offers" : "--zero-shot";
  settings.add(app, zero_shot, task == Task::offer_types ? "zero_shot_offers" : "zero_shot",
               "Route of the stage nli, as in tei:URL [the preset's]");
  settings.add(app, "--chat", "chat", "Route of the stage chat, as in openai:URL#MODEL [the preset's]");
  for (auto const& name : {zero_shot, std::string("--chat")})
    app.get_option(name)->group("Model");
  return options;
}

Run runner(std::shared_ptr<commands::ClassifyOptions> const& options) {
  return [options](commands::RunContext& context) { return commands::classify_profiles(context, *options); };
}

}  // namespace

Run define_classify_niche(CLI::App& app, SettingFlags& settings) {
  auto options = add_options(app, settings, Task::niche, "niche");
  settings.add(app, "--write-niche", "write_niche",
               "Also the text niche: never, empty (where there is none), priority (over lower sources) [empty]");
  app.get_option("--write-niche")->group("Classification");
  add_examples(app,
               "  jvmm classify-niche --dry-run                  how many, and what stages that ask a service cost\n"
               "  jvmm classify-niche --preview 5                classify five profiles, write nothing\n"
               "  jvmm classify-niche                            classify what is missing or stale\n"
               "  jvmm classify-niche --taxonomy-niche mine.json by labels of one's own\n"
               "  jvmm classify-niche --cascade-niche embedding,nli --zero-shot tei:http://gpu-1:3000\n",
               k_exit_codes);
  return runner(options);
}

Run define_classify_offers(CLI::App& app, SettingFlags& settings) {
  auto options = add_options(app, settings, Task::offer_types, "offers");
  add_examples(app,
               "  jvmm classify-offers --dry-run\n"
               "  jvmm classify-offers\n"
               "  jvmm classify-offers --cascade-offers rules    by words alone, without a model\n",
               k_exit_codes);
  return runner(options);
}

Run define_classify_style(CLI::App& app, SettingFlags& settings) {
  auto options = add_options(app, settings, Task::content_style, "style");
  settings.add(app, "--pages", "pages", "Folder with texts of pages, ID.txt or ID.html [the table jvmm.page]");
  app.get_option("--pages")->group("Classification");
  add_examples(app,
               "  jvmm classify-style --dry-run\n"
               "  jvmm classify-style\n"
               "  jvmm classify-style --pages pages/             with the texts of web pages\n",
               k_exit_codes);
  return runner(options);
}

}  // namespace jvmm::cli
