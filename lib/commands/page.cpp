#include "commands/page.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/utf8.hpp"

namespace jvmm::commands {
namespace {

constexpr std::string_view k_style = R"(
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #5b6570; --paper: #ffffff; --line: #d9dee4;
  --first: #9aa7b5; --second: #2166c0; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e8ec; --soft: #9aa4ae; --paper: #15181c; --line: #343a42;
  --first: #66707c; --second: #6ea8f0; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 60rem;
  margin: 2rem auto; padding: 0 1rem; }
h1 { margin: 0; font-size: 1.6rem; } h2 { margin: 2.5rem 0 .5rem; font-size: 1.25rem; }
h3 { margin: 1.5rem 0 .25rem; font-size: 1rem; }
p { margin: .25rem 0; } .soft, figcaption { color: var(--soft); }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .2rem .9rem .2rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
td, dd, b { unicode-bidi: isolate; } th { font-weight: 600; } td.number { text-align: right; }
dl { display: flex; flex-wrap: wrap; gap: .5rem 2.5rem; margin: 1rem 0; } dl div { display: flex;
  flex-direction: column-reverse; } dt { color: var(--soft); } dd { margin: 0; font-size: 1.35rem; }
figure { margin: 1rem 0; } svg { width: 100%; height: auto; } svg text { fill: var(--soft); font-size: 12px; }
.first { fill: var(--first); } .second { fill: var(--second); } .axis { stroke: var(--line); }
.ideal { stroke: var(--ink); stroke-dasharray: 4 4; }
@media print { body { max-width: none; margin: 0; } })";

bool is_control(char32_t c) {
  return (c < 0x20 && c != '\t' && c != '\n') || (c >= 0x7f && c < 0xa0);
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789.,+-% ") == std::string_view::npos;
}

std::string bar(double x, double height, double width, char const* style, std::string const& tip) {
  constexpr double floor = 200;
  return fmt::format(
      "<rect class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"><title>{}</title></rect>\n",
      style, x, floor - height, width, height, tip);
}

std::string legend(std::vector<Series> const& series) {
  std::string html;
  double x = 20;
  for (std::size_t i = 0; i < series.size(); ++i) {
    html +=
        fmt::format("<rect class=\"{}\" x=\"{:.0f}\" y=\"4\" width=\"12\" height=\"12\"/>", i ? "second" : "first", x);
    html += fmt::format("<text x=\"{:.0f}\" y=\"14\">{}</text>\n", x + 18, escaped(series[i].name));
    x += 120;
  }
  return html;
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    auto const point = utf8::decode(text, at);
    switch (point.value) {
      case U'&':
        out += "&amp;";
        break;
      case U'<':
        out += "&lt;";
        break;
      case U'>':
        out += "&gt;";
        break;
      case U'"':
        out += "&quot;";
        break;
      case U'\'':
        out += "&#39;";
        break;
      default:
        utf8::append(out, is_control(point.value) ? utf8::k_replacement : point.value);
    }
    at += point.length;
  }
  return out;
}

std::string html_table(std::vector<std::string> const& titles, std::vector<std::vector<std::string>> const& rows) {
  std::string html = "<div class=\"wide\"><table>\n<thead><tr>";
  for (auto const& title : titles)
    html += fmt::format("<th scope=\"col\">{}</th>", escaped(title));
  html += "</tr></thead>\n<tbody>\n";
  for (auto const& row : rows) {
    html += "<tr>";
    for (auto const& cell : row)
      html += fmt::format("<td{}>{}</td>", is_number(cell) ? " class=\"number\"" : "", escaped(cell));
    html += "</tr>\n";
  }
  return html + "</tbody>\n</table></div>\n";
}

std::string html_figures(std::vector<Figure> const& figures) {
  std::string html = "<dl>\n";
  for (auto const& [value, label] : figures)
    html += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", escaped(label), escaped(value));
  return html + "</dl>\n";
}

std::string bar_chart(std::string_view caption, std::vector<std::string> const& labels,
                      std::vector<Series> const& series) {
  constexpr double left = 20, width = 680, tallest = 160;
  double most = 0;
  for (auto const& each : series)
    for (double const value : each.values)
      most = std::max(most, value);
  double const step = width / static_cast<double>(std::max<std::size_t>(labels.size(), 1));
  double const thick = step * 0.8 / static_cast<double>(std::max<std::size_t>(series.size(), 1));
  auto html = fmt::format("<figure><svg viewBox=\"0 0 720 225\" role=\"img\" aria-label=\"{}\">\n", escaped(caption));
  html += legend(series);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    double const x = left + static_cast<double>(i) * step;
    for (std::size_t s = 0; s < series.size(); ++s) {
      auto const value = series[s].values[i];
      auto const tip = fmt::format("{}, {}: {:g}", escaped(series[s].name), escaped(labels[i]), value);
      html += bar(x + step * 0.1 + static_cast<double>(s) * thick, most > 0 ? value / most * tallest : 0, thick,
                  s ? "second" : "first", tip);
    }
    html += fmt::format("<text x=\"{:.1f}\" y=\"216\" text-anchor=\"middle\">{}</text>\n", x + step / 2,
                        escaped(labels[i]));
  }
  return html + fmt::format(
                    "<line class=\"axis\" x1=\"{0}\" y1=\"200\" x2=\"{1}\" y2=\"200\"/>\n</svg>\n"
                    "<figcaption>{2}</figcaption></figure>\n",
                    left, left + width, escaped(caption));
}

std::string html_page(std::string_view title, std::string_view subtitle, std::span<Section const> sections) {
  std::string html = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n";
  html +=
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n";
  html += fmt::format("<title>{}</title>\n<style>{}\n</style>\n</head>\n<body>\n", escaped(title), k_style);
  html += fmt::format("<header><h1>{}</h1>\n<p class=\"soft\">{}</p></header>\n<main>\n", escaped(title),
                      escaped(subtitle));
  for (auto const& section : sections)
    html += fmt::format("<section id=\"{}\">\n<h2>{}</h2>\n{}</section>\n", escaped(section.id), escaped(section.title),
                        section.html);
  return html + "</main>\n</body>\n</html>\n";
}

}  // namespace jvmm::commands
