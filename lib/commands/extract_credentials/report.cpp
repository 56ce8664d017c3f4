#include "commands/extract_credentials/report.hpp"

#include <fmt/format.h>

#include "commands/services.hpp"
#include "json/writer.hpp"
#include "log/text_table.hpp"

namespace jvmm::commands {
namespace {

using log::Align;

template <class Key>
std::uint64_t at(std::map<Key, std::uint64_t> const& counts, Key const& key) {
  auto const found = counts.find(key);
  return found == counts.end() ? 0 : found->second;
}

std::string kind_table(ExtractCounts const& counts) {
  log::TextTable table({{"kind"}, {"found", Align::right}});
  for (auto const kind : credentials::k_kinds)
    table.add({std::string(credentials::name(kind)), std::to_string(at(counts.kinds, kind))});
  return table.text();
}

std::string dropped_table(ExtractCounts const& counts) {
  log::TextTable table({{"dropped of"},
                        {"not in the text", Align::right},
                        {"not claimed", Align::right},
                        {"of another form", Align::right},
                        {"answers cut short", Align::right}});
  for (auto const& [stage, dropped] : counts.dropped)
    table.add({stage, std::to_string(dropped.ungrounded), std::to_string(dropped.unclaimed),
               std::to_string(dropped.refused), std::to_string(dropped.cut_short)});
  return table.text();
}

void write_subject(json::Writer& out, ExtractStage const& stage, Extractor const& extractor) {
  out.member("gazetteers", extractor.gazetteers()).member("stages", extractor.description());
  out.member("fingerprint", stage.fingerprint());
}

void write_counts(json::Writer& out, ExtractCounts const& counts) {
  out.member("found", counts.found).member("none", counts.none).member("kept", counts.kept);
  out.member("unsure", counts.unsure).key("kinds").begin_object();
  for (auto const kind : credentials::k_kinds)
    out.member(credentials::name(kind), at(counts.kinds, kind));
  out.end_object().key("methods").begin_object();
  for (auto const method : {credentials::Method::rules, credentials::Method::ner, credentials::Method::chat})
    out.member(credentials::name(method), at(counts.methods, method));
  out.end_object().key("tiers").begin_object();
  for (auto const* tier : {"high", "medium", "low"})
    out.member(tier, at(counts.tiers, std::string(tier)));
  out.end_object().key("dropped").begin_object();
  for (auto const& [stage, dropped] : counts.dropped) {
    out.key(stage).begin_object().member("ungrounded", dropped.ungrounded).member("unclaimed", dropped.unclaimed);
    out.member("refused", dropped.refused).member("cut_short", dropped.cut_short).end_object();
  }
  out.end_object();
}

}  // namespace

std::string extract_report_text(stage::Summary const& summary, ExtractStage const& stage, Extractor const& extractor) {
  auto const& counts = stage.counts();
  auto const rate = summary.seconds > 0 ? static_cast<double>(summary.done) / summary.seconds : 0;
  auto text = fmt::format("run {}: credentials of {} profiles ({}; lists {}) in {:.1f} s, {:.0f} profiles/s\n",
                          summary.run.value, summary.done, extractor.description(), extractor.gazetteers(),
                          summary.seconds, rate);
  text += fmt::format("  {} with credentials, {} without, {} left to a source that ranks higher\n", counts.found,
                      counts.none, counts.kept);
  text += fmt::format("  credibility: {} high, {} medium, {} low\n", at(counts.tiers, std::string("high")),
                      at(counts.tiers, std::string("medium")), at(counts.tiers, std::string("low")));
  if (counts.unsure > 0)
    text += fmt::format("  {} in which words that announce a credential are left over\n", counts.unsure);
  text += fmt::format("  {} without text, {} failed, {} edited or deleted meanwhile\n", summary.skipped, summary.failed,
                      summary.superseded);
  if (summary.retries + summary.in_doubt + summary.replayed > 0)
    text += fmt::format("  {} retries, {} commits in doubt, {} batches row by row\n", summary.retries, summary.in_doubt,
                        summary.replayed);
  for (auto const& [kind, count] : summary.failures_by_kind)
    text += fmt::format("  failed as {}: {}\n", kind, count);
  if (summary.failed > 0)
    text += fmt::format("  'jvmm status' lists what failed, 'jvmm retry --stage {}' tries it again\n", stage.name());
  if (summary.postponed > 0)
    text += fmt::format("  {} left for the next run: {}\n", summary.postponed, summary.postponed_reason);
  if (summary.stopped != StopReason::none)
    text += fmt::format("  stopped early ({}); the same command goes on\n", name(summary.stopped));
  text += "\n" + kind_table(counts) + "\n" + stage_counts_text(extractor.counts());
  return counts.dropped.empty() ? text : text + "\n" + dropped_table(counts);
}

std::string extract_report_json(std::string_view command, stage::Summary const& summary, ExtractStage const& stage,
                                Extractor const& extractor, std::vector<store::Usage> const& usage) {
  json::Writer out;
  out.begin_object().member("command", command);
  write_subject(out, stage, extractor);
  out.key("summary").raw(summary.json()).key("cascade").raw(stage_counts_json(extractor.counts()));
  write_counts(out, stage.counts());
  out.key("usage").raw(usage_json(usage)).member("exit_code", summary.exit_code()).end_object();
  return std::move(out).take() + "\n";
}

std::string extract_plan_text(ExtractPlan const& plan, Extractor const& extractor) {
  auto text =
      fmt::format("Would extract the credentials of {} profiles ({}; lists {}); {} of them have no text to read.\n",
                  plan.profiles, extractor.description(), extractor.gazetteers(), plan.empty);
  if (!plan.services.empty())
    text += "\nWhat stages that ask a service would cost:\n\n" + service_stages_text(plan.services);
  return text;
}

std::string extract_plan_json(std::string_view command, ExtractPlan const& plan, ExtractStage const& stage,
                              Extractor const& extractor) {
  json::Writer out;
  out.begin_object().member("command", command).member("dry_run", true);
  write_subject(out, stage, extractor);
  out.key("plan").begin_object().member("profiles", plan.profiles).member("empty", plan.empty);
  out.member("text_bytes", plan.text_bytes).key("services").raw(service_stages_json(plan.services));
  out.end_object().end_object();
  return std::move(out).take() + "\n";
}

}  // namespace jvmm::commands
