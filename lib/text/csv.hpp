#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace jvmm::text {

struct CsvRow {
  std::size_t line = 0;  ///< where it begins, from 1
  std::vector<std::string> cells;
};

/// Rows of a CSV text after RFC 4180: cells by comma, rows by CRLF or LF, quotes around a cell that holds either or a
/// quote, which is doubled. A byte order mark is passed over, and so are blank lines. The text has to outlive it.
///
/// **Throws** bad_input, "labels.csv: line 3, column 2: a quote is never closed": also for what is no UTF-8 and for NUL
/// bytes. **Cost** linear.
class CsvReader {
 public:
  /// Checks the encoding.
  CsvReader(std::string_view text, std::string source);

  /// The next row; absent at the end.
  std::optional<CsvRow> next();

  /// An error about a line of this text, or about a cell of it: `column` such as "2 (label)".
  Error error(std::size_t line, std::string const& what) const;
  Error error(std::size_t line, std::string const& column, std::string const& what) const;

  std::string const& source() const { return m_source; }

 private:
  bool take(char c);
  std::string plain(std::size_t column);
  std::string quoted(std::size_t column);
  void end_row(std::size_t column);

  std::string_view m_text;
  std::string m_source;
  std::size_t m_line = 1;
};

/// A CSV text whose first row names the columns. The text has to outlive it.
class CsvTable {
 public:
  /// Reads the header. **Throws** bad_input: as CsvReader; no row; a name that is empty or comes twice; semicolons or
  /// tabs in place of commas.
  CsvTable(std::string_view text, std::string source);

  std::vector<std::string> const& columns() const { return m_header.cells; }
  std::optional<std::size_t> column(std::string_view name) const;

  /// The place of a column that has to be there. **Throws** bad_input, with the columns that are.
  std::size_t require(std::string_view name) const;

  /// The next row. **Throws** bad_input where it has more or fewer cells than the header.
  std::optional<CsvRow> next();

  /// Where a cell stands, for messages: "labels.csv: line 3, column 2 (label)".
  std::string place(CsvRow const& row, std::size_t column) const;

  /// An error about a cell or a line, with its place in front.
  Error error(CsvRow const& row, std::size_t column, std::string const& what) const;
  Error error(std::size_t line, std::string const& what) const { return m_reader.error(line, what); }

 private:
  CsvReader m_reader;
  CsvRow m_header;
};

/// The whole of a file, at most 256 MiB. **Throws** missing_input, local_io, bad_input (larger).
std::string read_text_file(std::filesystem::path const& path);

enum class ByteOrderMark { no, yes };

/// Writes rows that spreadsheets open, with CRLF at their ends. Ill-formed UTF-8 becomes U+FFFD.
class CsvWriter {
 public:
  /// With a byte order mark Excel reads the text as UTF-8; most other programs need none.
  explicit CsvWriter(ByteOrderMark mark = ByteOrderMark::no);

  /// REQUIRES: as many cells as in the rows before.
  void add(std::span<std::string const> cells);
  std::string take() && { return std::move(m_out); }

 private:
  std::string m_out;
};

/// A text that no spreadsheet takes for a formula: where it begins with = + - @, a tab, a line end, or the full-width
/// forms of the four, an apostrophe is put in front; and also where such a text has apostrophes in front already, so
/// that `unguarded` gives the text back.
std::string guarded(std::string text);
std::string unguarded(std::string text);

}  // namespace jvmm::text
