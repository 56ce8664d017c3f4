#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace jvmm::log {

enum class Align { left, right };

/// The text as a terminal may show it: each control character (line feed too) becomes '?', and what is longer than
/// `max_width` code points is cut with "…"; 0 = no limit.
std::string one_line(std::string_view text, std::size_t max_width = 0);

/// A table for people: columns as wide as their widest cell, two blanks apart. Cells are shown by `one_line`, so that
/// data cannot drive the terminal; widths count code points.
class TextTable {
 public:
  struct Column {
    std::string title;
    Align align = Align::left;
    std::size_t max_width = 0;  ///< longer cells are cut with "…"; 0 = no limit
  };

  explicit TextTable(std::vector<Column> columns);

  /// REQUIRES: as many cells as columns.
  void add(std::vector<std::string> cells);
  std::string text() const;

 private:
  std::vector<Column> m_columns;
  std::vector<std::vector<std::string>> m_rows;
};

}  // namespace jvmm::log
