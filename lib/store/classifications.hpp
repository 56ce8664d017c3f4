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
#include "store/profile_embeddings.hpp"

namespace jvmm::store {

// What E2, E3 and E6 read of profiles, and write into them. A stage is one of these three; its column holds the answer.

/// A stage of classification, as the ledger and the statements know it. The names are permanent.
struct ClassifyStageName {
  std::string_view stage;   ///< "classify_niche"
  std::string_view column;  ///< of profiles: "niche_categories"
};
inline constexpr ClassifyStageName k_classify_niche{"classify_niche", "niche_categories"};
inline constexpr ClassifyStageName k_classify_offers{"classify_offers", "offer_types"};
inline constexpr ClassifyStageName k_classify_style{"classify_style", "content_style"};

/// A profile whose classification is missing or stale, with the texts that are read of it.
struct ClassifyCandidate {
  ProfileId profile;
  std::string hash;              ///< of the texts that are read: guards the write
  bool blank = false;            ///< the column says nothing so far
  bool niche_confirmed = false;  ///< the text `niche` was given or confirmed by the client
  /// Stripped, cut at k_classify_characters; absent: not read, or null. `niche` is never what jvmm wrote itself.
  std::optional<std::string> niche, tags, what_you_do, who_you_serve, offering, signature_programs, bio, page_text;
  std::optional<std::string> page_hash;
  /// Stored vectors of whole fields, of the selection's model and the text as it is.
  std::optional<std::vector<float>> vector_what_you_do, vector_who_you_serve, vector_offering;

  ProfileId id() const { return profile; }
  std::string const& input_hash() const { return hash; }

  /// Without any text.
  bool is_empty() const;
};

/// Characters of a text that are read.
inline constexpr int k_classify_characters = 32'768;

struct ClassifySelection {
  ClassifyStageName stage = k_classify_niche;
  std::string fingerprint;
  std::vector<std::string> columns;  ///< that are read; "page" for texts of pages
  EmbeddingScope scope = EmbeddingScope::stale;
  std::optional<SystemTime> stale_before;   ///< what was classified before is stale
  std::optional<SystemTime> updated_since;  ///< only profiles updated since
  std::string model;                        ///< whose stored vectors serve, as in embeddings_model
  std::vector<std::string> vectors;         ///< fields whose stored vectors serve
};

/// Hashes of pages' texts that are brought along, in place of the table jvmm.page.
struct PageHashes {
  std::vector<ProfileId> ids;
  std::vector<std::string> hashes;
};

struct ClassifyCandidates {
  std::vector<ClassifyCandidate> rows;  ///< by id
  bool cut = false;                     ///< the page was too large: go on after the last row
};

/// `pages` null: of jvmm.page, where "page" is among the columns. **Cost**: reads the rows of the range; memory up to
/// `max_bytes` of text, but at least one row.
ClassifyCandidates find_classify_candidates(db::ReadTx& tx, ClassifySelection const& selection, IdRange const& range,
                                            PageHashes const* pages, std::int64_t max_bytes = 16 << 20);

/// The ids of a range of profiles, by id.
std::vector<ProfileId> profile_ids(db::ReadTx& tx, IdRange const& range, std::optional<SystemTime> updated_since);

/// What may be written into profiles.niche.
enum class WriteNiche {
  never,
  empty,     ///< where there is none, or what was written so before
  priority,  ///< also in place of what ranks lower than hf_classification
};
std::string_view name(WriteNiche mode);
std::optional<WriteNiche> parse_write_niche(std::string_view text);

/// An answer for one profile.
struct ClassifyWrite {
  ProfileId profile;
  std::string_view input_hash;
  std::optional<std::string> value_json;  ///< absent: held back
  std::string entry_json;                 ///< what its provenance says beside what the batch has in common
  std::optional<std::string> page_hash;
  std::optional<std::string> niche;  ///< the text for profiles.niche; absent: unknown
};

/// What a row holds after the write.
struct ClassifyWritten {
  ProfileId profile;
  std::string digest;
  std::string before_json;
  bool as_sent = false;
  bool kept = false;                        ///< its source ranks higher: it kept its value
  bool confirmed = false;                   ///< that source is the client
  bool changed = false;                     ///< value or provenance
  std::optional<std::string> current_json;  ///< before
  std::string review_input;                 ///< the input hash for the queue of reviews
};

/// Stores answers with provenance. `common_json`: what all entries of the batch say. Profiles whose texts changed or
/// that are gone are not among those returned. **Database**: one UPDATE.
std::vector<ClassifyWritten> write_classifications(db::WriteTx& tx, ClassifySelection const& selection,
                                                   std::string_view common_json, WriteNiche write_niche,
                                                   std::span<ClassifyWrite const> rows);

/// What undoing a run of this stage would do. Writes nothing.
UndoCounts count_undo_classifications(db::Transaction& tx, ClassifyStageName stage, RunId run);

/// Takes back the next page of what the run wrote; looked_at is 0 when there is nothing left.
UndoCounts undo_classifications(db::WriteTx& tx, ClassifyStageName stage, RunId run, std::int64_t page_rows);

}  // namespace jvmm::store
