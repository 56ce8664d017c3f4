#include "store/profile_embeddings.hpp"

#include <unordered_map>

#include "base/error.hpp"
#include "db/binary_codec.hpp"
#include "db/sql.hpp"
#include "text/digest.hpp"

namespace jvmm::store {
namespace {

EmbeddingCandidate read_candidate(db::Row const& row) {
  EmbeddingCandidate candidate;
  candidate.profile = row.get<ProfileId>("id");
  candidate.hash = row.get<std::string>("input_hash");
  candidate.empty = row.get<bool>("empty");
  for (EmbeddingField field : k_embedding_fields)
    candidate.texts[index(field)] = row.optional<std::string>(name(field));
  return candidate;
}

std::string vector_md5(std::span<float const> vector) {
  std::string bytes;
  db::binary::encode_vector(bytes, vector);
  return text::md5_hex(bytes);
}

/// What jvmm.embedding_digest gives for the same vectors, from the hashes the row came back with.
std::string digest_of(db::Row const& row) {
  std::string joined;
  for (EmbeddingField field : k_embedding_fields) {
    if (!joined.empty()) joined += '|';
    joined += row.optional<std::string>(name(field)).value_or("-");
  }
  return text::md5_hex(joined);
}

/// A vector that was sent must be what is stored, unless the field was kept for a higher source, in which case the row
/// holds whatever it held: then the client's entry in field_meta, not this check, is the proof.
bool holds_what_was_sent(db::Row const& row, EmbeddingWrite const& sent) {
  for (EmbeddingField field : k_embedding_fields) {
    auto const& vector = sent.vectors[index(field)];
    if (!vector || row.get<bool>(std::string("kept_") + std::string(name(field)))) continue;
    if (row.optional<std::string>(name(field)) != vector_md5(*vector)) return false;
  }
  return true;
}

UndoCounts read_undo_counts(db::Rows const& rows) {
  auto const row = rows.one();
  return {row.get<std::int64_t>("looked_at"), row.get<std::int64_t>("restored")};
}

}  // namespace

std::string_view name(EmbeddingScope scope) {
  switch (scope) {
    case EmbeddingScope::stale:
      return "stale";
    case EmbeddingScope::force:
      return "force";
    case EmbeddingScope::failed:
      return "failed";
  }
  return "stale";
}

EmbeddingCandidates find_embedding_candidates(db::ReadTx& tx, EmbeddingSelection const& selection, IdRange const& range,
                                              std::int64_t max_bytes) {
  db::Params params;
  params.add(range.after).add(range.upto);
  range.only.empty() ? params.add_null() : params.add_array(range.only);
  params.add(selection.fingerprint).add(selection.model).add(k_pipeline_version);
  params.add(selection.stale_before).add(name(selection.scope)).add(selection.updated_since).add(max_bytes);

  EmbeddingCandidates found;
  for (auto const row : tx.exec(db::sql::embed_candidates, params)) {
    found.rows.push_back(read_candidate(row));
    found.cut = row.get<bool>("cut");
  }
  return found;
}

std::vector<EmbeddingWritten> write_embeddings(db::WriteTx& tx, std::string_view model,
                                               std::vector<EmbeddingWrite> const& rows) {
  std::vector<ProfileId> ids;
  std::vector<std::string_view> hashes;
  PerField<std::vector<std::optional<std::span<float const>>>> vectors;
  PerField<std::vector<std::optional<std::string>>> backends;
  std::unordered_map<ProfileId, EmbeddingWrite const*> sent;
  for (auto const& row : rows) {
    ids.push_back(row.profile);
    hashes.push_back(row.input_hash);
    for (std::size_t field = 0; field < vectors.size(); ++field) {
      vectors[field].push_back(row.vectors[field]);
      backends[field].push_back(row.backends[field]);
    }
    sent.emplace(row.profile, &row);
  }
  db::Params params;
  params.add(model).add(k_pipeline_version).add_array(ids).add_array(hashes);
  for (auto const& column : vectors)
    params.add_vectors(column);
  for (auto const& column : backends)
    params.add_array(column);

  std::vector<EmbeddingWritten> written;
  for (auto const row : tx.exec(db::sql::embed_write, params)) {
    auto const id = row.get<ProfileId>("id");
    auto const it = sent.find(id);
    if (it == sent.end()) throw Error(Kind::internal, "embed/write returned a profile that was not sent: " + id.text());
    written.push_back({id, digest_of(row), row.get<std::string>("before"), holds_what_was_sent(row, *it->second)});
  }
  return written;
}

UndoCounts count_undo(db::Transaction& tx, RunId run) {
  return read_undo_counts(tx.exec(db::sql::embed_undo_count, db::Params().add(run.value)));
}

UndoCounts undo_embeddings(db::WriteTx& tx, RunId run, std::int64_t page_rows) {
  return read_undo_counts(tx.exec(db::sql::embed_undo, db::Params().add(run.value).add(page_rows)));
}

}  // namespace jvmm::store
