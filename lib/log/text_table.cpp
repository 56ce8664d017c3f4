#include "log/text_table.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"

namespace jvmm::log {
namespace {

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return !is_continuation(c); }));
}

/// The cell as it is shown: no control characters, cut to `max_width` code points.
std::string shown(std::string_view cell, std::size_t max_width) {
  std::string out;
  bool const cut = max_width > 0 && width(cell) > max_width;
  std::size_t const keep = cut ? max_width - 1 : std::string_view::npos;
  std::size_t points = 0;
  for (char const c : cell) {
    if (!is_continuation(c) && points++ == keep) break;
    out += (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) ? '?' : c;
  }
  return cut ? out + "…" : out;
}

std::string padded(std::string const& cell, std::size_t to, Align align) {
  std::string const blanks(to - std::min(to, width(cell)), ' ');
  return align == Align::left ? cell + blanks : blanks + cell;
}

}  // namespace

TextTable::TextTable(std::vector<Column> columns) : m_columns(std::move(columns)) {}

void TextTable::add(std::vector<std::string> cells) {
  if (cells.size() != m_columns.size()) throw Error(Kind::internal, "text table: cells and columns differ in number");
  for (std::size_t i = 0; i < cells.size(); ++i)
    cells[i] = shown(cells[i], m_columns[i].max_width);
  m_rows.push_back(std::move(cells));
}

std::string TextTable::text() const {
  std::vector<std::string> titles;
  std::vector<std::size_t> widths;
  for (auto const& column : m_columns) {
    titles.push_back(column.title);
    widths.push_back(width(column.title));
  }
  for (auto const& row : m_rows)
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], width(row[i]));

  std::string out;
  auto const append = [&](std::vector<std::string> const& row) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i)
      line += (i ? "  " : "") + padded(row[i], widths[i], m_columns[i].align);
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + '\n';
  };
  append(titles);
  for (auto const& row : m_rows)
    append(row);
  return out;
}

}  // namespace jvmm::log
