#include "base/error.hpp"
#include "cli.hpp"
#include "commands/check_profiles/check_profiles.hpp"

namespace jvmm::cli {
namespace {

Run define_list(CLI::App& app) {
  auto options = std::make_shared<commands::ReviewListOptions>();
  app.add_option("--stage", options->stage, "Only what this stage held")->option_text("STAGE");
  app.add_option("--column", options->column, "Only entries about this column")->option_text("COLUMN");
  app.add_option("--reason", options->reason, "Only entries with this reason")->option_text("REASON");
  app.add_option("--profile-ids", options->profile_ids,
                 "Only these profiles: ids, files with an id a line, or - for stdin")
      ->option_text("FILE|-|ID...");
  app.add_option("--top", options->top, "How many to show [50]")->option_text("N");
  app.add_option("--after", options->after, "Those after this entry: the last of the list before")->option_text("ID");
  app.add_flag("--all", options->all, "Settled ones too");
  return [options](commands::RunContext& context) { return commands::list_reviews(context, *options); };
}

Run define_decision(CLI::App& app, bool accept) {
  auto options = std::make_shared<commands::DecideOptions>();
  options->accept = accept;
  app.add_option("ID", options->ids, "Numbers of entries, files with a number a line, or - for stdin")
      ->option_text("ID...|FILE|-")
      ->required();
  app.add_option("--note", options->note, "Why, kept with the decision")->option_text("TEXT");
  app.add_option("--by", options->by, "Who decides [the user's name]")->option_text("NAME");
  return [options](commands::RunContext& context) { return commands::decide_reviews(context, *options); };
}

/// The options of a check would be parsed, and mean nothing, after list, accept or reject: a --dry-run above all.
void refuse_check_options(CLI::App const& app, CLI::App const& sub) {
  for (auto const* option : app.get_options())
    if (option->count() > 0)
      throw Error(Kind::usage, "check-profiles " + sub.get_name() + " has no option " + option->get_name())
          .hint("'jvmm check-profiles " + sub.get_name() + " --help' lists those it has");
}

}  // namespace

Run define_check_profiles(CLI::App& app, SettingFlags& settings) {
  auto options = std::make_shared<commands::CheckOptions>();
  add_batch_options(app, options->batch, settings);
  app.add_flag("--fix", options->fix,
               "Write what can be mended without loss: blanks, HTML, placeholders, missing https://");
  app.add_option("--pages", options->pages,
                 "Compare values with the text of web pages: a folder, or 'table' for jvmm.page")
      ->option_text("FOLDER|table");
  app.require_subcommand(0, 1);
  auto* list = app.add_subcommand("list", "what waits for a decision");
  auto* accept = app.add_subcommand("accept", "write what entries propose, where nobody has changed it since");
  auto* reject = app.add_subcommand("reject", "keep the values; the same is not held again");
  auto const run_list = define_list(*list);
  auto const run_accept = define_decision(*accept, true);
  auto const run_reject = define_decision(*reject, false);
  for (auto* sub : {list, accept, reject})
    sub->fallthrough()->group("Commands");
  add_examples(
      app,
      "  jvmm check-profiles --dry-run              what would be found\n"
      "  jvmm check-profiles --preview 20           value by value, nothing written\n"
      "  jvmm check-profiles                        hold what needs a decision\n"
      "  jvmm check-profiles --fix --since 7d       and mend what can be mended without loss\n"
      "  jvmm check-profiles list --column email\n"
      "  jvmm check-profiles accept 12 13 --note 'asked her'\n"
      "  jvmm check-profiles reject rejected.txt\n",
      "1 rows failed, or entries could not be settled as asked; 65 or 66 the list of entries, or the folder of pages;\n"
      "75 stopped early or another run is at work; 78 not migrated.");
  return [&app, options, list, accept, reject, run_list, run_accept, run_reject](commands::RunContext& context) {
    for (auto const* sub : app.get_subcommands())
      refuse_check_options(app, *sub);
    if (list->parsed()) return run_list(context);
    if (accept->parsed()) return run_accept(context);
    if (reject->parsed()) return run_reject(context);
    return commands::check_profiles(context, *options);
  };
}

}  // namespace jvmm::cli
