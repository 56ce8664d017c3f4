#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "db/transaction.hpp"
#include "store/leases.hpp"

namespace jvmm::store {

/// The stage of all-pairs runs, for leases and runs. Permanent.
inline constexpr std::string_view k_all_pairs_stage = "rescore-all-pairs";

/// What makes shards of all-pairs runs belong together (docs/matches.md).
struct GenerationKey {
  std::string fingerprint;  ///< of scoring, time, profiles and options
  std::string basis;
  std::string options_json;
  int shards = 1;
  std::size_t profiles = 0;
};

struct Generation {
  std::int64_t id = 0;
  bool published = false;
};

Generation open_generation(db::WriteTx& tx, GenerationKey const& key, RunId run);

/// A row on its way into match_suggestions. Scores 0..100, two decimals.
struct StagedMatch {
  ProfileId a, b;
  double score_ab = 0, score_ba = 0, harmonic_mean = 0;
  std::string reason, context;
};

/// Replaces what is staged for profiles in after < id <= upto. `next` gives rows until it returns false.
/// **Database**: one COPY. **Returns** the number of rows.
std::int64_t stage_matches(db::WriteTx& tx, std::int64_t generation, ProfileId after, ProfileId upto,
                           std::function<bool(StagedMatch&)> const& next);

/// Marks a shard's rows as complete. Waits for other shards that are just doing so. **Returns** how many shards are.
int record_part(db::WriteTx& tx, std::int64_t generation, int shard, std::int64_t rows);

struct StagedCounts {
  std::int64_t rows = 0, recorded = 0;  ///< of this generation: there, and what its shards said
  std::int64_t newer = 0;               ///< of later generations
};
StagedCounts count_staged(db::Transaction& tx, std::int64_t generation);

/// For when the staged rows of a generation are gone.
void forget_parts(db::WriteTx& tx, std::int64_t generation);

struct RankedProfile {
  ProfileId profile;
  std::string hash;
};

struct PublishedGeneration {
  std::int64_t id = 0;
  std::int64_t rows = 0;  ///< that it had when it was published
};

/// The published generation, if it is of this scoring with these options.
std::optional<PublishedGeneration> published_generation(db::Transaction& tx, std::string_view basis,
                                                        std::string_view options_json);

/// The profiles of the published generation, by id.
std::vector<RankedProfile> read_ranked(db::Transaction& tx);

/// Calls `use(profile, partner)` for each row of the published generation.
void read_best(db::Transaction& tx, std::function<void(ProfileId const&, ProfileId const&)> const& use);

struct PublishCounts {
  std::int64_t inserted = 0, updated = 0, left = 0;  ///< left: no longer among the best
};

/// Brings a generation into match_suggestions, in place of the one before; belongs into one transaction. `lists`: only
/// the lists of these profiles are new; absent: all are.
PublishCounts publish(db::WriteTx& tx, std::int64_t generation, std::optional<std::vector<ProfileId>> const& lists,
                      std::span<RankedProfile const> ranked);

/// Generations that wait for shards, other than this one, as "7 (1 of 3 shards)".
std::vector<std::string> waiting_generations(db::Transaction& tx, std::int64_t other_than);

}  // namespace jvmm::store
