#include "store/ledger.hpp"

#include "db/sql.hpp"

namespace jvmm::store {

void record(db::WriteTx& tx, LedgerBatch const& batch, std::vector<LedgerEntry> const& entries) {
  if (entries.empty()) return;
  std::vector<ProfileId> ids;
  std::vector<std::string> outcomes, hashes;
  std::vector<std::optional<std::string>> kinds, reasons, written, before;
  for (auto const& entry : entries) {
    ids.push_back(entry.profile);
    outcomes.push_back(entry.outcome);
    hashes.push_back(entry.input_hash);
    kinds.push_back(entry.kind);
    reasons.push_back(entry.reason);
    written.push_back(entry.written);
    before.push_back(entry.before_json);
  }
  tx.exec(db::sql::engine_ledger_record, db::Params()
                                             .add(batch.stage)
                                             .add(batch.fingerprint)
                                             .add(batch.run.value)
                                             .add(batch.number)
                                             .add_array(ids)
                                             .add_array(outcomes)
                                             .add_array(hashes)
                                             .add_array(kinds)
                                             .add_array(reasons)
                                             .add_array(written)
                                             .add_array(before));
}

bool has_batch(db::Transaction& tx, LedgerBatch const& batch) {
  return tx.exec(db::sql::engine_ledger_has_batch, db::Params().add(batch.stage).add(batch.run.value).add(batch.number))
      .one()
      .get<bool>("committed");
}

std::vector<StageCounts> count_by_stage(db::Transaction& tx) {
  std::vector<StageCounts> counts;
  for (auto const row : tx.exec(db::sql::engine_ledger_counts))
    counts.push_back({row.get<std::string>("stage"), row.get<std::int64_t>("done"), row.get<std::int64_t>("skipped"),
                      row.get<std::int64_t>("failed")});
  return counts;
}

std::vector<FailedRow> list_failures(db::Transaction& tx, std::int64_t count) {
  std::vector<FailedRow> failures;
  for (auto const row : tx.exec(db::sql::engine_ledger_failures, db::Params().add(count)))
    failures.push_back({row.get<std::string>("stage"), row.get<ProfileId>("profile_id"), row.get<std::string>("name"),
                        row.get<std::string>("kind"), row.get<std::string>("reason"), row.get<std::string>("failed_at"),
                        row.get<std::int64_t>("attempts"), RunId{row.get<std::int64_t>("run_id")}});
  return failures;
}

}  // namespace jvmm::store
