#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "commands/export_sample/export_sample.hpp"
#include "db/transaction.hpp"

namespace jvmm::commands {

using SheetRow = std::vector<std::string>;

/// Names of the columns: id first, then name and texts, what is said now, and what is to be filled in.
std::vector<std::string> sheet_columns(SheetTask task);

/// Rows of profiles, in the order of `ids`. **Throws** bad_input where one is not in the database.
std::vector<SheetRow> sheet_rows(db::ReadTx& tx, SheetTask task, std::span<ProfileId const> ids);

std::vector<std::string> const& held_columns();

/// A page of the review queue: open entries, by their number.
struct HeldPage {
  std::vector<SheetRow> rows;
  std::vector<std::string> reasons;  ///< of each row
  std::int64_t last = 0;             ///< number of the last entry; 0: none is left
};

/// `task`: only of its column. **Cost** at most `count` rows.
HeldPage held_page(db::ReadTx& tx, std::optional<SheetTask> task, std::int64_t after, std::int64_t count);

}  // namespace jvmm::commands
