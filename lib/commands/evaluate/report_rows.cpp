#include <fmt/format.h>

#include <algorithm>

#include "commands/evaluate/report.hpp"

namespace jvmm::commands {
namespace {

std::string shown(double value) {
  return fmt::format("{:.3f}", value);
}

std::string or_none(std::string const& label) {
  return label.empty() ? "(none)" : label;
}

bool is_offers(EvaluationReport const& report) {
  return report.task == classify::Task::offer_types;
}

}  // namespace

std::string_view EvaluationReport::measure_name() const {
  return task == classify::Task::offer_types ? "micro_f1" : "accuracy";
}

classify::Measure const& EvaluationReport::measure() const {
  return task == classify::Task::offer_types ? evaluation.micro_f1 : evaluation.accuracy;
}

std::vector<std::vector<std::string>> figure_rows(EvaluationReport const& report) {
  auto const& e = report.evaluation;
  std::vector<std::vector<std::string>> rows;
  auto const with_interval = [&](std::string name, classify::Measure const& measure) {
    rows.push_back({std::move(name), shown(measure.value), shown(measure.low), shown(measure.high)});
  };
  auto const plain = [&](std::string name, double value) { rows.push_back({std::move(name), shown(value), "", ""}); };
  with_interval(is_offers(report) ? "first answer right" : "accuracy", e.accuracy);
  with_interval("micro F1", e.micro_f1);
  with_interval("macro F1", e.macro_f1);
  plain("micro precision", e.micro_precision);
  plain("micro recall", e.micro_recall);
  if (is_offers(report))
    plain("all labels right", e.exact);
  else
    plain("primary or secondary right", e.primary_or_secondary);
  plain("right where answered", e.accuracy_where_answered);
  if (e.reliability.answers > 0) plain("calibration error (ECE)", e.reliability.ece);
  return rows;
}

std::vector<std::vector<std::string>> baseline_rows(EvaluationReport const& report) {
  std::vector<std::vector<std::string>> rows;
  auto const add = [&](std::string const& name, classify::Evaluation const& e) {
    double const unknown = static_cast<double>(e.unknown) / static_cast<double>(e.cases);
    rows.push_back({name, fmt::format("{:.1f} %", 100 * unknown), shown(e.accuracy.value), shown(e.accuracy.low),
                    shown(e.accuracy.high), shown(e.micro_f1.value), shown(e.macro_f1.value)});
  };
  add(report.predictions, report.evaluation);
  for (auto const& baseline : report.baselines)
    add(baseline.about, baseline.evaluation);
  return rows;
}

std::vector<std::vector<std::string>> label_rows(EvaluationReport const& report) {
  auto labels = report.evaluation.labels;
  std::stable_sort(labels.begin(), labels.end(), [](auto const& a, auto const& b) { return a.support > b.support; });
  std::vector<std::vector<std::string>> rows;
  for (auto const& label : labels)
    rows.push_back({label.label, shown(label.precision), shown(label.recall), shown(label.f1),
                    std::to_string(label.support), std::to_string(label.predicted)});
  return rows;
}

std::vector<std::vector<std::string>> confusion_rows(EvaluationReport const& report) {
  std::vector<std::vector<std::string>> rows;
  for (auto const& confusion : report.evaluation.confusions) {
    if (rows.size() == report.top) break;
    rows.push_back({or_none(confusion.truth), or_none(confusion.predicted), std::to_string(confusion.count)});
  }
  return rows;
}

std::vector<std::vector<std::string>> bin_rows(EvaluationReport const& report) {
  std::vector<std::vector<std::string>> rows;
  for (auto const& bin : report.evaluation.reliability.bins)
    rows.push_back({fmt::format("{:.2f} to {:.2f}", bin.from, bin.to), std::to_string(bin.answers),
                    shown(bin.confidence), shown(bin.right)});
  return rows;
}

std::string evaluation_subject(EvaluationReport const& report) {
  return fmt::format("{} by {}: {} labelled profiles of {}; answers of {}, {} of them unknown",
                     classify::name(report.task), report.taxonomy, report.evaluation.cases, report.labels,
                     report.predictions, report.evaluation.unknown);
}

std::string evaluation_left_out(EvaluationReport const& report) {
  std::string text;
  auto const add = [&](std::size_t count, char const* what) {
    if (count > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, what);
  };
  add(report.unlabelled, "rows without a label left out");
  add(report.unrecoverable, "left out whose texts do not tell the label");
  add(report.missing, "left out that the database does not have");
  add(report.unclassified, "never classified and taken as unknown");
  add(report.foreign, "answers that are no label of the taxonomy");
  return text;
}

std::string evaluation_verdict(EvaluationReport const& report) {
  if (!report.required) return {};
  return fmt::format("{} {:.4f} is {} the {} required",
                     report.task == classify::Task::offer_types ? "micro F1" : "accuracy", report.measure().value,
                     report.passed() ? "not below" : "below", *report.required);
}

}  // namespace jvmm::commands
