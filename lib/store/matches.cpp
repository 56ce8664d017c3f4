#include "store/matches.hpp"

#include <fmt/format.h>

#include <cmath>
#include <unordered_map>

#include "base/error.hpp"
#include "db/sql.hpp"
#include "text/digest.hpp"

namespace jvmm::store {
std::string score_digest(MatchWrite const& row) {
  return text::md5_hex(
      fmt::format("{:.2f}|{:.2f}|{:.2f}|{}", row.score_ab, row.score_ba, row.harmonic_mean, row.reason));
}

namespace {

std::optional<double> finite(std::optional<double> score) {
  return score && std::isfinite(*score) ? score : std::nullopt;
}

}  // namespace

std::vector<StoredMatch> read_matches(db::Transaction& tx, MatchSelection const& selection, ProfileId after,
                                      ProfileId upto) {
  db::Params params;
  params.add(after).add(upto).add(selection.fingerprint).add(selection.updated_since);
  selection.profiles.empty() ? params.add_null() : params.add_array(selection.profiles);
  params.add(selection.written_generation);
  std::vector<StoredMatch> matches;
  for (auto const row : tx.exec(db::sql::rescore_candidates, params))
    matches.push_back({row.get<ProfileId>("id"), row.get<ProfileId>("profile_id"),
                       row.get<ProfileId>("suggested_profile_id"), finite(row.optional<double>("match_score")),
                       finite(row.optional<double>("harmonic_mean")), row.optional<std::string>("scored_input"),
                       row.optional<std::string>("scored_basis"), row.get<bool>("compact")});
  return matches;
}

std::vector<MatchWritten> write_matches(db::WriteTx& tx, std::vector<MatchWrite> const& rows) {
  std::vector<ProfileId> matches, a, b;
  std::vector<double> ab, ba, mean;
  std::vector<std::string> reasons, contexts;
  std::unordered_map<ProfileId, MatchWrite const*> sent;
  for (auto const& row : rows) {
    matches.push_back(row.match);
    a.push_back(row.a);
    b.push_back(row.b);
    ab.push_back(row.score_ab);
    ba.push_back(row.score_ba);
    mean.push_back(row.harmonic_mean);
    reasons.push_back(row.reason);
    contexts.push_back(row.context);
    sent.emplace(row.match, &row);
  }
  db::Params params;
  params.add_array(matches).add_array(a).add_array(b).add_array(ab).add_array(ba).add_array(mean);
  params.add_array(reasons).add_jsons(contexts);
  std::vector<MatchWritten> written;
  for (auto const row : tx.exec(db::sql::rescore_write, params)) {
    auto const id = row.get<ProfileId>("id");
    auto digest = row.get<std::string>("digest");
    bool const as_sent = digest == score_digest(*sent.at(id));
    written.push_back({id, std::move(digest), as_sent});
  }
  return written;
}

ContextCounts count_contexts(db::Transaction& tx) {
  auto const rows = tx.exec(db::sql::rescore_count_contexts);
  auto const row = rows.one();
  return {row.get<std::int64_t>("matches"), row.get<std::int64_t>("strings"), row.get<std::int64_t>("unreadable")};
}

std::int64_t repair_contexts(db::WriteTx& tx, ProfileId after, ProfileId upto) {
  return tx.exec(db::sql::rescore_repair_context, db::Params().add(after).add(upto)).affected();
}

}  // namespace jvmm::store
