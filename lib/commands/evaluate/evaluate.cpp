#include "commands/evaluate/evaluate.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "commands/evaluate/answers.hpp"
#include "commands/evaluate/baseline.hpp"
#include "commands/evaluate/report.hpp"
#include "commands/output_file.hpp"
#include "commands/task_labels.hpp"

namespace jvmm::commands {
namespace {

constexpr std::int64_t k_most_resamples = 100'000, k_most_bins = 100, k_most_confusions = 1'000;

classify::EvaluationOptions measure_options(EvaluateOptions const& options) {
  return {options.task == classify::Task::offer_types ? classify::LabelKind::multi : classify::LabelKind::single,
          static_cast<std::uint64_t>(options.seed), static_cast<std::size_t>(options.resamples),
          static_cast<std::size_t>(options.bins)};
}

void warn(log::Logger& log, EvaluationReport const& report) {
  if (report.missing > 0) log.warn("{} labelled profiles are not in the database and are left out", report.missing);
  if (report.unclassified > 0)
    log.warn("{} labelled profiles were never classified and count as unknown", report.unclassified);
  if (report.foreign > 0)
    log.warn("{} answers are no label of {}: they count as wrong; is it the taxonomy they were made with?",
             report.foreign, report.taxonomy);
}

void write_html(RunContext const& context, EvaluationReport const& report, std::string const& path) {
  OutputFile file(path);
  file.write(evaluation_html(report, iso8601(context.clock.now())));
  file.finish();
}

}  // namespace

void EvaluateOptions::validate() const {
  auto const within = [](char const* option, std::int64_t value, std::int64_t least, std::int64_t most) {
    if (value < least || value > most) throw Error(Kind::usage, fmt::format("{} takes {} to {}", option, least, most));
  };
  if (labels.empty()) throw Error(Kind::usage, "--labels takes a file");
  if (require && !(*require >= 0 && *require <= 1)) throw Error(Kind::usage, "--require takes 0 to 1");
  if (!predictions && !prediction_column.empty())
    throw Error(Kind::usage, "--prediction-column is a column of --predictions FILE");
  if (seed < 0) throw Error(Kind::usage, "--seed takes a number that is not negative");
  within("--resamples", resamples, 0, k_most_resamples);
  within("--bins", bins, 2, k_most_bins);
  within("--top", top, 0, k_most_confusions);
}

int evaluate(RunContext& context, EvaluateOptions const& options) {
  options.validate();
  auto const taxonomy = task_labels(context.settings, options.task, options.taxonomy);
  classify::LabelNames names(taxonomy.names);
  if (options.label_map) names.add_parents(classify::read_label_parents(*options.label_map), *options.label_map);
  auto const labels = classify::read_label_file(options.labels, names, {options.task, options.label_column});
  auto const answers = options.predictions ? answers_of_file(options, labels, names)
                                           : answers_of_database(context, options, labels, names);

  auto const measure = measure_options(options);
  EvaluationReport report{options.task,
                          taxonomy.taxonomy,
                          options.labels,
                          answers.source,
                          labels.unlabelled,
                          labels.unrecoverable,
                          answers.missing,
                          answers.unclassified,
                          answers.foreign,
                          classify::evaluate(cases_of(labels, answers), measure),
                          {},
                          options.require,
                          static_cast<std::size_t>(options.top),
                          options.seed};
  if (auto baseline = keyword_baseline(options, labels, answers, names, measure))
    report.baselines.push_back({"keyword_mapping", "the keyword mapping in use", std::move(*baseline)});
  warn(context.log, report);
  if (options.html) write_html(context, report, *options.html);
  if (context.format() == OutputFormat::json)
    context.print(evaluation_json(report));
  else if (!context.quiet)
    context.print(evaluation_text(report));
  if (!report.passed()) context.log.warn("{}", evaluation_verdict(report));
  return report.passed() ? 0 : 1;
}

}  // namespace jvmm::commands
