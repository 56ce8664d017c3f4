#include "cli.hpp"
#include "commands/models/models.hpp"

namespace jvmm::cli {

Run define_models(CLI::App& app, SettingFlags& settings) {
  auto model = std::make_shared<std::string>();
  app.require_subcommand(1);
  auto* list = app.add_subcommand("list", "known and installed models");
  auto* pull = app.add_subcommand("pull", "download a model");
  auto arguments = std::make_shared<commands::PullArguments>();
  pull->add_option("MODEL", arguments->model, "A known model's name, or a repository of the hub, ORG/NAME")->required();
  pull->add_option("--revision", arguments->revision, "Branch, tag or commit [what was pulled before, else main]")
      ->type_name("REV");
  auto* verify = app.add_subcommand("verify", "compare a model's files with their hashes");
  verify->add_option("MODEL", *model, "Its name [all that are installed]");
  for (auto* sub : {list, pull, verify})
    sub->fallthrough()->group("Commands");
  settings.add(app, "--models-dir", "models_dir", "Where models lie and are pulled to");
  add_examples(
      app,
      "  jvmm models list\n  jvmm models pull bge-small-en-v1.5\n"
      "  jvmm models pull BAAI/bge-base-en-v1.5 --revision main\n  jvmm models verify\n",
      "1 a file differs, 66 the hub does not have it, 69 it cannot be reached, 76 a download has another hash.");
  return [model, arguments, list, pull](commands::RunContext& context) {
    if (list->parsed()) return commands::models_list(context);
    if (pull->parsed()) return commands::models_pull(context, *arguments);
    return commands::models_verify(context, *model);
  };
}

}  // namespace jvmm::cli
