#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "db/transaction.hpp"

namespace jvmm::store {

/// What was done with one profile, as jvmm.ledger keeps it (docs/ledger.md).
struct LedgerEntry {
  ProfileId profile;
  std::string outcome;  ///< "done", "skipped" or "failed"
  std::string input_hash;
  std::optional<std::string> kind;         ///< of a failure
  std::optional<std::string> reason;       ///< of a failure or a skip
  std::optional<std::string> written;      ///< digest of the columns as written
  std::optional<std::string> before_json;  ///< the columns as they were
};

/// Which batch of which run entries belong to.
struct LedgerBatch {
  std::string_view stage;
  std::string_view fingerprint;
  RunId run;
  std::int64_t number = 0;
};

/// Upserts the entries. Belongs into the transaction that writes the data. **Cost**: one statement.
void record(db::WriteTx& tx, LedgerBatch const& batch, std::vector<LedgerEntry> const& entries);

/// Whether the batch has committed.
bool has_batch(db::Transaction& tx, LedgerBatch const& batch);

/// How many profiles have which outcome, per stage.
struct StageCounts {
  std::string stage;
  std::int64_t done = 0, skipped = 0, failed = 0;
};
std::vector<StageCounts> count_by_stage(db::Transaction& tx);

/// A profile whose last attempt failed.
struct FailedRow {
  std::string stage;
  ProfileId profile;
  std::string name, kind, reason, failed_at;
  std::int64_t attempts = 0;
  RunId run;
};

/// The latest failures first. **Cost**: an index scan over the failed rows only.
std::vector<FailedRow> list_failures(db::Transaction& tx, std::int64_t count);

}  // namespace jvmm::store
