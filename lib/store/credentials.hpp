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

// What E4 reads of profiles, and writes into their column `credentials`.

/// In the ledger. The name is permanent.
inline constexpr std::string_view k_credentials_stage = "extract_credentials";

/// Characters of a text that are read.
inline constexpr int k_credentials_characters = 1'000'000;

/// A profile whose credentials are missing or stale.
struct CredentialCandidate {
  ProfileId profile;
  std::string hash;                              ///< of both texts: guards the write
  std::optional<std::string> social_proof, bio;  ///< as stored, cut at k_credentials_characters
  bool empty = false;                            ///< the column is {}

  ProfileId id() const { return profile; }
  std::string const& input_hash() const { return hash; }
};

struct CredentialSelection {
  std::string fingerprint;
  EmbeddingScope scope = EmbeddingScope::stale;
  std::optional<SystemTime> stale_before;   ///< what was extracted before is stale
  std::optional<SystemTime> updated_since;  ///< only profiles updated since
};

struct CredentialCandidates {
  std::vector<CredentialCandidate> rows;  ///< by id
  bool cut = false;                       ///< the page was too large: go on after the last row
};

/// **Cost**: reads the rows of the range; memory up to `max_bytes` of text, but at least one row.
CredentialCandidates find_credential_candidates(db::ReadTx& tx, CredentialSelection const& selection,
                                                IdRange const& range, std::int64_t max_bytes = 16 << 20);

struct CredentialWrite {
  ProfileId profile;
  std::string_view input_hash;
  std::string value_json;
  std::string entry_json;  ///< what its provenance says beside what the batch has in common
};

/// What a row holds after the write.
struct CredentialWritten {
  ProfileId profile;
  std::string digest;
  std::string before_json;
  bool as_sent = false;
  bool kept = false;  ///< its source ranks higher: it kept its value
};

/// Stores credentials with provenance. `common_json`: what all entries of the batch say. Profiles whose texts changed
/// or that are gone are not among those returned. **Database**: one UPDATE.
std::vector<CredentialWritten> write_credentials(db::WriteTx& tx, std::string_view common_json,
                                                 std::span<CredentialWrite const> rows);

/// A profile's credentials, with the texts that they stand in.
struct StoredCredentials {
  ProfileId profile;
  std::string name;
  std::optional<std::string> social_proof, bio, value_json;
  bool extracted = false;  ///< by jvmm
};
std::vector<StoredCredentials> stored_credentials(db::Transaction& tx, std::span<ProfileId const> ids);

/// What undoing a run would do. Writes nothing.
UndoCounts count_undo_credentials(db::Transaction& tx, RunId run);

/// Takes back the next page of what the run wrote; looked_at is 0 when there is nothing left.
UndoCounts undo_credentials(db::WriteTx& tx, RunId run, std::int64_t page_rows);

}  // namespace jvmm::store
