#include "store/client_matches.hpp"

#include <map>

#include "db/sql.hpp"

namespace jvmm::store {

std::vector<ProfileId> active_clients(db::Transaction& tx) {
  std::vector<ProfileId> clients;
  for (auto const row : tx.exec(db::sql::clients_active))
    clients.push_back(row.get<ProfileId>("id"));
  return clients;
}

std::vector<StoredMatch> read_client_matches(db::Transaction& tx, std::span<ProfileId const> clients,
                                             std::span<ProfileId const> prospects) {
  std::vector<StoredMatch> matches;
  for (auto const row : tx.exec(db::sql::clients_stored, db::Params().add_array(clients).add_array(prospects))) {
    StoredMatch match;
    match.a = row.get<ProfileId>("profile_id");
    match.b = row.get<ProfileId>("suggested_profile_id");
    match.match_score = row.optional<double>("match_score");
    match.harmonic_mean = row.optional<double>("harmonic_mean");
    match.scored_basis = row.optional<std::string>("scored_basis");
    match.scored_input = row.optional<std::string>("scored_input");
    matches.push_back(std::move(match));
  }
  return matches;
}

std::vector<ClientWritten> upsert_client_matches(db::WriteTx& tx, std::vector<MatchWrite> const& rows) {
  std::vector<ProfileId> clients, prospects;
  std::vector<double> ab, ba, mean;
  std::vector<std::string> reasons, contexts;
  std::map<std::pair<ProfileId, ProfileId>, MatchWrite const*> sent;
  for (auto const& row : rows) {
    clients.push_back(row.a);
    prospects.push_back(row.b);
    ab.push_back(row.score_ab);
    ba.push_back(row.score_ba);
    mean.push_back(row.harmonic_mean);
    reasons.push_back(row.reason);
    contexts.push_back(row.context);
    sent.emplace(std::pair(row.a, row.b), &row);
  }
  db::Params params;
  params.add_array(clients).add_array(prospects).add_array(ab).add_array(ba).add_array(mean);
  params.add_array(reasons).add_jsons(contexts);
  std::vector<ClientWritten> written;
  for (auto const row : tx.exec(db::sql::clients_upsert, params)) {
    auto const client = row.get<ProfileId>("profile_id"), prospect = row.get<ProfileId>("suggested_profile_id");
    auto digest = row.get<std::string>("digest");
    bool const as_sent = digest == score_digest(*sent.at({client, prospect}));
    written.push_back({client, prospect, std::move(digest), as_sent});
  }
  return written;
}

std::vector<FlaggedReport> flag_reports(db::WriteTx& tx, std::span<ProfileId const> clients, double high_quality) {
  std::vector<FlaggedReport> flagged;
  for (auto const row : tx.exec(db::sql::clients_flag, db::Params().add_array(clients).add(high_quality)))
    flagged.push_back(
        {row.get<std::int64_t>("id"), row.get<std::string>("member_name"), row.get<std::int64_t>("matches")});
  return flagged;
}

}  // namespace jvmm::store
