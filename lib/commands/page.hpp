#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jvmm::commands {

/// A part of the report.
struct Section {
  std::string id;     ///< of the element, and the member in JSON: a-z and '_'
  std::string title;  ///< text
  std::string html;   ///< well-formed; whatever comes from data went through `escaped`
  std::string json;   ///< one JSON value
};

/// Text as it may stand in an element or an attribute, whoever wrote it: markup is escaped, control characters and
/// ill-formed UTF-8 become U+FFFD.
std::string escaped(std::string_view text);

/// Text for people; cells that begin with a digit or a sign are set to the right.
std::string html_table(std::vector<std::string> const& titles, std::vector<std::vector<std::string>> const& rows);

/// A row of figures with what they are of.
struct Figure {
  std::string value, label;
};
std::string html_figures(std::vector<Figure> const& figures);

struct Series {
  std::string name;
  std::vector<double> values;  ///< not negative
};

/// One or two series as bars side by side, as SVG; each bar says its value when pointed at, and `caption` says what
/// they are. REQUIRES: as many values as labels.
std::string bar_chart(std::string_view caption, std::vector<std::string> const& labels,
                      std::vector<Series> const& series);

/// The page: self-contained, light or dark as the reader's system is.
std::string html_page(std::string_view title, std::string_view subtitle, std::span<Section const> sections);

}  // namespace jvmm::commands
