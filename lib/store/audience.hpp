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

// Audience embeddings: what profiles say of whom they serve, as one vector each (jvmm.embedding).

/// The stage's name in the ledger. Permanent.
inline constexpr std::string_view k_audience_stage = "audience";

/// Characters of a text that are read.
inline constexpr int k_audience_characters = 32'768;

/// What clients' reports say of their ideal customers. The table of reports is the application's and may be missing.
class IdealCustomers {
 public:
  /// Looks whether there is such a table that this role may read. **Database**: reads the catalogue.
  explicit IdealCustomers(db::ReadTx& tx);

  /// There is one, but this role may not read it.
  bool refused() const { return m_refused; }

  /// Of the clients in a range, {"id": "text"} as JSON; "{}" without a table.
  std::string in(db::ReadTx& tx, ProfileId after, ProfileId upto) const;

 private:
  bool m_readable = false, m_refused = false;
};

/// A profile whose audience embedding is missing or stale. Texts are stripped, cut at k_audience_characters; absent:
/// null. `niche` is never what jvmm wrote itself.
struct AudienceCandidate {
  ProfileId profile;
  std::string hash;         ///< of the texts: guards the write
  bool has_vector = false;  ///< one is stored
  std::optional<std::string> who_you_serve, audience_type, niche, what_you_do, ideal_customer;
  /// Stored vectors of whole fields, of the selection's model and the text as it is.
  std::optional<std::vector<float>> vector_who_you_serve, vector_what_you_do;

  ProfileId id() const { return profile; }
  std::string const& input_hash() const { return hash; }
};

struct AudienceSelection {
  std::string fingerprint;
  std::string model;
  EmbeddingScope scope = EmbeddingScope::stale;
  std::optional<SystemTime> stale_before, updated_since;
};

struct AudienceCandidates {
  std::vector<AudienceCandidate> rows;  ///< by id
  bool cut = false;                     ///< the page was too large: go on after the last row
};

/// `ideals`: of the range, as IdealCustomers gives it.
AudienceCandidates find_audience_candidates(db::ReadTx& tx, AudienceSelection const& selection, IdRange const& range,
                                            std::string const& ideals, std::int64_t max_bytes = 16 << 20);

struct AudienceWrite {
  ProfileId profile;
  std::string_view input_hash;
  std::optional<std::span<float const>> vector;  ///< absent: it says nothing of its audience
  std::optional<std::string> backend;            ///< who computed it; absent: this program
  std::optional<std::string> ideal_customer;     ///< that was read
};

struct AudienceWritten {
  ProfileId profile;
  std::string digest, before_json;
  bool as_sent = false;
};

/// Profiles whose texts changed or that are gone are not among those returned. **Database**: one statement.
std::vector<AudienceWritten> write_audience(db::WriteTx& tx, AudienceSelection const& selection,
                                            std::span<AudienceWrite const> rows);

/// What undoing a run of this stage would do. Writes nothing.
UndoCounts count_undo_audience(db::Transaction& tx, RunId run);

/// Takes back the next page of what the run wrote; looked_at is 0 when there is nothing left.
UndoCounts undo_audience(db::WriteTx& tx, RunId run, std::int64_t page_rows);

}  // namespace jvmm::store
