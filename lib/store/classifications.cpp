#include "store/classifications.hpp"

#include <unordered_set>

#include "base/error.hpp"
#include "db/sql.hpp"
#include "domain/embedding_field.hpp"

namespace jvmm::store {
namespace {

ClassifyCandidate read_candidate(db::Row const& row) {
  ClassifyCandidate out;
  out.profile = row.get<ProfileId>("id");
  out.hash = row.get<std::string>("input_hash");
  out.blank = row.get<bool>("blank");
  out.niche_confirmed = row.get<bool>("niche_confirmed");
  out.niche = row.optional<std::string>("niche");
  out.tags = row.optional<std::string>("tags");
  out.what_you_do = row.optional<std::string>("what_you_do");
  out.who_you_serve = row.optional<std::string>("who_you_serve");
  out.offering = row.optional<std::string>("offering");
  out.signature_programs = row.optional<std::string>("signature_programs");
  out.bio = row.optional<std::string>("bio");
  out.page_text = row.optional<std::string>("page_text");
  out.page_hash = row.optional<std::string>("page_hash");
  out.vector_what_you_do = row.optional<std::vector<float>>("vector_what_you_do");
  out.vector_who_you_serve = row.optional<std::vector<float>>("vector_who_you_serve");
  out.vector_offering = row.optional<std::vector<float>>("vector_offering");
  return out;
}

ClassifyWritten read_written(db::Row const& row) {
  return {row.get<ProfileId>("id"),
          row.get<std::string>("digest"),
          row.get<std::string>("before"),
          row.get<bool>("as_sent"),
          row.get<bool>("kept"),
          row.get<bool>("confirmed"),
          row.get<bool>("changed"),
          row.optional<std::string>("current"),
          row.get<std::string>("review_input")};
}

UndoCounts read_counts(db::Rows const& rows) {
  auto const row = rows.one();
  return {row.get<std::int64_t>("looked_at"), row.get<std::int64_t>("restored")};
}

void add_range(db::Params& params, IdRange const& range) {
  params.add(range.after).add(range.upto);
  range.only.empty() ? params.add_null() : params.add_array(range.only);
}

}  // namespace

bool ClassifyCandidate::is_empty() const {
  for (auto const* text :
       {&niche, &tags, &what_you_do, &who_you_serve, &offering, &signature_programs, &bio, &page_text})
    if (*text && !(*text)->empty()) return false;
  return true;
}

ClassifyCandidates find_classify_candidates(db::ReadTx& tx, ClassifySelection const& selection, IdRange const& range,
                                            PageHashes const* pages, std::int64_t max_bytes) {
  db::Params params;
  add_range(params, range);
  params.add(selection.stage.stage).add(selection.fingerprint).add_array(selection.columns);
  params.add(name(selection.scope)).add(selection.stale_before).add(selection.updated_since);
  params.add(selection.model).add_array(selection.vectors);
  if (pages)
    params.add_array(pages->ids).add_array(pages->hashes);
  else
    params.add_null().add_null();
  params.add(max_bytes).add(k_classify_characters);
  ClassifyCandidates found;
  for (auto const row : tx.exec(db::sql::classify_candidates, params)) {
    found.rows.push_back(read_candidate(row));
    found.cut = row.get<bool>("cut");
  }
  return found;
}

std::vector<ProfileId> profile_ids(db::ReadTx& tx, IdRange const& range, std::optional<SystemTime> updated_since) {
  db::Params params;
  add_range(params, range);
  params.add(updated_since);
  std::vector<ProfileId> ids;
  for (auto const row : tx.exec(db::sql::classify_page_ids, params))
    ids.push_back(row.get<ProfileId>("id"));
  return ids;
}

std::string_view name(WriteNiche mode) {
  switch (mode) {
    case WriteNiche::never:
      return "never";
    case WriteNiche::empty:
      return "empty";
    case WriteNiche::priority:
      return "priority";
  }
  return "never";
}

std::optional<WriteNiche> parse_write_niche(std::string_view text) {
  for (auto const mode : {WriteNiche::never, WriteNiche::empty, WriteNiche::priority})
    if (name(mode) == text) return mode;
  return std::nullopt;
}

std::vector<ClassifyWritten> write_classifications(db::WriteTx& tx, ClassifySelection const& selection,
                                                   std::string_view common_json, WriteNiche write_niche,
                                                   std::span<ClassifyWrite const> rows) {
  std::vector<ProfileId> ids;
  std::vector<std::string_view> hashes;
  std::vector<std::optional<std::string>> values, pages, niches;
  std::vector<std::string> entries;
  std::unordered_set<ProfileId> sent;
  for (auto const& row : rows) {
    ids.push_back(row.profile);
    hashes.push_back(row.input_hash);
    values.push_back(row.value_json);
    entries.push_back(row.entry_json);
    pages.push_back(row.page_hash);
    niches.push_back(row.niche);
    sent.insert(row.profile);
  }
  db::Params params;
  params.add(selection.stage.stage).add(selection.stage.column).add_array(selection.columns).add(common_json);
  params.add(name(write_niche)).add_array(ids).add_array(hashes).add_jsons(values).add_jsons(entries);
  params.add_array(pages).add_array(niches);
  std::vector<ClassifyWritten> written;
  for (auto const row : tx.exec(db::sql::classify_write, params)) {
    written.push_back(read_written(row));
    if (!sent.contains(written.back().profile))
      throw Error(Kind::internal,
                  "classify/write returned a profile that was not sent: " + written.back().profile.text());
  }
  return written;
}

UndoCounts count_undo_classifications(db::Transaction& tx, ClassifyStageName stage, RunId run) {
  return read_counts(tx.exec(db::sql::classify_undo_count, db::Params().add(run.value).add(stage.stage)));
}

UndoCounts undo_classifications(db::WriteTx& tx, ClassifyStageName stage, RunId run, std::int64_t page_rows) {
  return read_counts(tx.exec(db::sql::classify_undo, db::Params().add(run.value).add(page_rows).add(stage.stage)));
}

}  // namespace jvmm::store
