#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "json/ref.hpp"
#include "text/csv.hpp"

namespace jvmm::classify {

/// A row of a file of labels or predictions: a cell per column of CSV, or an object of JSON lines.
class LabelledRow {
 public:
  LabelledRow(text::CsvTable const& table, text::CsvRow const& row) : m_table(&table), m_row(&row), m_line(row.line) {}
  LabelledRow(json::Ref const& object, std::size_t line) : m_object(&object), m_line(line) {}

  std::size_t line() const { return m_line; }

  /// The object of a JSON line, or null.
  json::Ref const* object() const { return m_object; }

  /// Whether the file has that column, or this object that member.
  bool has(std::string_view column) const;

  /// A cell's text, without the apostrophe in front of a formula; a member's, which has to be a string. Empty: absent.
  std::string text(std::string_view column) const;

  /// For messages: "labels.csv: line 3, column 2 (label)". REQUIRES: has(column), of CSV.
  std::string place(std::string_view column) const;

  /// An error about a column. REQUIRES: has(column).
  Error error(std::string_view column, std::string const& what) const;

  /// The first of `columns` that is there. **Throws** bad_input, with those that are.
  std::string require(std::span<std::string const> columns) const;

 private:
  text::CsvTable const* m_table = nullptr;
  text::CsvRow const* m_row = nullptr;
  json::Ref const* m_object = nullptr;
  std::size_t m_line = 0;
};

/// Calls `use` for each row of a file, which is JSON lines (plain or gzip) if its first character is a brace, else CSV.
/// **Throws** missing_input, local_io, bad_input (no CSV, no JSON object).
void for_each_labelled_row(std::string const& path, std::function<void(LabelledRow const& row)> const& use);

}  // namespace jvmm::classify
