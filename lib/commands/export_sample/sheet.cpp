#include "commands/export_sample/sheet.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "classify/keyword_category.hpp"
#include "db/sql.hpp"
#include "text/csv.hpp"

namespace jvmm::commands {
namespace {

constexpr std::size_t k_page = 1'000;

std::string stored(db::Row const& row, std::string const& column) {
  return row.optional<std::string>(column).value_or("");
}

/// What stands in a column of the sheet that is one of the query's, with texts guarded against being formulas.
std::string cell(db::Row const& row, std::string const& column) {
  if (column == "keyword_category") return std::string(classify::keyword_category(stored(row, "niche")));
  if (column == "label" || column == "labels" || column == "secondary") return {};
  return text::guarded(stored(row, column));
}

SheetRow sheet_row(db::Row const& row, std::vector<std::string> const& columns) {
  SheetRow out{row.get<ProfileId>("id").text()};
  for (std::size_t i = 1; i < columns.size(); ++i)
    out.push_back(cell(row, columns[i]));
  return out;
}

}  // namespace

std::vector<std::string> sheet_columns(SheetTask task) {
  switch (task) {
    case SheetTask::niche:
      return {
          "id",    "name",     "niche", "what_you_do", "who_you_serve", "tags", "keyword_category", "niche_categories",
          "label", "secondary"};
    case SheetTask::offer_types:
      return {"id",          "name",  "offering", "signature_programs", "what_you_do", "keyword_category",
              "offer_types", "labels"};
    case SheetTask::content_style:
      return {"id", "name", "what_you_do", "bio", "keyword_category", "content_style", "label", "secondary"};
    case SheetTask::credentials:
      return {"id", "name", "social_proof", "bio", "keyword_category", "credentials", "labels"};
  }
  return {};
}

std::vector<SheetRow> sheet_rows(db::ReadTx& tx, SheetTask task, std::span<ProfileId const> ids) {
  auto const columns = sheet_columns(task);
  std::map<ProfileId, SheetRow> found;
  for (std::size_t at = 0; at < ids.size(); at += k_page) {
    auto const page = ids.subspan(at, std::min(k_page, ids.size() - at));
    for (auto const row : tx.exec(db::sql::sample_profiles, db::Params().add_array(page)))
      found.emplace(row.get<ProfileId>("id"), sheet_row(row, columns));
  }
  std::vector<SheetRow> rows;
  for (auto const& id : ids) {
    auto const row = found.find(id);
    if (row == found.end()) throw Error(Kind::bad_input, "there is no profile " + id.text());
    rows.push_back(std::move(row->second));
  }
  return rows;
}

std::vector<std::string> const& held_columns() {
  static std::vector<std::string> const columns{
      "id",      "review",       "name",  "column",      "reason",        "detail",   "proposed",
      "current", "niche",        "tags",  "what_you_do", "who_you_serve", "offering", "signature_programs",
      "bio",     "social_proof", "stage", "held_at"};
  return columns;
}

HeldPage held_page(db::ReadTx& tx, std::optional<SheetTask> task, std::int64_t after, std::int64_t count) {
  std::optional<std::string> column;
  if (task == SheetTask::credentials) column = "credentials";
  if (task && classification(*task)) column = std::string(classify::column(*classification(*task)));
  HeldPage page;
  for (auto const row : tx.exec(db::sql::sample_held, db::Params().add(after).add(count).add(column))) {
    page.last = row.get<std::int64_t>("review");
    page.reasons.push_back(row.get<std::string>("reason"));
    SheetRow out{row.get<ProfileId>("profile_id").text(), std::to_string(page.last)};
    for (std::size_t i = 2; i < held_columns().size(); ++i)
      out.push_back(cell(row, held_columns()[i] == "column" ? "column_name" : held_columns()[i]));
    page.rows.push_back(std::move(out));
  }
  return page;
}

}  // namespace jvmm::commands
