#include "commands/rescore/report.hpp"

#include <fmt/format.h>

#include "db/sql.hpp"
#include "log/text_table.hpp"

namespace jvmm::commands {
namespace {

void write_scoring(json::Writer& out, ScoringSetup const& setup) {
  auto const& profile = setup.scorer.profile();
  out.begin_object().member("name", profile.name).member("version", profile.version).member("hash", profile.hash);
  out.member("model", setup.model).member("basis", setup.basis).end_object();
}

void write_pressure(json::Writer& out, std::optional<PressureReport> const& pressure) {
  out.key("pressure");
  pressure ? write_json(out, *pressure) : static_cast<void>(out.null());
}

std::string score_or(std::optional<double> score) {
  return score ? fmt::format("{:.2f}", *score) : "-";
}

std::string plan_text(RescorePlan const& plan, ScoringSetup const& setup) {
  if (plan.shown.empty())
    return fmt::format("{} matches would be scored by {}; nothing was written\n", plan.matches, setup.basis);
  std::string text =
      fmt::format("{:<36}  {:>8}  {:>8}  {:>8}  {:>8}\n", "match", "before", "after", "a to b", "b to a");
  for (auto const& [before, after] : plan.shown)
    text += fmt::format("{:<36}  {:>8}  {:>8.2f}  {:>8.2f}  {:>8.2f}\n    {}\n", before.match.text(),
                        score_or(before.harmonic_mean ? before.harmonic_mean : before.match_score), after.harmonic_mean,
                        after.score_ab, after.score_ba, log::one_line(after.reason));
  return text + "nothing was written\n";
}

std::string plan_json(RescorePlan const& plan, ScoringSetup const& setup,
                      std::optional<PressureReport> const& pressure) {
  json::Writer out;
  out.begin_object().member("command", "rescore").member("dry_run", true).key("scoring");
  write_scoring(out, setup);
  write_pressure(out, pressure);
  out.key("plan");
  plan.shown.empty() ? out.begin_object().member("matches", plan.matches).end_object() : out.null();
  out.key("preview").begin_array();
  for (auto const& [before, after] : plan.shown) {
    out.begin_object().member("match", before.match.text()).key("before");
    before.harmonic_mean ? out.value(*before.harmonic_mean) : out.null();
    out.member("score_ab", after.score_ab).member("score_ba", after.score_ba);
    out.member("harmonic_mean", after.harmonic_mean).member("match_reason", after.reason);
    out.key("match_context").raw(after.context).end_object();
  }
  out.end_array().end_object();
  return std::move(out).take() + "\n";
}

std::string impact_json(RescoreReport const& report) {
  json::Writer out;
  out.begin_object().key("scoring");
  write_scoring(out, report.setup);
  out.key("impact");
  write_json(out, report.impact);
  write_pressure(out, report.pressure);
  out.key("shadow");
  if (report.shadow) {
    out.begin_object().key("scoring");
    write_scoring(out, *report.shadow);
    out.key("impact");
    write_json(out, *report.shadow_impact);
    out.end_object();
  } else {
    out.null();
  }
  out.end_object();
  return std::move(out).take();
}

}  // namespace

std::string plan_report(RescorePlan const& plan, ScoringSetup const& setup,
                        std::optional<PressureReport> const& pressure, OutputFormat format) {
  if (format == OutputFormat::json) return plan_json(plan, setup, pressure);
  return (pressure ? pressure_text(*pressure) : std::string()) + plan_text(plan, setup);
}

std::string report_text(RescoreReport const& report) {
  auto const& summary = report.summary;
  auto const rate = summary.seconds > 0 ? static_cast<double>(summary.done) / summary.seconds : 0;
  auto text = report.all_pairs + (report.pressure ? pressure_text(*report.pressure) : std::string());
  text += fmt::format("run {}: {} matches scored by {} in {:.1f} s ({:.0f} pairs/s)\n", summary.run.value, summary.done,
                      report.setup.basis, summary.seconds, rate);
  text += fmt::format("  {} failed, {} changed or deleted meanwhile\n", summary.failed, summary.superseded);
  for (auto const& [kind, count] : summary.failures_by_kind)
    text += fmt::format("  failed as {}: {}\n", kind, count);
  if (report.impact.pairs()) text += impact_text(report.impact);
  if (report.shadow_impact && report.shadow_impact->pairs())
    text += fmt::format("shadow {}, against what was written:\n{}", report.shadow->basis,
                        impact_text(*report.shadow_impact));
  if (summary.stopped != StopReason::none)
    text += fmt::format("  stopped early ({}); the same command goes on\n", name(summary.stopped));
  return text;
}

std::string report_json(RescoreReport const& report) {
  json::Writer out;
  out.begin_object().member("command", "rescore");
  if (!report.all_pairs.empty()) out.key("all_pairs").raw(report.all_pairs);
  out.key("summary").raw(report.summary.json());
  out.key("report").raw(impact_json(report)).member("exit_code", report.summary.exit_code()).end_object();
  return std::move(out).take() + "\n";
}

void store_impact(db::Connection& connection, RescoreReport const& report) {
  db::WriteTx tx(connection);
  tx.exec(db::sql::rescore_store_impact, db::Params().add(report.summary.run.value).add(impact_json(report)));
  tx.commit();
}

}  // namespace jvmm::commands
