#include "commands/train_classifier/report.hpp"

#include <fmt/format.h>

#include "json/writer.hpp"
#include "log/text_table.hpp"

namespace jvmm::commands {
namespace {

struct Row {
  std::string_view member, title;
  classify::Evaluation Comparison::* evaluation;
};

constexpr Row k_rows[] = {{"zero_shot", "zero-shot", &Comparison::zero_shot},
                          {"in_use", "in use now", &Comparison::in_use},
                          {"head", "new head, asked always", &Comparison::head},
                          {"candidate", "new head, asked where unsure", &Comparison::candidate}};

std::string with_interval(classify::Measure const& m) {
  return fmt::format("{} ({} to {})", figure(m.value), figure(m.low), figure(m.high));
}

void write_measure(json::Writer& out, std::string_view name, classify::Measure const& m) {
  out.key(name).begin_object().member("value", m.value).member("low", m.low).member("high", m.high).end_object();
}

void write_evaluation(json::Writer& out, std::string_view name, classify::Evaluation const& e) {
  out.key(name).begin_object();
  write_measure(out, "accuracy", e.accuracy);
  write_measure(out, "micro_f1", e.micro_f1);
  write_measure(out, "macro_f1", e.macro_f1);
  out.member("unknown", e.unknown).member("ece", e.reliability.ece).end_object();
}

void write_comparison(json::Writer& out, Comparison const& comparison, std::size_t folds, std::int64_t seed) {
  out.member("metric", comparison.metric).member("folds", folds).member("seed", seed);
  out.member("asked", comparison.asked);
  for (auto const& row : k_rows)
    write_evaluation(out, row.member, comparison.*row.evaluation);
  auto const& d = comparison.difference;
  out.key("difference")
      .begin_object()
      .member("value", d.value)
      .member("low", d.low)
      .member("high", d.high)
      .end_object();
}

void write_labels(json::Writer& out, TrainPlan const& plan) {
  out.key("labels").begin_array();
  for (std::size_t label = 0; label < plan.counts.size(); ++label)
    out.begin_object()
        .member("key", plan.taxonomy->labels[label].key)
        .member("examples", plan.counts[label])
        .member("trained", bool{plan.trained[label]})
        .end_object();
  out.end_array();
}

std::string refused(TrainPlan const& plan) {
  std::string names;
  std::size_t count = 0;
  for (std::size_t label = 0; label < plan.counts.size(); ++label) {
    if (plan.trained[label]) continue;
    names += fmt::format("{}{} ({})", count++ ? ", " : "", plan.taxonomy->labels[label].key, plan.counts[label]);
  }
  if (count == 0) return "";
  return fmt::format("not trained, with fewer than {} examples: {}; zero-shot scores speak for them\n",
                     plan.min_per_class, log::one_line(names));
}

std::string comparison_table(Comparison const& comparison) {
  bool const single = comparison.metric == "accuracy";
  log::TextTable table({{""},
                        {single ? "accuracy" : "micro F1"},
                        {"macro F1"},
                        {"unknown", log::Align::right},
                        {"calibration error", log::Align::right}});
  for (auto const& row : k_rows) {
    auto const& e = comparison.*row.evaluation;
    table.add({std::string(row.title), with_interval(single ? e.accuracy : e.micro_f1), figure(e.macro_f1.value),
               std::to_string(e.unknown), figure(e.reliability.ece)});
  }
  return table.text();
}

std::string in_use_text(TrainPlan const& plan) {
  return plan.in_use ? fmt::format("in use: classifier {}\n", *plan.in_use) : "in use: zero-shot\n";
}

}  // namespace

std::string figure(double value) {
  return fmt::format("{:.3f}", value);
}

std::string train_plan_text(TrainPlan const& plan) {
  auto text = fmt::format("{} ({}), vectors of {}: {} labelled profiles of {}\n", classify::name(plan.taxonomy->task),
                          log::one_line(plan.taxonomy->name), log::one_line(plan.model), plan.profiles,
                          log::one_line(plan.labels));
  if (plan.unlabelled + plan.unrecoverable + plan.without_text > 0)
    text += fmt::format("left out: {} without a label, {} whose texts do not tell it, {} without a text\n",
                        plan.unlabelled, plan.unrecoverable, plan.without_text);
  return text + refused(plan) + in_use_text(plan);
}

std::string train_text(TrainPlan const& plan, Trained const& trained) {
  auto text = train_plan_text(plan);
  text += fmt::format("cross-validated in {} folds, seed {}; zero-shot is unsure of {} profiles\n", trained.folds,
                      trained.seed, trained.comparison.asked);
  text += comparison_table(trained.comparison);
  return text + fmt::format("classifier {}: {}\n", trained.classifier, trained.decision.reason);
}

std::string train_json(TrainPlan const& plan, std::optional<Trained> const& trained) {
  json::Writer out;
  out.begin_object().member("command", "train-classifier").member("dry_run", !trained.has_value());
  out.member("task", classify::name(plan.taxonomy->task)).member("taxonomy", plan.taxonomy->name);
  out.member("model", plan.model).member("file", plan.labels).member("profiles", plan.profiles);
  out.key("left_out").begin_object().member("unlabelled", plan.unlabelled).member("unrecoverable", plan.unrecoverable);
  out.member("without_text", plan.without_text).end_object();
  out.member("texts_to_embed", plan.texts_to_embed).member("min_per_class", plan.min_per_class);
  write_labels(out, plan);
  out.key("in_use");
  plan.in_use ? out.value(*plan.in_use) : out.null();
  out.key("run");
  trained ? out.value(trained->run.value) : out.null();
  out.key("classifier");
  if (!trained) {
    out.null().end_object();
    return std::move(out).take();
  }
  out.begin_object().member("id", trained->classifier).member("hash", trained->hash);
  out.member("data_hash", trained->data_hash).member("c", trained->c).member("temperature", trained->temperature);
  out.member("score_weight", trained->score_weight).member("promoted", trained->decision.promoted);
  out.member("reason", trained->decision.reason).key("comparison").begin_object();
  write_comparison(out, trained->comparison, trained->folds, trained->seed);
  out.end_object().end_object().end_object();
  return std::move(out).take();
}

std::string metrics_json(TrainPlan const& plan, Comparison const& comparison, std::size_t folds, std::int64_t seed) {
  json::Writer out;
  out.begin_object().member("profiles", plan.profiles).key("compared_with");
  plan.in_use ? out.value(*plan.in_use) : out.null();
  write_comparison(out, comparison, folds, seed);
  out.end_object();
  return std::move(out).take();
}

}  // namespace jvmm::commands
