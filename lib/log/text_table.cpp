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

/// Bytes of the control character that the text begins with: C0, DEL, or C1 (U+0080 to U+009F); 0 if it is none.
std::size_t control_length(std::string_view text) {
  auto const first = static_cast<unsigned char>(text[0]);
  if (first < 0x20 || first == 0x7f) return 1;
  bool const is_c1 = first == 0xc2 && text.size() > 1 && static_cast<unsigned char>(text[1]) - 0x80u < 0x20u;
  return is_c1 ? 2 : 0;
}

std::string padded(std::string const& cell, std::size_t to, Align align) {
  std::string const blanks(to - std::min(to, width(cell)), ' ');
  return align == Align::left ? cell + blanks : blanks + cell;
}

}  // namespace

std::string one_line(std::string_view text, std::size_t max_width) {
  std::string out;
  bool const cut = max_width > 0 && width(text) > max_width;
  std::size_t const keep = cut ? max_width - 1 : std::string_view::npos;
  std::size_t points = 0;
  while (!text.empty()) {
    if (!is_continuation(text[0]) && points++ == keep) break;
    auto const control = control_length(text);
    out += control > 0 ? '?' : text[0];
    text.remove_prefix(std::max<std::size_t>(control, 1));
  }
  return cut ? out + "…" : out;
}

TextTable::TextTable(std::vector<Column> columns) : m_columns(std::move(columns)) {}

void TextTable::add(std::vector<std::string> cells) {
  if (cells.size() != m_columns.size()) throw Error(Kind::internal, "text table: cells and columns differ in number");
  for (std::size_t i = 0; i < cells.size(); ++i)
    cells[i] = one_line(cells[i], m_columns[i].max_width);
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
