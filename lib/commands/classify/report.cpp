#include "commands/classify/report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "commands/services.hpp"
#include "json/writer.hpp"
#include "log/text_table.hpp"

namespace jvmm::commands {
namespace {

using log::Align;

constexpr std::size_t k_digits_shown = 12;

std::uint64_t all_held(ClassifyCounts const& counts) {
  std::uint64_t sum = 0;
  for (auto const& [reason, count] : counts.held)
    sum += count;
  return sum;
}

/// Labels by how often they were given.
std::string label_table(ClassifyStage const& stage) {
  std::vector<std::pair<std::uint64_t, std::string>> sorted;
  for (auto const& [key, count] : stage.counts().labels)
    sorted.emplace_back(count, key);
  std::stable_sort(sorted.begin(), sorted.end(), [](auto const& a, auto const& b) { return a.first > b.first; });
  log::TextTable table({{"label"}, {"given", Align::right}});
  for (auto const& [count, key] : sorted)
    table.add({key, std::to_string(count)});
  return sorted.empty() ? "" : table.text();
}

void write_taxonomy(json::Writer& out, ClassifyStage const& stage, Cascade const& cascade) {
  auto const& taxonomy = stage.taxonomy();
  out.member("task", classify::name(taxonomy.task)).member("taxonomy", taxonomy.name);
  out.member("taxonomy_hash", taxonomy.hash).member("stages", cascade.description());
  out.member("fingerprint", stage.fingerprint());
}

template <class Counts>
void write_counts(json::Writer& out, std::string_view name, Counts const& counts) {
  out.key(name).begin_object();
  for (auto const& [key, count] : counts)
    out.member(key, count);
  out.end_object();
}

}  // namespace

std::string classify_report_text(stage::Summary const& summary, ClassifyStage const& stage, Cascade const& cascade) {
  auto const& counts = stage.counts();
  auto const rate = summary.seconds > 0 ? static_cast<double>(summary.done) / summary.seconds : 0;
  auto text = fmt::format("run {}: {} profiles by {} ({}) in {:.1f} s, {:.0f} profiles/s\n", summary.run.value,
                          summary.done, stage.taxonomy().name, cascade.description(), summary.seconds, rate);
  text += fmt::format("  {} classified, {} unknown, {} held back, {} left to a source that ranks higher\n",
                      counts.classified, counts.unknown, all_held(counts), counts.kept);
  for (auto const& [reason, count] : counts.held)
    text += fmt::format("  held back as {}: {}\n", reason, count);
  text += fmt::format("  {} without text, {} failed, {} edited or deleted meanwhile\n", summary.skipped, summary.failed,
                      summary.superseded);
  if (summary.retries + summary.in_doubt + summary.replayed > 0)
    text += fmt::format("  {} retries, {} commits in doubt, {} batches row by row\n", summary.retries, summary.in_doubt,
                        summary.replayed);
  for (auto const& [kind, count] : summary.failures_by_kind)
    text += fmt::format("  failed as {}: {}\n", kind, count);
  if (summary.failed > 0)
    text += fmt::format("  'jvmm status' lists what failed, 'jvmm retry --stage {}' tries it again\n", stage.name());
  if (all_held(counts) > 0) text += "  'jvmm check-profiles' lists what was held back, and settles it\n";
  if (summary.postponed > 0)
    text += fmt::format("  {} left for the next run: {}\n", summary.postponed, summary.postponed_reason);
  if (summary.stopped != StopReason::none)
    text += fmt::format("  stopped early ({}); the same command goes on\n", name(summary.stopped));
  return text + "\n" + stage_counts_text(cascade.counts()) + "\n" + label_table(stage);
}

std::string classify_report_json(std::string_view command, stage::Summary const& summary, ClassifyStage const& stage,
                                 Cascade const& cascade, std::vector<store::Usage> const& usage) {
  auto const& counts = stage.counts();
  json::Writer out;
  out.begin_object().member("command", command);
  write_taxonomy(out, stage, cascade);
  out.key("summary").raw(summary.json()).key("cascade").raw(stage_counts_json(cascade.counts()));
  out.member("classified", counts.classified).member("unknown", counts.unknown).member("kept", counts.kept);
  write_counts(out, "held", counts.held);
  write_counts(out, "labels", counts.labels);
  out.key("usage").raw(usage_json(usage)).member("exit_code", summary.exit_code()).end_object();
  return std::move(out).take() + "\n";
}

std::string classify_plan_text(ClassifyPlan const& plan, ClassifyStage const& stage, Cascade const& cascade) {
  auto const& taxonomy = stage.taxonomy();
  auto text = fmt::format("Would classify {} profiles by {} ({}, {} labels; {}); {} of them have no text to go by.\n",
                          plan.profiles, taxonomy.name, taxonomy.hash.substr(0, k_digits_shown), taxonomy.labels.size(),
                          cascade.description(), plan.empty);
  if (!plan.services.empty())
    text += "\nWhat stages that ask a service would cost:\n\n" + service_stages_text(plan.services);
  return text;
}

std::string classify_plan_json(std::string_view command, ClassifyPlan const& plan, ClassifyStage const& stage,
                               Cascade const& cascade) {
  json::Writer out;
  out.begin_object().member("command", command).member("dry_run", true);
  write_taxonomy(out, stage, cascade);
  out.key("plan").begin_object().member("profiles", plan.profiles).member("empty", plan.empty);
  out.member("text_bytes", plan.text_bytes).key("services").raw(service_stages_json(plan.services));
  out.end_object().end_object();
  return std::move(out).take() + "\n";
}

}  // namespace jvmm::commands
