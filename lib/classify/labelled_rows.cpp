#include "classify/labelled_rows.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "json/parse.hpp"
#include "text/canonical.hpp"
#include "text/lines.hpp"

namespace jvmm::classify {
namespace {

bool is_json_lines(std::string const& path) {
  text::LineReader lines(path);
  for (std::string line; lines.next(line);)
    if (auto const text = text::strip(line); !text.empty()) return text.front() == '{';
  return false;
}

std::string listed(std::vector<std::string> const& names) {
  std::string text;
  for (auto const& name : names)
    text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace

bool LabelledRow::has(std::string_view column) const {
  return m_object ? m_object->value().find(column) != nullptr : m_table->column(column).has_value();
}

std::string LabelledRow::text(std::string_view column) const {
  if (m_object) {
    auto const member = m_object->find(column);
    return member ? member->string() : std::string();
  }
  auto const at = m_table->column(column);
  return at ? text::unguarded(m_row->cells[*at]) : std::string();
}

std::string LabelledRow::place(std::string_view column) const {
  return m_table->place(*m_row, *m_table->column(column));
}

Error LabelledRow::error(std::string_view column, std::string const& what) const {
  return m_object ? (*m_object)[column].error(what) : Error(Kind::bad_input, place(column) + ": " + what);
}

std::string LabelledRow::require(std::span<std::string const> columns) const {
  for (auto const& column : columns)
    if (has(column)) return column;
  std::string wanted;
  for (auto const& column : columns)
    wanted += (wanted.empty() ? "" : " or ") + column;
  if (m_object) throw m_object->unexpected("an object with " + wanted);
  throw m_table->error(1, fmt::format("the header has no column {}; it has {}", wanted, listed(m_table->columns())));
}

void for_each_labelled_row(std::string const& path, std::function<void(LabelledRow const& row)> const& use) {
  if (!is_json_lines(path)) {
    auto const content = text::read_text_file(path);
    text::CsvTable table(content, path);
    while (auto const row = table.next())
      use(LabelledRow(table, *row));
    return;
  }
  text::LineReader lines(path);
  for (std::string line; lines.next(line);) {
    if (text::strip(line).empty()) continue;
    auto const source = fmt::format("{}:{}", path, lines.line_number());
    auto const parsed = json::parse(line, source);
    json::Ref const object(parsed, source);
    if (object.value().type() != json::Type::object) throw object.unexpected("an object");
    use(LabelledRow(object, lines.line_number()));
  }
}

}  // namespace jvmm::classify
