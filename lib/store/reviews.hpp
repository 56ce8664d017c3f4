#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "db/transaction.hpp"

namespace jvmm::store {

// The queue of what was held back for a person to decide: jvmm.review (docs/ledger.md). There is at most one open entry
// for a profile and column.

/// A finding, or an output that is not trusted, on its way into the queue.
struct Held {
  ProfileId profile;
  std::string stage;          ///< "check_profiles", "classify_niche", …
  std::string column;         ///< of profiles
  std::string reason;         ///< "low_confidence", "uniform", "conflict", "out_of_taxonomy", or the code of a check
  std::string detail;         ///< for people
  std::string proposed_json;  ///< the column as it would be ("null": empty); "": nothing to write
  std::string input_hash;     ///< of what the proposal was made from
};

/// Opens an entry each, in place of the open one of that profile and column, which becomes superseded; one that says
/// the same stays as it is. What a person accepted or rejected for the same profile, column, input and fingerprint is
/// not held again, nor anything of a profile that is gone. An open entry that proposes a value is not replaced by one
/// of another stage that proposes none. The last of several for one profile and column counts.
/// **Database**: jvmm.review; two statements. Belongs into the transaction of the batch.
void hold(db::WriteTx& tx, RunId run, std::string_view fingerprint, std::span<Held const> held);

/// Open entries of that stage and column that no longer hold become superseded.
void withdraw(db::WriteTx& tx, std::string_view stage, std::string_view column, std::span<ProfileId const> profiles);

/// For a stage that examined profiles as a whole: `held` is held, and every other open entry of that stage on these
/// profiles withdrawn.
void hold_only(db::WriteTx& tx, RunId run, std::string_view fingerprint, std::string_view stage,
               std::span<ProfileId const> examined, std::span<Held const> held);

/// An entry as it is stored.
struct Review {
  std::int64_t id = 0;
  ProfileId profile;
  std::string name;  ///< of the profile; "(deleted)" where it is gone
  std::string stage, column, reason, detail;
  std::optional<std::string> proposed_json, current_json;  ///< current: the column when it was held; absent: empty
  std::optional<std::int64_t> run;
  std::string held_at;
  std::optional<std::string> settled_at, verdict, settled_by, note;
};

/// Which entries to list; what is absent does not matter.
struct ReviewFilter {
  std::optional<std::string> stage = {}, column = {}, reason = {};
  std::vector<ProfileId> profiles = {};  ///< empty: all
  bool settled = false;                  ///< settled ones too
};

/// The next entries after an id, by id. **Cost**: at most `count` rows; `count` entries in memory.
std::vector<Review> list_reviews(db::Transaction& tx, ReviewFilter const& filter, std::int64_t after,
                                 std::int64_t count);

/// How many entries are open.
struct ReviewCount {
  std::string stage, reason;
  std::int64_t open = 0;
};
std::vector<ReviewCount> count_open_reviews(db::Transaction& tx);

/// What became of an entry that a person decided on.
enum class Settlement {
  accepted,        ///< written
  acknowledged,    ///< accepted; there was nothing to write
  rejected,        ///< will not be held again
  superseded,      ///< the profile was edited since, or is gone: nothing written
  protected_,      ///< its source ranks above manual_edit: nothing written, still open
  not_writable,    ///< a column that accepting cannot write: still open
  busy,            ///< another transaction is at the profile: still open
  settled_before,  ///< was settled already
  unknown,         ///< no such entry
};
std::string_view name(Settlement settlement);

struct Settled {
  std::int64_t id = 0;
  Settlement outcome = Settlement::unknown;
};

/// Writes what the entries propose, guarded by input and column: a user's edit wins. Provenance: source manual_edit,
/// method accepted. One of each id, by id. **Database**: profiles, jvmm.review; one statement.
std::vector<Settled> accept_reviews(db::WriteTx& tx, std::span<std::int64_t const> ids, std::string_view by,
                                    std::optional<std::string> const& note);

/// Settles the entries so that the same proposal is not held again. One of each id, by id.
std::vector<Settled> reject_reviews(db::WriteTx& tx, std::span<std::int64_t const> ids, std::string_view by,
                                    std::optional<std::string> const& note);

}  // namespace jvmm::store
