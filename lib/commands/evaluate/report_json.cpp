#include "commands/evaluate/report.hpp"
#include "json/writer.hpp"

namespace jvmm::commands {
namespace {

void write(json::Writer& out, std::string_view name, classify::Measure const& measure) {
  out.key(name).begin_object().member("value", measure.value).member("low", measure.low);
  out.member("high", measure.high).end_object();
}

void write_figures(json::Writer& out, classify::Evaluation const& e) {
  out.member("cases", e.cases).member("unknown", e.unknown);
  write(out, "accuracy", e.accuracy);
  write(out, "micro_f1", e.micro_f1);
  write(out, "macro_f1", e.macro_f1);
  out.member("micro_precision", e.micro_precision).member("micro_recall", e.micro_recall);
  out.member("primary_or_secondary", e.primary_or_secondary).member("exact", e.exact);
  out.member("accuracy_where_answered", e.accuracy_where_answered);
}

void write_labels(json::Writer& out, classify::Evaluation const& e) {
  out.key("labels").begin_array();
  for (auto const& label : e.labels) {
    out.begin_object().member("label", label.label).member("precision", label.precision).member("recall", label.recall);
    out.member("f1", label.f1).member("support", label.support).member("predicted", label.predicted).end_object();
  }
  out.end_array();
}

void write_confusions(json::Writer& out, EvaluationReport const& report) {
  out.key("confusions").begin_array();
  std::size_t shown = 0;
  for (auto const& confusion : report.evaluation.confusions) {
    if (shown++ == report.top) break;
    out.begin_object().key("truth");
    confusion.truth.empty() ? out.null() : out.value(confusion.truth);
    out.key("predicted");
    confusion.predicted.empty() ? out.null() : out.value(confusion.predicted);
    out.member("count", confusion.count).end_object();
  }
  out.end_array();
}

void write_reliability(json::Writer& out, classify::Reliability const& reliability) {
  out.key("reliability").begin_object().member("answers", reliability.answers).member("ece", reliability.ece);
  out.member("mce", reliability.mce).key("bins").begin_array();
  for (auto const& bin : reliability.bins) {
    out.begin_object().member("from", bin.from).member("to", bin.to).member("answers", bin.answers);
    out.member("confidence", bin.confidence).member("right", bin.right).end_object();
  }
  out.end_array().end_object();
}

}  // namespace

std::string evaluation_json(EvaluationReport const& report) {
  json::Writer out;
  out.begin_object().member("command", "evaluate").member("task", classify::name(report.task));
  out.member("taxonomy", report.taxonomy).member("labels_file", report.labels);
  out.member("predictions", report.predictions).member("seed", report.seed);
  out.member("unlabelled", report.unlabelled).member("unrecoverable", report.unrecoverable);
  out.member("missing", report.missing).member("unclassified", report.unclassified);
  out.member("foreign", report.foreign);
  write_figures(out, report.evaluation);
  write_labels(out, report.evaluation);
  write_confusions(out, report);
  write_reliability(out, report.evaluation.reliability);
  out.key("baselines").begin_array();
  for (auto const& baseline : report.baselines) {
    out.begin_object().member("name", baseline.name).member("about", baseline.about);
    write_figures(out, baseline.evaluation);
    out.end_object();
  }
  out.end_array().member("measure", report.measure_name()).key("required");
  report.required ? out.value(*report.required) : out.null();
  out.member("passed", report.passed()).end_object();
  return std::move(out).take() + "\n";
}

}  // namespace jvmm::commands
