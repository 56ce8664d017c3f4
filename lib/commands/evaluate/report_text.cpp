#include <fmt/format.h>

#include "commands/evaluate/report.hpp"
#include "log/text_table.hpp"

namespace jvmm::commands {
namespace {

constexpr std::size_t k_widest = 60;

/// The first `left` columns are texts, the others numbers.
std::string table(std::vector<std::string> const& titles, std::vector<std::vector<std::string>> const& rows,
                  std::size_t left) {
  std::vector<log::TextTable::Column> columns;
  for (auto const& title : titles)
    columns.push_back({title, columns.size() < left ? log::Align::left : log::Align::right, k_widest});
  log::TextTable out(std::move(columns));
  for (auto const& row : rows)
    out.add(row);
  return out.text();
}

}  // namespace

std::string evaluation_text(EvaluationReport const& report) {
  auto text = log::one_line(evaluation_subject(report)) + "\n";
  if (auto const left_out = evaluation_left_out(report); !left_out.empty()) text += left_out + "\n";
  text += "\n" + table(k_figure_titles, figure_rows(report), 1);
  text += fmt::format("from, to: 95 % interval over profiles, seed {}\n", report.seed);
  if (!report.baselines.empty()) text += "\n" + table(k_baseline_titles, baseline_rows(report), 1);
  text += "\n" + table(k_label_titles, label_rows(report), 1);
  if (auto const rows = confusion_rows(report); !rows.empty()) text += "\n" + table(k_confusion_titles, rows, 2);
  if (auto const rows = bin_rows(report); !rows.empty()) text += "\n" + table(k_bin_titles, rows, 0);
  if (auto const verdict = evaluation_verdict(report); !verdict.empty()) text += "\n" + verdict + "\n";
  return text;
}

}  // namespace jvmm::commands
