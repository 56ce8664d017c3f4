#include "commands/calibrate/pairs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <sstream>
#include <string>

#include "base/error.hpp"

namespace jvmm::commands {
namespace {

struct Record {
  std::size_t line = 0;
  std::vector<std::string> cells;
};

/// RFC 4180: cells by comma, rows by CRLF or LF, quotes around cells with either or with quotes, which are doubled.
class CsvReader {
 public:
  CsvReader(std::string_view text, std::string_view source) : m_text(text), m_source(source) {
    if (m_text.starts_with("\xef\xbb\xbf")) m_text.remove_prefix(3);
  }

  /// The next row that is not blank; absent at the end.
  std::optional<Record> next() {
    while (!m_text.empty()) {
      Record record{m_line, {}};
      do
        record.cells.push_back(m_text.starts_with('"') ? quoted() : plain());
      while (take(','));
      end_row();
      if (record.cells.size() > 1 || !record.cells.front().empty()) return record;
    }
    return std::nullopt;
  }

  Error error(std::size_t line, std::string const& what) const {
    return Error(Kind::bad_input, fmt::format("{}: line {}: {}", m_source, line, what));
  }

 private:
  bool take(char c) {
    if (!m_text.starts_with(c)) return false;
    m_text.remove_prefix(1);
    return true;
  }

  std::string plain() {
    auto const end = std::min(m_text.find_first_of(",\r\n"), m_text.size());
    std::string cell(m_text.substr(0, end));
    if (cell.find('"') != std::string::npos) throw error(m_line, "a quote inside a cell that does not begin with one");
    m_text.remove_prefix(end);
    return cell;
  }

  std::string quoted() {
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
    throw error(begun, "a quote is never closed");
  }

  void end_row() {
    bool const carriage = take('\r');
    if (take('\n'))
      ++m_line;
    else if (carriage || !m_text.empty())
      throw error(m_line, carriage ? "a carriage return without a line feed" : "text after a closing quote");
  }

  std::string_view m_text, m_source;
  std::size_t m_line = 1;
};

struct Columns {
  std::size_t a = 0, b = 0, label = 0, count = 0;
  std::optional<std::size_t> field_pair;
};

Columns read_header(CsvReader const& reader, Record const& header) {
  std::optional<std::size_t> a, b, label, field_pair;
  for (std::size_t i = 0; i < header.cells.size(); ++i) {
    auto const& name = header.cells[i];
    auto* const column = name == "id_a"         ? &a
                         : name == "id_b"       ? &b
                         : name == "label"      ? &label
                         : name == "field_pair" ? &field_pair
                                                : nullptr;
    if (!column || *column)
      throw reader.error(header.line, fmt::format("{} column '{}', expected a header id_a,id_b,label[,field_pair]",
                                                  column ? "a second" : "unknown", name));
    *column = i;
  }
  for (auto const& [column, name] : {std::pair{a, "id_a"}, {b, "id_b"}, {label, "label"}})
    if (!column) throw reader.error(header.line, fmt::format("the header has no column {}", name));
  return {*a, *b, *label, header.cells.size(), field_pair};
}

ProfileId read_id(CsvReader const& reader, Record const& row, std::size_t column) {
  auto const id = ProfileId::parse(row.cells[column]);
  if (!id) throw reader.error(row.line, fmt::format("'{}' is no profile id (uuid)", row.cells[column]));
  return *id;
}

double read_label(CsvReader const& reader, Record const& row, std::size_t column) {
  auto const& cell = row.cells[column];
  double label = -1;
  auto const [end, problem] = std::from_chars(cell.data(), cell.data() + cell.size(), label);
  if (problem != std::errc() || end != cell.data() + cell.size() || !(label >= 0 && label <= 10))
    throw reader.error(row.line, fmt::format("'{}' is no label, expected 0 or 1, or 0 to 10", cell));
  return label;
}

JudgedPair read_row(CsvReader const& reader, Record const& row, Columns const& columns) {
  if (row.cells.size() != columns.count)
    throw reader.error(row.line, fmt::format("{} cells, the header has {}", row.cells.size(), columns.count));
  JudgedPair pair{read_id(reader, row, columns.a), read_id(reader, row, columns.b),
                  read_label(reader, row, columns.label), std::nullopt, row.line};
  if (pair.a == pair.b) throw reader.error(row.line, "a profile is paired with itself");
  if (!columns.field_pair) return pair;
  pair.field_pair = scoring::parse_field_pair(row.cells[*columns.field_pair]);
  if (!pair.field_pair)
    throw reader.error(row.line, fmt::format("'{}' is no field pair, expected offering_seeking or audience",
                                             row.cells[*columns.field_pair]));
  return pair;
}

}  // namespace

std::vector<JudgedPair> parse_pairs(std::string_view csv, std::string_view source) {
  CsvReader reader(csv, source);
  auto const header = reader.next();
  if (!header) throw reader.error(1, "empty, expected a header id_a,id_b,label[,field_pair]");
  auto const columns = read_header(reader, *header);
  std::vector<JudgedPair> pairs;
  double highest = 0;
  while (auto const row = reader.next()) {
    pairs.push_back(read_row(reader, *row, columns));
    highest = std::max(highest, pairs.back().label);
  }
  if (pairs.empty()) throw reader.error(header->line, "no pair below the header");
  if (highest > 1)
    for (auto& pair : pairs)
      pair.label /= 10;
  return pairs;
}

std::vector<JudgedPair> read_pairs(std::filesystem::path const& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) throw Error(Kind::missing_input, file.string() + " does not exist");
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream || std::filesystem::is_directory(file, ignored))
    throw Error(Kind::local_io, file.string() + " cannot be read");
  return parse_pairs(text.str(), file.string());
}

}  // namespace jvmm::commands
