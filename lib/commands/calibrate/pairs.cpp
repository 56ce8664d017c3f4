#include "commands/calibrate/pairs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>

#include "base/error.hpp"
#include "text/csv.hpp"

namespace jvmm::commands {
namespace {

struct Columns {
  std::size_t a = 0, b = 0, label = 0;
  std::optional<std::size_t> field_pair;
};

Columns read_header(text::CsvTable const& table) {
  static constexpr std::array<std::string_view, 4> k_known{"id_a", "id_b", "label", "field_pair"};
  for (auto const& name : table.columns())
    if (std::find(k_known.begin(), k_known.end(), name) == k_known.end())
      throw table.error(1, fmt::format("unknown column '{}', expected a header id_a,id_b,label[,field_pair]", name));
  return {table.require("id_a"), table.require("id_b"), table.require("label"), table.column("field_pair")};
}

ProfileId read_id(text::CsvTable const& table, text::CsvRow const& row, std::size_t column) {
  auto const id = ProfileId::parse(row.cells[column]);
  if (!id) throw table.error(row, column, fmt::format("'{}' is no profile id (uuid)", row.cells[column]));
  return *id;
}

double read_label(text::CsvTable const& table, text::CsvRow const& row, std::size_t column) {
  auto const& cell = row.cells[column];
  double label = -1;
  auto const [end, problem] = std::from_chars(cell.data(), cell.data() + cell.size(), label);
  if (problem != std::errc() || end != cell.data() + cell.size() || !(label >= 0 && label <= 10))
    throw table.error(row, column, fmt::format("'{}' is no label, expected 0 or 1, or 0 to 10", cell));
  return label;
}

JudgedPair read_row(text::CsvTable const& table, text::CsvRow const& row, Columns const& columns) {
  JudgedPair pair{read_id(table, row, columns.a), read_id(table, row, columns.b), read_label(table, row, columns.label),
                  std::nullopt, row.line};
  if (pair.a == pair.b) throw table.error(row.line, "a profile is paired with itself");
  if (!columns.field_pair) return pair;
  auto const& name = row.cells[*columns.field_pair];
  pair.field_pair = scoring::parse_field_pair(name);
  if (!pair.field_pair)
    throw table.error(row, *columns.field_pair,
                      fmt::format("'{}' is no field pair, expected offering_seeking or audience", name));
  return pair;
}

}  // namespace

std::vector<JudgedPair> parse_pairs(std::string_view csv, std::string_view source) {
  text::CsvTable table(csv, std::string(source));
  auto const columns = read_header(table);
  std::vector<JudgedPair> pairs;
  double highest = 0;
  while (auto const row = table.next()) {
    pairs.push_back(read_row(table, *row, columns));
    highest = std::max(highest, pairs.back().label);
  }
  if (pairs.empty()) throw table.error(1, "no pair below the header");
  if (highest > 1)
    for (auto& pair : pairs)
      pair.label /= 10;
  return pairs;
}

std::vector<JudgedPair> read_pairs(std::filesystem::path const& file) {
  return parse_pairs(text::read_text_file(file), file.string());
}

}  // namespace jvmm::commands
