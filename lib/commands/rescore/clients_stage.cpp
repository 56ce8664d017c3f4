#include "commands/rescore/clients_stage.hpp"

#include <map>

#include "commands/match_context.hpp"
#include "store/scoring_rows.hpp"
#include "text/digest.hpp"

namespace jvmm::commands {
namespace {

using Row = ClientStage::Row;
using Value = ClientStage::Value;
using scoring::rounded;

}  // namespace

ClientStage::ClientStage(ScoringSetup& setup, std::vector<ScoredProfile> const& clients, ClientRules rules, bool force)
    : m_setup(setup),
      m_clients(clients),
      m_rules(rules),
      m_force(force),
      m_scored_at(iso8601(setup.scorer.context().now)),
      m_impact(setup.scorer.profile().strong, setup.scorer.profile().premier) {
  for (auto const& client : clients)
    m_client_ids.push_back(client.profile.id);
}

stage::Page<Row> ClientStage::candidates(db::ReadTx& tx, stage::PageRequest const& page) {
  std::vector<Row> prospects;
  std::vector<ProfileId> ids;
  store::read_profiles(
      tx, page.after, page.upto, page.only,
      [&](Profile&& profile) {
        auto scored = std::make_shared<ScoredProfile const>(prepare_profile(std::move(profile), m_setup.scorer));
        auto const id = scored->profile.id;
        ids.push_back(id);
        prospects.push_back({id, std::move(scored), {}, {}});
      },
      [&](ProfileId id, std::string reason) { prospects.push_back({id, nullptr, std::move(reason), {}}); });
  std::map<std::pair<ProfileId, ProfileId>, store::StoredMatch> stored;
  for (auto& match : store::read_client_matches(tx, m_client_ids, ids))
    stored.emplace(std::pair(match.a, match.b), std::move(match));

  stage::Page<Row> result;
  for (auto& row : prospects) {
    if (!row.prospect) {
      result.rows.push_back(std::move(row));
      continue;
    }
    for (std::size_t c = 0; c < m_clients.size(); ++c) {
      if (m_client_ids[c] == row.id()) continue;
      auto const found = stored.find({m_client_ids[c], row.id()});
      bool const known = found != stored.end();
      auto const input = pair_input(m_clients[c].hash, row.prospect->hash);
      if (known && !m_force && found->second.scored_basis == m_setup.basis && found->second.scored_input == input)
        continue;
      if (!known && row.prospect->group != scoring::ProfileClass::eligible) continue;
      row.clients.push_back({c, known ? found->second.harmonic_mean : std::nullopt, known});
    }
    row.input = row.prospect->hash;
    if (!row.clients.empty()) result.rows.push_back(std::move(row));
  }
  return result;
}

std::vector<stage::Outcome<Value>> ClientStage::compute(std::span<Row const> rows) {
  std::vector<stage::Outcome<Value>> outcomes;
  for (auto const& row : rows) {
    if (!row.prospect) {
      outcomes.emplace_back(stage::RowFailure{Kind::bad_input, row.input});
      continue;
    }
    Value value;
    for (auto const& client : row.clients)
      if (!score(m_clients[client.index], client, *row.prospect, value)) ++m_dropped;
    if (value.empty())
      outcomes.emplace_back(stage::Skipped{"no pair reaches the least score"});
    else
      outcomes.emplace_back(std::move(value));
  }
  return outcomes;
}

bool ClientStage::score(ScoredProfile const& client, ProspectCandidate::Client const& stored,
                        ScoredProfile const& prospect, Value& value) {
  auto const& scorer = m_setup.scorer;
  auto const& rules = scorer.profile();
  if (!m_rules.suggest_duplicates && !stored.stored &&
      scoring::duplicate_evidence(with_vectors(client.duplicate, client.prepared),
                                  with_vectors(prospect.duplicate, prospect.prepared)))
    return false;
  if (m_rules.prescreen && !stored.stored &&
      rounded(scorer.lightweight(client.prepared, prospect.prepared).harmonic_mean, 2) < rules.lightweight_threshold)
    return false;
  auto const pair = scorer.score(client.prepared, prospect.prepared);
  auto const mean = rounded(pair.harmonic_mean, rules.output_decimals);
  if (!stored.stored && (!pair.eligible || mean < m_rules.min_score)) return false;

  auto const input = pair_input(client.hash, prospect.hash);
  ScoreStamp const stamp{m_setup.basis, input, m_scored_at};
  ScoredPair scored{
      shown_name(client.profile), shown_name(prospect.profile), stored.before, mean, !pair.eligible, 0, 0};
  scored.count_methods(client.prepared, prospect.prepared);
  m_impact.add(scored);
  store::MatchWrite write{{},
                          client.profile.id,
                          prospect.profile.id,
                          rounded(pair.ab.score, rules.output_decimals),
                          rounded(pair.ba.score, rules.output_decimals),
                          mean,
                          {},
                          {}};
  if (!pair.eligible) {
    auto const why = scorer.breakdown(client.profile, client.prepared, prospect.profile, prospect.prepared);
    write.context = retired_context(why.ineligible_reason, rules, stamp);
  } else {
    write.reason = scoring::match_reason(client.reason, prospect.reason);
    // What a page will show gets its breakdowns; the rest can be explained again at any time.
    write.context =
        mean >= rules.strong
            ? full_context(scorer.breakdown(client.profile, client.prepared, prospect.profile, prospect.prepared),
                           rules, stamp)
            : compact_context(pair, client.prepared, prospect.prepared, stamp);
  }
  value.push_back(std::move(write));
  return true;
}

std::vector<stage::Written> ClientStage::write(db::WriteTx& tx, std::span<stage::Done<Value> const> done) {
  std::vector<store::MatchWrite> rows;
  for (auto const& one : done)
    rows.insert(rows.end(), one.value->begin(), one.value->end());
  std::map<ProfileId, std::pair<std::string, bool>> by_prospect;
  for (auto const& row : store::upsert_client_matches(tx, rows)) {
    auto& [digest, as_sent] = by_prospect.try_emplace(row.prospect, "", true).first->second;
    digest += row.digest;
    as_sent = as_sent && row.as_sent;
  }
  std::vector<stage::Written> written;
  for (auto const& [prospect, found] : by_prospect)
    written.push_back({prospect, text::md5_hex(found.first), "{}", found.second});
  return written;
}

}  // namespace jvmm::commands
