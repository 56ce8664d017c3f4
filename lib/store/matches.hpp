#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "db/transaction.hpp"

namespace jvmm::store {

/// The stage of stored matches in the ledger, where a match's id stands for the profile's. Permanent.
inline constexpr std::string_view k_rescore_stage = "rescore";

/// A row of match_suggestions and how it was scored last.
struct StoredMatch {
  ProfileId match, a, b;
  std::optional<double> match_score, harmonic_mean;  ///< 0..100; NaN is absent
  std::optional<std::string> scored_input, scored_basis;
  bool compact = false;  ///< its context has dimension scores instead of breakdowns
};

struct MatchSelection {
  std::string_view fingerprint;
  std::optional<SystemTime> updated_since;              ///< only matches with a profile updated since
  std::span<ProfileId const> profiles;                  ///< only matches with one of these; empty: all
  std::optional<std::int64_t> written_generation = {};  ///< without what this all-pairs run has just written
};

/// Matches in after < id <= upto, by id. **Cost**: reads the rows of the range.
std::vector<StoredMatch> read_matches(db::Transaction& tx, MatchSelection const& selection, ProfileId after,
                                      ProfileId upto);

/// New scores of a stored match, 0..100 with two decimals.
struct MatchWrite {
  ProfileId match, a, b;
  double score_ab = 0, score_ba = 0, harmonic_mean = 0;
  std::string reason;
  std::string context;  ///< a JSON object: the keys of jvmm.score_keys()
};

/// What jvmm.score_digest gives for a row with these scores.
std::string score_digest(MatchWrite const& row);

struct MatchWritten {
  ProfileId match;
  std::string digest;
  bool as_sent = false;
};

/// Updates scores, reason and context. Rows that are gone or link other profiles now are not among those returned.
/// **Database**: one UPDATE.
std::vector<MatchWritten> write_matches(db::WriteTx& tx, std::vector<MatchWrite> const& rows);

struct ContextCounts {
  std::int64_t matches = 0, strings = 0, unreadable = 0;
};
ContextCounts count_contexts(db::Transaction& tx);

/// Mends double-encoded contexts in a page of ids; the number mended.
std::int64_t repair_contexts(db::WriteTx& tx, ProfileId after, ProfileId upto);

}  // namespace jvmm::store
