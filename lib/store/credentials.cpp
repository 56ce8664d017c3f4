#include "store/credentials.hpp"

#include "db/sql.hpp"

namespace jvmm::store {
namespace {

UndoCounts read_counts(db::Rows const& rows) {
  auto const row = rows.one();
  return {row.get<std::int64_t>("looked_at"), row.get<std::int64_t>("restored")};
}

}  // namespace

CredentialCandidates find_credential_candidates(db::ReadTx& tx, CredentialSelection const& selection,
                                                IdRange const& range, std::int64_t max_bytes) {
  db::Params params;
  params.add(range.after).add(range.upto);
  range.only.empty() ? params.add_null() : params.add_array(range.only);
  params.add(selection.fingerprint).add(name(selection.scope)).add(selection.stale_before);
  params.add(selection.updated_since).add(max_bytes).add(k_credentials_characters);
  CredentialCandidates found;
  for (auto const row : tx.exec(db::sql::credentials_candidates, params)) {
    found.rows.push_back({row.get<ProfileId>("id"), row.get<std::string>("input_hash"),
                          row.optional<std::string>("social_proof"), row.optional<std::string>("bio"),
                          row.get<bool>("empty")});
    found.cut = row.get<bool>("cut");
  }
  return found;
}

std::vector<CredentialWritten> write_credentials(db::WriteTx& tx, std::string_view common_json,
                                                 std::span<CredentialWrite const> rows) {
  std::vector<ProfileId> ids;
  std::vector<std::string_view> hashes;
  std::vector<std::string> values, entries;
  for (auto const& row : rows) {
    ids.push_back(row.profile);
    hashes.push_back(row.input_hash);
    values.push_back(row.value_json);
    entries.push_back(row.entry_json);
  }
  db::Params params;
  params.add(common_json).add_array(ids).add_array(hashes).add_jsons(values).add_jsons(entries);
  std::vector<CredentialWritten> written;
  for (auto const row : tx.exec(db::sql::credentials_write, params))
    written.push_back({row.get<ProfileId>("id"), row.get<std::string>("digest"), row.get<std::string>("before"),
                       row.get<bool>("as_sent"), row.get<bool>("kept")});
  return written;
}

std::vector<StoredCredentials> stored_credentials(db::Transaction& tx, std::span<ProfileId const> ids) {
  std::vector<StoredCredentials> out;
  for (auto const row : tx.exec(db::sql::credentials_stored, db::Params().add_array(ids)))
    out.push_back({row.get<ProfileId>("id"), row.get<std::string>("name"), row.optional<std::string>("social_proof"),
                   row.optional<std::string>("bio"), row.optional<std::string>("value"),
                   row.optional<bool>("extracted").value_or(false)});
  return out;
}

UndoCounts count_undo_credentials(db::Transaction& tx, RunId run) {
  return read_counts(tx.exec(db::sql::credentials_undo_count, db::Params().add(run.value)));
}

UndoCounts undo_credentials(db::WriteTx& tx, RunId run, std::int64_t page_rows) {
  return read_counts(tx.exec(db::sql::credentials_undo, db::Params().add(run.value).add(page_rows)));
}

}  // namespace jvmm::store
