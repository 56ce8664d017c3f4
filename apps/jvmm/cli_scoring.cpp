#include "cli.hpp"
#include "commands/scoring/scoring.hpp"

namespace jvmm::cli {

Run define_scoring(CLI::App& app, SettingFlags&) {
  auto profile = std::make_shared<std::string>();
  app.require_subcommand(1);
  auto* list = app.add_subcommand("list", "the scoring profiles that come with the program");
  auto* show = app.add_subcommand("show", "a scoring profile's factors, weights and rules; as JSON the document");
  show->add_option("PROFILE", *profile, "A name of the list, or a file that ends in .json")
      ->option_text("NAME|FILE")
      ->required();
  for (auto* sub : {list, show})
    sub->fallthrough()->group("Commands");
  add_examples(app, "  jvmm scoring list\n  jvmm scoring show smooth\n  jvmm scoring show mine.json --format json\n",
               "65 the document is no scoring profile, 66 no such file.");
  return [profile, list](commands::RunContext& context) {
    if (list->parsed()) return commands::scoring_list(context);
    return commands::scoring_show(context, *profile);
  };
}

}  // namespace jvmm::cli
