#include <fmt/format.h>

#include "base/error.hpp"
#include "commands/train_classifier/report.hpp"
#include "commands/train_classifier/train_classifier.hpp"
#include "json/parse.hpp"
#include "json/ref.hpp"
#include "json/writer.hpp"
#include "log/text_table.hpp"
#include "store/classifiers.hpp"
#include "store/migrations.hpp"
#include "store/runs.hpp"

namespace jvmm::commands {
namespace {

std::string list_json(std::vector<store::ListedClassifier> const& heads) {
  json::Writer out;
  out.begin_object().member("command", "train-classifier list").key("classifiers").begin_array();
  for (auto const& head : heads) {
    out.begin_object().member("id", head.id).member("task", head.task).member("taxonomy", head.taxonomy);
    out.member("taxonomy_hash", head.taxonomy_hash).member("fingerprint", head.fingerprint).member("hash", head.hash);
    out.member("data_hash", head.data_hash).member("state", head.state).member("reason", head.reason).key("previous");
    head.previous ? out.value(*head.previous) : out.null();
    out.member("run", head.run.value).member("created_at", iso8601(head.created_at)).key("promoted_at");
    head.promoted_at ? out.value(iso8601(*head.promoted_at)) : out.null();
    out.key("metrics").value(json::parse(head.metrics_json)).end_object();
  }
  out.end_array().end_object();
  return std::move(out).take();
}

std::string list_text(std::vector<store::ListedClassifier> const& heads) {
  if (heads.empty()) return "no classifier was trained\n";
  log::TextTable table({{"id", log::Align::right}, {"task"}, {"taxonomy"}, {"state"}, {"trained"}, {"why", {}, 110}});
  for (auto const& head : heads)
    table.add({std::to_string(head.id), head.task, head.taxonomy, head.state, iso8601(head.created_at).substr(0, 10),
               head.reason});
  return table.text();
}

std::string restored_text(std::optional<std::int64_t> restored) {
  return restored ? fmt::format("classifier {} is in use again", *restored) : std::string("zero-shot is in use again");
}

std::string roll_back_json(classify::Task task, store::RollBack const& done, std::optional<RunId> run) {
  json::Writer out;
  out.begin_object().member("command", "train-classifier rollback").member("dry_run", !run.has_value());
  out.member("task", classify::name(task)).key("run");
  run ? out.value(run->value) : out.null();
  out.member("retired", done.retired).key("restored");
  done.restored ? out.value(*done.restored) : out.null();
  out.end_object();
  return std::move(out).take();
}

RunId record(db::WriteTx& tx, RunContext const& context, classify::Task task, store::RollBack const& done) {
  auto const run = store::begin_run(tx, {"train-classifier", context.arguments_json, {}, {}, std::string(version())});
  store::finish_run(tx, run, "done", 0, roll_back_json(task, done, run));
  return run;
}

}  // namespace

int list_trained(RunContext& context, ListClassifiersOptions const& options) {
  if (options.top < 1 || options.top > 1000) throw Error(Kind::usage, "--top takes 1 to 1000");
  db::Connection connection(context.database("train"));
  db::ReadTx tx(connection);
  store::require_migrated(tx);
  std::optional<std::string> task;
  if (options.task) task = classify::name(*options.task);
  auto const heads = store::list_classifiers(tx, task, options.top);
  context.print(context.format() == OutputFormat::json ? list_json(heads) + "\n" : list_text(heads));
  return 0;
}

int roll_back_trained(RunContext& context, classify::Task task, bool dry_run) {
  db::Connection connection(context.database("train"));
  auto const name = classify::name(task);
  std::optional<store::RollBack> done;
  std::optional<RunId> run;
  if (dry_run) {
    db::ReadTx tx(connection);
    store::require_migrated(tx);
    done = store::find_roll_back(tx, name);
  } else {
    db::WriteTx tx(connection);
    store::require_migrated(tx);
    done = store::roll_back_classifier(tx, name);
    if (done) run = record(tx, context, task, *done);
    tx.commit();
  }
  if (!done)
    throw Error(Kind::bad_input, fmt::format("no trained classifier is in use for {}", name))
        .hint("'jvmm train-classifier list' shows what was trained");
  if (context.format() == OutputFormat::json)
    context.print(roll_back_json(task, *done, run) + "\n");
  else if (!context.quiet)
    context.print(fmt::format("{}{}: classifier {} retired, {}\n", dry_run ? "would do: " : "", name, done->retired,
                              restored_text(done->restored)));
  return 0;
}

}  // namespace jvmm::commands
