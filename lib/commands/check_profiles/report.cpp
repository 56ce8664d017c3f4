#include "commands/check_profiles/report.hpp"

#include <fmt/format.h>

#include "json/writer.hpp"
#include "log/text_table.hpp"

namespace jvmm::commands {
namespace {

using checks::Verdict;

std::string findings_text(CheckCounts const& counts) {
  if (counts.findings.empty()) return "nothing found\n";
  log::TextTable table({{"column"}, {"finding"}, {"severity"}, {"values", log::Align::right}});
  for (auto const& [key, of_code] : counts.findings)
    table.add({key.first, key.second, std::string(checks::name(of_code.severity)), std::to_string(of_code.count)});
  return table.text();
}

std::string verdicts_text(CheckCounts const& counts) {
  auto text = fmt::format("values: {} verified, {} unverified, {} quarantined", counts.verdicts[0], counts.verdicts[1],
                          counts.verdicts[2]);
  if (counts.pages > 0) text += fmt::format("; {} profiles compared with a page", counts.pages);
  return text + "\n";
}

void write_counts(json::Writer& out, CheckCounts const& counts) {
  out.key("findings").begin_array();
  for (auto const& [key, of_code] : counts.findings)
    out.begin_object()
        .member("column", key.first)
        .member("code", key.second)
        .member("severity", checks::name(of_code.severity))
        .member("values", of_code.count)
        .end_object();
  out.end_array().key("verdicts").begin_object();
  for (auto const verdict : {Verdict::verified, Verdict::unverified, Verdict::quarantined})
    out.member(checks::name(verdict), counts.verdicts[static_cast<std::size_t>(verdict)]);
  out.end_object().key("mended").begin_object();
  for (auto const& [column, count] : counts.mended)
    out.member(column, count);
  out.end_object().member("kept_for_source", counts.kept).member("pages", counts.pages);
}

std::string mended_text(CheckCounts const& counts) {
  std::string columns;
  std::uint64_t all = 0;
  for (auto const& [column, count] : counts.mended) {
    columns += fmt::format("{}{} {}", columns.empty() ? "" : ", ", column, count);
    all += count;
  }
  if (all + counts.kept == 0) return "";
  return fmt::format("mended: {} values{}{}{}; {} left alone, as their source ranks higher\n", all,
                     columns.empty() ? "" : " (", columns, columns.empty() ? "" : ")", counts.kept);
}

}  // namespace

std::string check_report_text(stage::Summary const& summary, CheckCounts const& counts) {
  auto text = fmt::format("run {}: {} profiles checked in {:.1f} s, {} failed, {} edited or deleted meanwhile\n",
                          summary.run.value, summary.done, summary.seconds, summary.failed, summary.superseded);
  text += findings_text(counts) + verdicts_text(counts) + mended_text(counts);
  text += "'jvmm check-profiles list' shows what waits for a decision\n";
  if (summary.failed > 0) text += "'jvmm status' lists what failed\n";
  if (summary.stopped != StopReason::none)
    text += fmt::format("stopped early ({}); the same command goes on\n", name(summary.stopped));
  return text;
}

std::string check_report_json(stage::Summary const& summary, CheckCounts const& counts, std::string_view fingerprint) {
  json::Writer out;
  out.begin_object().member("command", "check-profiles").member("fingerprint", fingerprint);
  out.key("summary").raw(summary.json());
  write_counts(out, counts);
  out.member("exit_code", summary.exit_code()).end_object();
  return std::move(out).take() + "\n";
}

std::string check_plan_text(std::uint64_t profiles, CheckCounts const& counts) {
  return fmt::format("Would check {} profiles and find:\n\n", profiles) + findings_text(counts) +
         verdicts_text(counts) + "Nothing was written.\n";
}

std::string check_plan_json(std::uint64_t profiles, CheckCounts const& counts) {
  json::Writer out;
  out.begin_object().member("command", "check-profiles").member("dry_run", true).key("plan").begin_object();
  out.member("profiles", profiles);
  write_counts(out, counts);
  out.end_object().end_object();
  return std::move(out).take() + "\n";
}

std::string check_preview_text(std::vector<CheckedRow> const& rows) {
  log::TextTable table({{"profile"},
                        {"column"},
                        {"verdict"},
                        {"found", log::Align::left, 50},
                        {"value", log::Align::left, 40},
                        {"proposed", log::Align::left, 40}});
  for (auto const& [row, checked] : rows)
    for (std::size_t i = 0; i < checks::k_columns; ++i) {
      auto const& check = checked.found[i];
      if (check.ok()) continue;
      auto const column = checks::column_at(i);
      auto const judgement = checks::judge(column, check);
      table.add(
          {row.profile.text(), std::string(checks::name(column)),
           fmt::format("{} {}", checks::name(judgement.verdict), judgement.confidence), check.details(),
           row.values[i].value_or(""),
           check.proposal ? check.proposal->value.value_or("(nothing)") + (check.proposal->safe ? "" : " ?") : ""});
    }
  return table.text() + "Nothing was written.\n";
}

std::string check_preview_json(std::vector<CheckedRow> const& rows) {
  json::Writer out;
  out.begin_object().member("command", "check-profiles").key("preview").begin_array();
  for (auto const& [row, checked] : rows)
    for (std::size_t i = 0; i < checks::k_columns; ++i) {
      auto const& check = checked.found[i];
      auto const column = checks::column_at(i);
      if (check.ok()) continue;
      auto const judgement = checks::judge(column, check);
      out.begin_object().member("profile", row.profile.text()).member("column", checks::name(column));
      out.member("verdict", checks::name(judgement.verdict)).member("confidence", judgement.confidence);
      out.key("findings").begin_array();
      for (auto const& finding : check.findings)
        out.begin_object()
            .member("code", finding.code)
            .member("severity", checks::name(finding.severity))
            .member("detail", finding.detail)
            .end_object();
      out.end_array().key("value");
      row.values[i] ? out.value(*row.values[i]) : out.null();
      out.key("proposal");
      if (check.proposal) {
        out.begin_object().key("value");
        check.proposal->value ? out.value(*check.proposal->value) : out.null();
        out.member("safe", check.proposal->safe).end_object();
      } else {
        out.null();
      }
      out.end_object();
    }
  out.end_array().end_object();
  return std::move(out).take() + "\n";
}

}  // namespace jvmm::commands
