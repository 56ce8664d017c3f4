#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "db/transaction.hpp"
#include "store/profile_embeddings.hpp"

namespace jvmm::store {

/// Key of check-profiles in ledger and lease.
inline constexpr std::string_view k_check_stage = "check_profiles";

/// Digest of the text of a profile's page, where pages are files.
struct PageDigest {
  ProfileId profile;
  std::string digest;
};

/// Which profiles are to be checked.
struct CheckSelection {
  std::vector<std::string> good_fingerprints;  ///< checked with one of these: need not be again
  bool force = false;
  std::optional<SystemTime> stale_before, updated_since;
  bool with_pages = false;
  bool pages_in_table = false;  ///< jvmm.page
};

struct CheckCandidate {
  ProfileId profile;
  std::string hash;                                ///< of the columns and of the page
  std::vector<std::optional<std::string>> values;  ///< in the order of the columns asked for; jsonb as text
  std::optional<std::string> page, extraction_json;

  ProfileId const& id() const { return profile; }
  std::string_view input_hash() const { return hash; }
};

struct CheckCandidates {
  std::vector<CheckCandidate> rows;
  bool cut = false;  ///< there are more in this range: go on after the last
};

/// Profiles of a range that were not checked as they are now. `columns`: names in the result of check/candidates.sql;
/// `files`: pages in a folder, of this range. **Cost**: one pass over the range; texts up to 32 MiB.
CheckCandidates find_check_candidates(db::ReadTx& tx, CheckSelection const& selection, IdRange const& range,
                                      std::span<std::string_view const> columns, std::span<PageDigest const> files);

/// A checked profile and what is to be changed.
struct CheckWrite {
  ProfileId profile;
  std::string_view input_hash;
  std::string changes_json;  ///< {column: text or null}
};

struct CheckWritten {
  ProfileId profile;
  std::string digest;
  std::string before_json;  ///< "null" where nothing was changed
  bool as_sent = false;
  std::vector<std::string> kept;  ///< columns that were to change but whose source ranks higher
};

/// Changes what is to be changed; tells which profiles are still as they were checked. **Database**: text columns and
/// field_meta of profiles; one statement.
std::vector<CheckWritten> write_checked(db::WriteTx& tx, std::span<CheckWrite const> rows);

/// Taking a run's changes back; `untouched` of those looked at had none.
struct CheckUndoCounts {
  UndoCounts counts;
  std::int64_t untouched = 0;
};
CheckUndoCounts count_undo_checks(db::Transaction& tx, RunId run);
CheckUndoCounts undo_checks(db::WriteTx& tx, RunId run, std::int64_t page_rows);

}  // namespace jvmm::store
