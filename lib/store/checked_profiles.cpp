#include "store/checked_profiles.hpp"

#include "db/sql.hpp"
#include "domain/embedding_field.hpp"

namespace jvmm::store {
namespace {

constexpr std::int64_t k_max_bytes = std::int64_t{32} << 20;

std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> out;
  while (!list.empty()) {
    auto const comma = std::min(list.find(','), list.size());
    out.emplace_back(list.substr(0, comma));
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return out;
}

CheckUndoCounts read_counts(db::Rows const& rows) {
  auto const row = rows.one();
  return {{row.get<std::int64_t>("looked_at"), row.get<std::int64_t>("restored")}, row.get<std::int64_t>("untouched")};
}

}  // namespace

CheckCandidates find_check_candidates(db::ReadTx& tx, CheckSelection const& selection, IdRange const& range,
                                      std::span<std::string_view const> columns, std::span<PageDigest const> files) {
  std::vector<ProfileId> ids;
  std::vector<std::string_view> digests;
  for (auto const& file : files) {
    ids.push_back(file.profile);
    digests.push_back(file.digest);
  }
  db::Params params;
  params.add(range.after).add(range.upto);
  range.only.empty() ? params.add_null() : params.add_array(range.only);
  params.add_array(selection.good_fingerprints).add(selection.force).add(selection.stale_before);
  params.add(selection.updated_since).add(selection.with_pages).add(selection.pages_in_table);
  params.add_array(ids).add_array(digests).add(k_max_bytes);

  CheckCandidates found;
  for (auto const row : tx.exec(db::sql::check_candidates, params)) {
    CheckCandidate candidate;
    candidate.profile = row.get<ProfileId>("id");
    candidate.hash = row.get<std::string>("input_hash");
    for (auto const column : columns)
      candidate.values.push_back(row.optional<std::string>(column));
    candidate.page = row.optional<std::string>("page");
    candidate.extraction_json = row.optional<std::string>("extraction");
    found.rows.push_back(std::move(candidate));
    found.cut = row.get<bool>("cut");
  }
  return found;
}

std::vector<CheckWritten> write_checked(db::WriteTx& tx, std::span<CheckWrite const> rows) {
  std::vector<ProfileId> ids;
  std::vector<std::string_view> hashes, changes;
  for (auto const& row : rows) {
    ids.push_back(row.profile);
    hashes.push_back(row.input_hash);
    changes.push_back(row.changes_json);
  }
  std::vector<CheckWritten> written;
  for (auto const row :
       tx.exec(db::sql::check_write,
               db::Params().add_array(ids).add_array(hashes).add_array(changes).add(k_pipeline_version)))
    written.push_back({row.get<ProfileId>("id"), row.get<std::string>("digest"),
                       row.optional<std::string>("before").value_or("null"), row.get<bool>("as_sent"),
                       split(row.get<std::string_view>("kept"))});
  return written;
}

CheckUndoCounts count_undo_checks(db::Transaction& tx, RunId run) {
  return read_counts(tx.exec(db::sql::check_undo_count, db::Params().add(run.value)));
}

CheckUndoCounts undo_checks(db::WriteTx& tx, RunId run, std::int64_t page_rows) {
  return read_counts(tx.exec(db::sql::check_undo, db::Params().add(run.value).add(page_rows)));
}

}  // namespace jvmm::store
