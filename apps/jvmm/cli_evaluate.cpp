#include "base/error.hpp"
#include "cli.hpp"
#include "commands/evaluate/evaluate.hpp"
#include "commands/evaluate/evaluate_credentials.hpp"

namespace jvmm::cli {

Run define_evaluate(CLI::App& app, SettingFlags&) {
  auto options = std::make_shared<commands::EvaluateOptions>();
  auto task = std::make_shared<std::string>();
  app.add_option("--task", *task, "niche, offer_types, content_style or credentials")->option_text("TASK")->required();
  app.add_option("--labels", options->labels, "What is true: CSV with id and label, or JSON lines")
      ->option_text("FILE")
      ->required();
  app.add_option("--label-column", options->label_column, "The column with the labels [label or labels]")
      ->option_text("NAME");
  app.add_option("--label-map", options->label_map, "CSV label,parent: finer labels, and what they belong to")
      ->option_text("FILE");
  app.add_option("--taxonomy", options->taxonomy, "The labels that there are [the task's own]")
      ->option_text("NAME|FILE");
  app.add_option("--predictions", options->predictions, "A classifier's answers, CSV or JSON lines [the database's]")
      ->option_text("FILE");
  app.add_option("--prediction-column", options->prediction_column, "The column with the answers [predicted, …]")
      ->option_text("NAME");
  app.add_option("--require", options->require,
                 "Exit 1 below this: accuracy, for offers micro F1, for credentials precision and recall [none]")
      ->option_text("0..1");
  auto rules = std::make_shared<bool>(false);
  app.add_flag("--rules", *rules, "Credentials: those that the rules find in the texts of --labels [the database's]");
  app.add_option("--html", options->html, "Also write a report as one HTML page")->option_text("FILE");
  app.add_option("--top", options->top, "Confusions to show [10]")->option_text("N");
  app.add_option("--bins", options->bins, "Bins of confidence [10]")->option_text("N");
  app.add_option("--resamples", options->resamples, "Resamples behind the intervals; 0: no intervals [1000]")
      ->option_text("N");
  app.add_option("--seed", options->seed, "Of the intervals [1]")->option_text("N");
  add_examples(app,
               "  jvmm evaluate --task niche --labels labelled.csv --require 0.85 --html niche.html\n"
               "  jvmm evaluate --task niche --labels sheet.csv --predictions sheet.csv --prediction-column model\n"
               "  jvmm evaluate --task credentials --labels labelled.jsonl --rules --require 0.9\n",
               "1 below --require; 65 a file is malformed (file, line and column are named).");
  return [options, task, rules, &app](commands::RunContext& context) {
    if (*task == "credentials") {
      for (auto const* name : {"--label-column", "--label-map", "--taxonomy", "--prediction-column", "--html"})
        if (app.count(name) > 0) throw Error(Kind::usage, std::string(name) + " has no meaning for credentials");
      return commands::evaluate_credentials(context, {options->labels, options->predictions, *rules, options->require});
    }
    if (*rules) throw Error(Kind::usage, "--rules goes with --task credentials");
    options->task = parse_task(*task);
    return commands::evaluate(context, *options);
  };
}

}  // namespace jvmm::cli
