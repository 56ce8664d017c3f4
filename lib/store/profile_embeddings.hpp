#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "db/transaction.hpp"
#include "domain/embedding_field.hpp"

namespace jvmm::store {

/// The stage's name in the ledger. Permanent.
inline constexpr std::string_view k_embed_stage = "embed";

/// A profile whose vectors are missing, stale or left over.
struct EmbeddingCandidate {
  ProfileId profile;
  std::string hash;                            ///< of all four texts: guards the write
  bool empty = false;                          ///< no text to embed and no vector: only to be remembered
  PerField<std::optional<std::string>> texts;  ///< stripped, at least 5 code points; absent: nothing to compute

  ProfileId id() const { return profile; }
  std::string const& input_hash() const { return hash; }
};

enum class EmbeddingScope { stale, force, failed };

/// As queries take it: "stale", "force", "failed".
std::string_view name(EmbeddingScope scope);

/// Which profiles are candidates.
struct EmbeddingSelection {
  std::string_view fingerprint;
  std::string_view model;  ///< as stored in embeddings_model
  EmbeddingScope scope = EmbeddingScope::stale;
  std::optional<SystemTime> stale_before;   ///< vectors written before are stale
  std::optional<SystemTime> updated_since;  ///< only profiles updated since
};

/// Part of the id space: after < id <= upto; with `only` not empty, those of it.
struct IdRange {
  ProfileId after, upto;
  std::span<ProfileId const> only;
};

struct EmbeddingCandidates {
  std::vector<EmbeddingCandidate> rows;  ///< by id
  bool cut = false;                      ///< the page was too large: go on after the last row
};

/// **Cost**: reads the rows of the range; memory up to `max_bytes` of text, but at least one row.
EmbeddingCandidates find_embedding_candidates(db::ReadTx& tx, EmbeddingSelection const& selection, IdRange const& range,
                                              std::int64_t max_bytes = 32 << 20);

/// New vectors of a profile; absent: nothing new for that field.
struct EmbeddingWrite {
  ProfileId profile;
  std::string_view input_hash;
  PerField<std::optional<std::span<float const>>> vectors;
  PerField<std::optional<std::string>> backends = {};  ///< the service that computed it; absent: this program
};

/// What a row holds after the write.
struct EmbeddingWritten {
  ProfileId profile;
  std::string digest;
  std::string before_json;
  bool as_sent = false;  ///< every vector that was sent is stored bit for bit, or kept out by a higher source
};

/// Stores vectors with provenance, clears those without text. Rows whose texts changed or that are gone are not among
/// those returned. **Database**: one UPDATE.
std::vector<EmbeddingWritten> write_embeddings(db::WriteTx& tx, std::string_view model,
                                               std::vector<EmbeddingWrite> const& rows);

struct UndoCounts {
  std::int64_t looked_at = 0, restored = 0;
};

/// What undoing the run would do. Writes nothing.
UndoCounts count_undo(db::Transaction& tx, RunId run);

/// Takes back the next page of what a run wrote; looked_at is 0 when there is nothing left.
UndoCounts undo_embeddings(db::WriteTx& tx, RunId run, std::int64_t page_rows);

}  // namespace jvmm::store
