#include "cli.hpp"
#include "commands/scoring/scoring.hpp"

namespace jvmm::cli {

Run define_scoring(CLI::App& app, SettingFlags& settings) {
  auto profile = std::make_shared<std::string>();
  app.require_subcommand(1);
  auto* list = app.add_subcommand("list", "the scoring profiles that come with the program");
  auto* show = app.add_subcommand("show", "a scoring profile's factors, weights and rules; as JSON the document");
  show->add_option("PROFILE", *profile, "A name of the list, or a file that ends in .json")
      ->option_text("NAME|FILE")
      ->required();
  auto* diff = app.add_subcommand("diff", "how far two scorings are apart, and whether one may replace the other");
  auto const run_diff = define_scoring_diff(*diff, settings);
  for (auto* sub : {list, show, diff})
    sub->fallthrough()->group("Commands");
  add_examples(app,
               "  jvmm scoring list\n  jvmm scoring show smooth\n  jvmm scoring show mine.json --format json\n"
               "  jvmm scoring diff calibrated smooth\n",
               "65 the document is no scoring profile, 66 no such file.");
  return [profile, list, diff, run_diff](commands::RunContext& context) {
    if (diff->parsed()) return run_diff(context);
    if (list->parsed()) return commands::scoring_list(context);
    return commands::scoring_show(context, *profile);
  };
}

}  // namespace jvmm::cli
