#include "base/error.hpp"
#include "cli.hpp"
#include "commands/train_classifier/train_classifier.hpp"

namespace jvmm::cli {
namespace {

struct Given {
  commands::TrainOptions options;
  std::string task, promote = "auto";
  commands::ListClassifiersOptions list;
};

classify::Task task_of(std::string const& text) {
  if (text.empty()) throw Error(Kind::usage, "--task is needed: niche, offer_types or content_style");
  auto const task = classify::parse_task(text);
  if (!task) throw Error(Kind::usage, "'" + text + "' is no task; expected niche, offer_types or content_style");
  return *task;
}

commands::Promote parse_promote(std::string const& text) {
  if (text == "auto") return commands::Promote::automatic;
  if (text == "never") return commands::Promote::never;
  if (text == "force") return commands::Promote::force;
  throw Error(Kind::usage, "--promote takes auto, never or force, not '" + text + "'");
}

void add_training_options(CLI::App& app, Given& given, SettingFlags& settings) {
  auto& options = given.options;
  add_dry_run(app, options.dry_run);
  app.add_option("--task", given.task, "niche, offer_types or content_style")->option_text("TASK");
  app.add_option("--labels", options.labels, "What is true: CSV with id,label, or JSON lines")->option_text("FILE");
  app.add_option("--label-column", options.label_column, "Where the labels stand [label, labels]")->option_text("NAME");
  app.add_option("--folds", options.folds, "Of the cross-validation [5]")->option_text("N");
  app.add_option("--seed", options.seed, "Of the folds and of the intervals [1]")->option_text("N");
  app.add_option("--min-per-class", options.min_per_class, "Labels with fewer examples are not trained [8]")
      ->option_text("N");
  app.add_option("--promote", given.promote,
                 "Put it in use: auto (if it is better than what is in use), never, force [auto]")
      ->option_text("WHEN");
  app.add_option("--max-requests", options.max_requests, "Of services")->option_text("N");
  app.add_option("--max-cost", options.max_cost_usd, "Of services")->option_text("USD");
  for (std::string const word : {"niche", "offers", "style"}) {
    settings.add(app, "--taxonomy-" + word, "taxonomy_" + word, "Labels: a shipped taxonomy, or a file");
    app.get_option("--taxonomy-" + word)->group("Classification");
  }
  add_embedding_route(app, settings);
}

}  // namespace

Run define_train_classifier(CLI::App& app, SettingFlags& settings) {
  auto given = std::make_shared<Given>();
  app.require_subcommand(0, 1);
  add_training_options(app, *given, settings);
  auto* list = app.add_subcommand("list", "the classifiers that were trained, newest first");
  list->add_option("--top", given->list.top, "How many [20]")->option_text("N");
  auto* rollback = app.add_subcommand("rollback", "put the classifier before the one in use back in use");
  for (auto* sub : {list, rollback})
    sub->fallthrough()->group("Commands");
  add_examples(
      app,
      "  jvmm train-classifier --task niche --labels labels.csv --dry-run     what there is to learn from\n"
      "  jvmm train-classifier --task niche --labels labels.csv               train, and use it if better\n"
      "  jvmm train-classifier list --task niche\n"
      "  jvmm train-classifier rollback --task niche\n",
      "0 also where the new classifier is not better; 65 the file of labels is malformed, names profiles that\n"
      "are not there, or has too few labels, or there is nothing to roll back; 66 no such file.");
  return [given, list, rollback](commands::RunContext& context) {
    if (list->parsed()) {
      if (!given->task.empty()) given->list.task = task_of(given->task);
      return commands::list_trained(context, given->list);
    }
    given->options.task = task_of(given->task);
    if (rollback->parsed()) return commands::roll_back_trained(context, given->options.task, given->options.dry_run);
    given->options.promote = parse_promote(given->promote);
    return commands::train_classifier(context, given->options);
  };
}

}  // namespace jvmm::cli
