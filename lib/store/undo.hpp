#pragma once

#include <span>
#include <string_view>

#include "base/ids.hpp"
#include "db/transaction.hpp"
#include "store/profile_embeddings.hpp"

namespace jvmm::store {

/// A stage whose runs can be taken back.
struct UndoableStage {
  std::string_view name;  ///< in the ledger
  /// What undoing the run would do. Writes nothing.
  UndoCounts (*count)(db::Transaction& tx, RunId run);
  /// Takes back the next page of what the run wrote; looked_at is 0 when there is nothing left.
  UndoCounts (*undo)(db::WriteTx& tx, RunId run, std::int64_t page_rows);
};

/// embed, and the stages of classification.
std::span<UndoableStage const> undoable_stages();

/// Null where the stage's runs cannot be taken back.
UndoableStage const* find_undoable(std::string_view stage);

}  // namespace jvmm::store
