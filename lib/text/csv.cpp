#include "text/csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

#include "base/utf8.hpp"

namespace jvmm::text {
namespace {

constexpr std::uintmax_t k_most_bytes = std::uintmax_t{256} << 20;
constexpr std::string_view k_mark = "\xef\xbb\xbf";
constexpr std::array<std::string_view, 11> k_formula_starts{"=",  "+",      "-",      "@",      "\t",    "\r",
                                                            "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"};

std::size_t line_of(std::string_view text, std::size_t at) {
  return 1 + static_cast<std::size_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

/// How many apostrophes stand before what a spreadsheet takes for a formula; absent where it is none.
std::optional<std::size_t> apostrophes_before_formula(std::string_view text) {
  auto const begin = std::min(text.find_first_not_of('\''), text.size());
  auto const rest = text.substr(begin);
  bool const formula = std::any_of(k_formula_starts.begin(), k_formula_starts.end(),
                                   [&](std::string_view start) { return rest.starts_with(start); });
  return formula ? std::optional(begin) : std::nullopt;
}

std::string joined(std::vector<std::string> const& names) {
  std::string text;
  for (auto const& name : names)
    text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace

CsvReader::CsvReader(std::string_view text, std::string source) : m_text(text), m_source(std::move(source)) {
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff"))
    throw Error(Kind::bad_input, m_source + ": is UTF-16, expected UTF-8").hint("save it as CSV in UTF-8");
  if (auto const at = text.find('\0'); at != std::string_view::npos) throw error(line_of(text, at), "a NUL byte");
  if (auto const at = utf8::first_invalid(text); at != std::string_view::npos)
    throw error(line_of(text, at), "this is no UTF-8").hint("save it as CSV in UTF-8");
  if (m_text.starts_with(k_mark)) m_text.remove_prefix(k_mark.size());
}

std::optional<CsvRow> CsvReader::next() {
  while (!m_text.empty()) {
    CsvRow row{m_line, {}};
    bool const blank = m_text.front() == '\r' || m_text.front() == '\n';
    do
      row.cells.push_back(m_text.starts_with('"') ? quoted(row.cells.size() + 1) : plain(row.cells.size() + 1));
    while (take(','));
    end_row(row.cells.size());
    if (!blank) return row;
  }
  return std::nullopt;
}

Error CsvReader::error(std::size_t line, std::string const& what) const {
  return Error(Kind::bad_input, fmt::format("{}: line {}: {}", m_source, line, what));
}

Error CsvReader::error(std::size_t line, std::string const& column, std::string const& what) const {
  return Error(Kind::bad_input, fmt::format("{}: line {}, column {}: {}", m_source, line, column, what));
}

bool CsvReader::take(char c) {
  if (!m_text.starts_with(c)) return false;
  m_text.remove_prefix(1);
  return true;
}

std::string CsvReader::plain(std::size_t column) {
  auto const end = std::min(m_text.find_first_of(",\r\n"), m_text.size());
  std::string cell(m_text.substr(0, end));
  if (cell.find('"') != std::string::npos)
    throw error(m_line, std::to_string(column), "a quote inside a cell that does not begin with one");
  m_text.remove_prefix(end);
  return cell;
}

std::string CsvReader::quoted(std::size_t column) {
  auto const begun = m_line;
  take('"');
  std::string cell;
  while (!m_text.empty()) {
    char const c = m_text.front();
    m_text.remove_prefix(1);
    if (c == '"' && !take('"')) return cell;
    if (c == '\n') ++m_line;
    cell += c;
  }
  throw error(begun, std::to_string(column), "a quote is never closed");
}

void CsvReader::end_row(std::size_t column) {
  bool const carriage = take('\r');
  if (take('\n'))
    ++m_line;
  else if (carriage || !m_text.empty())
    throw error(m_line, std::to_string(column),
                carriage ? "a carriage return without a line feed" : "text after a closing quote");
}

CsvTable::CsvTable(std::string_view text, std::string source) : m_reader(text, std::move(source)) {
  auto header = m_reader.next();
  if (!header) throw m_reader.error(1, "empty, expected a header that names the columns");
  m_header = std::move(*header);
  auto const& names = m_header.cells;
  if (names.size() == 1 && names.front().find_first_of(";\t") != std::string::npos)
    throw m_reader.error(m_header.line, "cells are parted by semicolons or tabs, expected commas")
        .hint("export the sheet as comma-separated CSV");
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty()) throw error(m_header, i, "a column without a name");
    if (*column(names[i]) != i) throw error(m_header, i, "a second column of this name");
  }
}

std::optional<std::size_t> CsvTable::column(std::string_view name) const {
  auto const found = std::find(m_header.cells.begin(), m_header.cells.end(), name);
  return found == m_header.cells.end() ? std::nullopt
                                       : std::optional(static_cast<std::size_t>(found - m_header.cells.begin()));
}

std::size_t CsvTable::require(std::string_view name) const {
  if (auto const found = column(name)) return *found;
  throw m_reader.error(m_header.line,
                       fmt::format("the header has no column {}; it has {}", name, joined(m_header.cells)));
}

std::optional<CsvRow> CsvTable::next() {
  auto row = m_reader.next();
  if (row && row->cells.size() != m_header.cells.size())
    throw m_reader.error(row->line,
                         fmt::format("{} cells, the header has {}", row->cells.size(), m_header.cells.size()));
  return row;
}

std::string CsvTable::place(CsvRow const& row, std::size_t column) const {
  return fmt::format("{}: line {}, column {} ({})", m_reader.source(), row.line, column + 1, m_header.cells[column]);
}

Error CsvTable::error(CsvRow const& row, std::size_t column, std::string const& what) const {
  return Error(Kind::bad_input, place(row, column) + ": " + what);
}

std::string read_text_file(std::filesystem::path const& path) {
  std::error_code failed;
  if (!std::filesystem::exists(path, failed)) throw Error(Kind::missing_input, path.string() + " does not exist");
  if (std::filesystem::is_regular_file(path, failed) && std::filesystem::file_size(path, failed) > k_most_bytes)
    throw Error(Kind::bad_input, path.string() + " is larger than 256 MiB");
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream || std::filesystem::is_directory(path, failed))
    throw Error(Kind::local_io, path.string() + " cannot be read");
  return std::move(text).str();
}

CsvWriter::CsvWriter(ByteOrderMark mark) {
  if (mark == ByteOrderMark::yes) m_out = k_mark;
}

void CsvWriter::add(std::span<std::string const> cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    auto const cell = utf8::repaired(cells[i]);
    if (i > 0) m_out += ',';
    // A row of one empty cell would be a blank line, a cell with a mark in front would lose it.
    bool const plain = cell.find_first_of(",\"\r\n") == std::string::npos && !cell.starts_with(k_mark);
    if (plain && !(cell.empty() && cells.size() == 1)) {
      m_out += cell;
      continue;
    }
    m_out += '"';
    for (char const c : cell)
      m_out += c == '"' ? std::string("\"\"") : std::string(1, c);
    m_out += '"';
  }
  m_out += "\r\n";
}

std::string guarded(std::string text) {
  if (apostrophes_before_formula(text)) text.insert(text.begin(), '\'');
  return text;
}

std::string unguarded(std::string text) {
  if (apostrophes_before_formula(text).value_or(0) > 0) text.erase(text.begin());
  return text;
}

}  // namespace jvmm::text
