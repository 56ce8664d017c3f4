#include <fmt/format.h>

#include "commands/evaluate/report.hpp"
#include "commands/run_context.hpp"

namespace jvmm::commands {
namespace {

constexpr double k_left = 50, k_top = 10, k_side = 300;  // of the square of the diagram

double x_of(double confidence) {
  return k_left + confidence * k_side;
}

double y_of(double right) {
  return k_top + (1 - right) * k_side;
}

std::string line(char const* style, double x1, double y1, double x2, double y2) {
  return fmt::format("<line class=\"{}\" x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"/>\n", style, x1, y1,
                     x2, y2);
}

std::string bar(classify::ReliabilityBin const& bin) {
  return fmt::format(
      "<rect class=\"second\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"><title>{} answers of {:.2f} "
      "to "
      "{:.2f}: {:.1f} % right, mean confidence {:.3f}</title></rect>\n",
      x_of(bin.from) + 1, y_of(bin.right), (bin.to - bin.from) * k_side - 2, bin.right * k_side, bin.answers, bin.from,
      bin.to, 100 * bin.right, bin.confidence);
}

std::string axis_labels() {
  std::string html;
  for (double const at : {0.0, 0.25, 0.5, 0.75, 1.0}) {
    html += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{:g}</text>\n", x_of(at),
                        k_top + k_side + 18, at);
    html +=
        fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{:g}</text>\n", k_left - 8, y_of(at) + 4, at);
  }
  return html + fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">confidence</text>\n",
                            k_left + k_side / 2, k_top + k_side + 38);
}

std::string paragraph(std::string const& text) {
  return text.empty() ? std::string() : fmt::format("<p>{}</p>\n", escaped(text));
}

Section figures_section(EvaluationReport const& report) {
  auto const& e = report.evaluation;
  auto html = paragraph(evaluation_subject(report)) + paragraph(evaluation_left_out(report));
  html += html_figures({{fmt::format("{:.3f}", report.measure().value),
                         report.task == classify::Task::offer_types ? "micro F1" : "accuracy"},
                        {std::to_string(e.cases), "profiles"},
                        {std::to_string(e.unknown), "unknown"}});
  html += paragraph(evaluation_verdict(report)) + html_table(k_figure_titles, figure_rows(report));
  html += fmt::format("<p class=\"soft\">from, to: 95 % interval over profiles, seed {}</p>\n", report.seed);
  return {"figures", "How good", std::move(html), {}};
}

Section reliability_section(EvaluationReport const& report) {
  auto const& reliability = report.evaluation.reliability;
  auto html = reliability.answers > 0 ? reliability_diagram(reliability) + html_table(k_bin_titles, bin_rows(report))
                                      : std::string("<p>The answers came without confidences.</p>\n");
  return {"reliability", "How far confidences can be trusted", std::move(html), {}};
}

}  // namespace

std::string reliability_diagram(classify::Reliability const& reliability) {
  auto html = fmt::format("<figure><svg viewBox=\"0 0 720 {:.0f}\" role=\"img\" aria-label=\"Reliability diagram\">\n",
                          k_top + k_side + 45);
  for (auto const& each : reliability.bins)
    html += bar(each);
  html += line("axis", x_of(0), y_of(0), x_of(1), y_of(0)) + line("axis", x_of(0), y_of(0), x_of(0), y_of(1));
  html += line("ideal", x_of(0), y_of(0), x_of(1), y_of(1)) + axis_labels();
  return html + fmt::format(
                    "</svg>\n<figcaption>Share of right answers by confidence; on the line it is what the confidence "
                    "says. Calibration error {:.3f} over {} answers, at most {:.3f}.</figcaption></figure>\n",
                    reliability.ece, reliability.answers, reliability.mce);
}

std::string evaluation_html(EvaluationReport const& report, std::string const& made_at) {
  std::vector<Section> sections{figures_section(report)};
  if (!report.baselines.empty())
    sections.push_back({"baselines", "Side by side", html_table(k_baseline_titles, baseline_rows(report)), {}});
  sections.push_back({"labels", "By label", html_table(k_label_titles, label_rows(report)), {}});
  if (auto const rows = confusion_rows(report); !rows.empty())
    sections.push_back({"confusions", "What is confused", html_table(k_confusion_titles, rows), {}});
  sections.push_back(reliability_section(report));
  return html_page(fmt::format("Evaluation of {}", classify::name(report.task)),
                   fmt::format("jvmm {}, {}", version(), made_at), sections);
}

}  // namespace jvmm::commands
