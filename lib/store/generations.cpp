#include "store/generations.hpp"

#include <fmt/format.h>

#include "db/copy.hpp"
#include "db/sql.hpp"

namespace jvmm::store {

Generation open_generation(db::WriteTx& tx, GenerationKey const& key, RunId run) {
  auto const rows = tx.exec(db::sql::all_pairs_open_generation, db::Params()
                                                                    .add(key.fingerprint)
                                                                    .add(key.basis)
                                                                    .add(key.options_json)
                                                                    .add(key.shards)
                                                                    .add(key.profiles)
                                                                    .add(run.value));
  auto const row = rows.one();
  return {row.get<std::int64_t>("id"), row.get<bool>("published")};
}

std::int64_t stage_matches(db::WriteTx& tx, std::int64_t generation, ProfileId after, ProfileId upto,
                           std::function<bool(StagedMatch&)> const& next) {
  tx.exec(db::sql::all_pairs_drop_part, db::Params().add(generation).add(after).add(upto));
  db::CopyWriter copy(tx, "jvmm.staged_match",
                      {"generation", "profile_id", "suggested_profile_id", "score_ab", "score_ba", "harmonic_mean",
                       "match_reason", "match_context"});
  for (StagedMatch match; next(match);)
    copy.row()
        .add(generation)
        .add(match.a)
        .add(match.b)
        .add(match.score_ab)
        .add(match.score_ba)
        .add(match.harmonic_mean)
        .add(match.reason)
        .add_jsonb(match.context);
  return copy.finish();
}

int record_part(db::WriteTx& tx, std::int64_t generation, int shard, std::int64_t rows) {
  tx.exec(db::sql::all_pairs_lock_generation, db::Params().add(generation));
  auto const counts = tx.exec(db::sql::all_pairs_record_part, db::Params().add(generation).add(shard).add(rows));
  return counts.one().get<int>("parts");
}

StagedCounts count_staged(db::Transaction& tx, std::int64_t generation) {
  auto const rows = tx.exec(db::sql::all_pairs_staged, db::Params().add(generation));
  auto const row = rows.one();
  return {row.get<std::int64_t>("rows"), row.get<std::int64_t>("recorded"), row.get<std::int64_t>("newer")};
}

void forget_parts(db::WriteTx& tx, std::int64_t generation) {
  tx.exec(db::sql::all_pairs_forget_parts, db::Params().add(generation));
}

std::optional<PublishedGeneration> published_generation(db::Transaction& tx, std::string_view basis,
                                                        std::string_view options_json) {
  auto const rows = tx.exec(db::sql::all_pairs_published, db::Params().add(basis).add(options_json));
  if (rows.empty()) return std::nullopt;
  return PublishedGeneration{rows[0].get<std::int64_t>("id"), rows[0].get<std::int64_t>("rows")};
}

std::vector<RankedProfile> read_ranked(db::Transaction& tx) {
  std::vector<RankedProfile> ranked;
  db::CopyReader reader(tx, db::sql::all_pairs_ranked);
  while (auto const* const row = reader.next())
    ranked.push_back({row->get<ProfileId>(0), std::string(row->text(1))});
  return ranked;
}

void read_best(db::Transaction& tx, std::function<void(ProfileId const&, ProfileId const&)> const& use) {
  db::CopyReader reader(tx, db::sql::all_pairs_best);
  while (auto const* const row = reader.next())
    use(row->get<ProfileId>(0), row->get<ProfileId>(1));
}

PublishCounts publish(db::WriteTx& tx, std::int64_t generation, std::optional<std::vector<ProfileId>> const& lists,
                      std::span<RankedProfile const> ranked) {
  PublishCounts counts;
  auto const staged = count_staged(tx, generation);
  db::Params params;
  params.add(generation);
  lists ? params.add_array(*lists) : params.add_null();
  counts.left = tx.exec(db::sql::all_pairs_publish_leave, params).affected();
  auto const rows = tx.exec(db::sql::all_pairs_publish_rows, db::Params().add(generation));
  counts.inserted = rows.one().get<std::int64_t>("inserted");
  counts.updated = rows.one().get<std::int64_t>("updated");
  tx.exec(db::sql::all_pairs_clear_ranked);
  {
    db::CopyWriter copy(tx, "jvmm.ranked_profile", {"profile_id", "hash"});
    for (auto const& [profile, hash] : ranked)
      copy.row().add(profile).add(hash);
    copy.finish();
  }
  tx.exec(db::sql::all_pairs_publish_finish, db::Params().add(generation));
  if (staged.newer)
    tx.exec(db::sql::all_pairs_drop_staged, db::Params().add(generation));
  else
    tx.exec(db::sql::all_pairs_truncate_staged);
  return counts;
}

std::vector<std::string> waiting_generations(db::Transaction& tx, std::int64_t other_than) {
  std::vector<std::string> waiting;
  for (auto const row : tx.exec(db::sql::all_pairs_waiting, db::Params().add(other_than)))
    waiting.push_back(fmt::format("{} ({} of {} shards)", row.get<std::int64_t>("id"), row.get<std::int64_t>("parts"),
                                  row.get<std::int64_t>("shards")));
  return waiting;
}

}  // namespace jvmm::store
