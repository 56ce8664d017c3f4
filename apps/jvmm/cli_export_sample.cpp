#include "base/error.hpp"
#include "cli.hpp"
#include "commands/export_sample/export_sample.hpp"

namespace jvmm::cli {
namespace {

void adopt_task(commands::ExportSampleOptions& options, std::string const& text) {
  if (text.empty()) return;
  auto const task = commands::parse_sheet_task(text);
  if (!task)
    throw Error(Kind::usage, "'" + text + "' is no task; expected niche, offer_types, content_style or credentials");
  options.task = *task;
  options.task_given = true;
}

}  // namespace

Run define_export_sample(CLI::App& app, SettingFlags&) {
  auto options = std::make_shared<commands::ExportSampleOptions>();
  auto task = std::make_shared<std::string>();
  app.add_option("--task", *task, "niche, offer_types, content_style or credentials")->option_text("TASK");
  app.add_option("-o,--output", options->output, "The sheet's file, replaced when it is whole [stdout]")
      ->option_text("FILE");
  app.add_option("--sample", options->sample, "Profiles to take [200]")->option_text("ROWS");
  app.add_option("--seed", options->seed, "Decides whom [1]")->option_text("N");
  app.add_option("--profile-ids", options->profile_ids,
                 "These and no sample: ids, files with an id a line, -, or one sheet.csv")
      ->option_text("ID|FILE|- …");
  app.add_flag("--held", options->held, "The open entries of the review queue in place of a sample");
  app.add_flag("--bom", options->bom, "A byte order mark in front, by which Excel knows UTF-8");
  app.add_option("--taxonomy", options->taxonomy, "The labels that the prompt lists [the task's own]")
      ->option_text("NAME|FILE");
  app.add_option("--prompt", options->prompt, "Also write the prompt, filled with the labels, as AI Sheets takes it")
      ->option_text("FILE");
  app.add_option("--prompt-template", options->prompt_template, "A template of one's own [as configured]")
      ->option_text("FILE");
  app.add_option("--settings", options->settings, "Also write settings and prompt, as a file that jvmm reads")
      ->option_text("FILE");
  add_examples(app,
               "  jvmm export-sample --task niche --output niche.csv --prompt niche.txt\n"
               "  jvmm export-sample --task offer_types --profile-ids niche.csv --output offers.csv\n"
               "  jvmm export-sample --held --output held.csv\n",
               "65 no profile has a text to go by, or one that is named is not there; 74 a file cannot be written.");
  return [options, task](commands::RunContext& context) {
    adopt_task(*options, *task);
    return commands::export_sample(context, *options);
  };
}

}  // namespace jvmm::cli
