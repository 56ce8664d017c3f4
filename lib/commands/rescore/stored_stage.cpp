#include "commands/rescore/stored_stage.hpp"

#include <fmt/format.h>

#include "commands/match_context.hpp"

namespace jvmm::commands {
namespace {

using Row = StoredMatchStage::Row;
using Value = StoredMatchStage::Value;
using scoring::rounded;

std::string before_json(store::StoredMatch const& match) {
  json::Writer out;
  out.begin_object();
  if (match.harmonic_mean) out.member("harmonic_mean", *match.harmonic_mean);
  if (match.match_score) out.member("match_score", *match.match_score);
  out.end_object();
  return std::move(out).take();
}

ScoredPair pair_of(Row const& row, double after) {
  ScoredPair pair;
  pair.a = shown_name(row.a, row.match.a);
  pair.b = shown_name(row.b, row.match.b);
  pair.before = row.match.harmonic_mean ? row.match.harmonic_mean : row.match.match_score;
  pair.after = after;
  return pair;
}

// Similarities of a → b by how they were found.
void count_methods(scoring::DirectionBreakdown const& ab, ScoredPair& pair) {
  for (auto const& factor : ab[scoring::Dimension::synergy].factors) {
    pair.semantic += factor.method == "semantic";
    pair.word_overlap += factor.method == "word_overlap";
  }
}

}  // namespace

StoredMatchStage::StoredMatchStage(ScoringSetup& setup, ScoringSetup* shadow, store::MatchSelection selection,
                                   bool force)
    : m_setup(setup),
      m_shadow(shadow),
      m_selection(selection),
      m_force(force),
      m_scored_at(iso8601(setup.scorer.context().now)),
      m_profiles(setup.scorer),
      m_impact(setup.scorer.profile().strong, setup.scorer.profile().premier) {
  m_selection.fingerprint = m_setup.basis;
  if (!shadow) return;
  m_shadow_profiles.emplace(shadow->scorer);
  m_shadow_impact.emplace(shadow->scorer.profile().strong, shadow->scorer.profile().premier);
  m_shadow_impact->compare_with({setup.scorer.profile().strong, setup.scorer.profile().premier});
}

bool StoredMatchStage::is_current(Row const& row) const {
  return !m_force && row.match.scored_basis == m_setup.basis && row.match.scored_input == row.input;
}

stage::Page<Row> StoredMatchStage::candidates(db::ReadTx& tx, stage::PageRequest const& page) {
  auto matches = store::read_matches(tx, m_selection, page.after, page.upto);
  std::vector<ProfileId> ids;
  for (auto const& match : matches) {
    ids.push_back(match.a);
    ids.push_back(match.b);
  }
  m_profiles.load(tx, ids);
  if (m_shadow_profiles) m_shadow_profiles->load(tx, ids);
  stage::Page<Row> result;
  for (auto& match : matches) {
    Row row{std::move(match), m_profiles.at(match.a), m_profiles.at(match.b), {}, {}, {}};
    auto const hash = [](KnownProfile const& known) { return known.scored ? known.scored->hash : known.problem; };
    row.input = pair_input(hash(row.a), hash(row.b));
    if (is_current(row)) continue;
    if (m_shadow_profiles) {
      row.shadow_a = m_shadow_profiles->at(row.match.a);
      row.shadow_b = m_shadow_profiles->at(row.match.b);
    }
    result.rows.push_back(std::move(row));
  }
  return result;
}

std::vector<stage::Outcome<Value>> StoredMatchStage::compute(std::span<Row const> rows) {
  std::vector<stage::Outcome<Value>> outcomes;
  for (auto const& row : rows)
    outcomes.push_back(score(row));
  return outcomes;
}

Value StoredMatchStage::retire(Row const& row, std::string const& reason) {
  auto pair = pair_of(row, 0);
  pair.retired = true;
  m_impact.add(pair);
  ScoreStamp const stamp{m_setup.basis, row.input, m_scored_at};
  return {{row.match.match, row.match.a, row.match.b, 0, 0, 0, "",
           retired_context(reason, m_setup.scorer.profile(), stamp)},
          before_json(row.match)};
}

void StoredMatchStage::shadow(Row const& row, double now) {
  if (!m_shadow || !row.shadow_a.scored || !row.shadow_b.scored) return;
  auto const score = m_shadow->scorer.score(row.shadow_a.scored->prepared, row.shadow_b.scored->prepared);
  auto pair = pair_of(row, rounded(score.harmonic_mean, 2));
  pair.before = now;
  pair.retired = !score.eligible;
  m_shadow_impact->add(pair);
}

void StoredMatchStage::note_duplicate(Row const& row) {
  auto const &a = *row.a.scored, &b = *row.b.scored;
  if (row.match.a == row.match.b) return;
  if (auto const evidence =
          scoring::duplicate_evidence(with_vectors(a.duplicate, a.prepared), with_vectors(b.duplicate, b.prepared)))
    m_impact.add(DuplicateMatch{row.match.match, row.match.a, row.match.b, scoring::name(*evidence)});
}

stage::Outcome<Value> StoredMatchStage::score(Row const& row) {
  for (auto const* const known : {&row.a, &row.b})
    if (!known->scored) {
      if (known->missing) return retire(row, known->problem);
      return stage::RowFailure{Kind::bad_input, known->problem};
    }
  auto const& scorer = m_setup.scorer;
  auto const &a = *row.a.scored, &b = *row.b.scored;
  auto const breakdown = scorer.breakdown(a.profile, a.prepared, b.profile, b.prepared);
  auto const decimals = scorer.profile().output_decimals;
  auto const mean = rounded(breakdown.harmonic_mean, decimals);
  shadow(row, mean);
  if (!breakdown.eligible) return retire(row, breakdown.ineligible_reason);
  auto pair = pair_of(row, mean);
  count_methods(breakdown.ab, pair);
  m_impact.add(pair);
  note_duplicate(row);
  ScoreStamp const stamp{m_setup.basis, row.input, m_scored_at};
  return Value{{row.match.match, row.match.a, row.match.b, rounded(breakdown.ab.score, decimals),
                rounded(breakdown.ba.score, decimals), mean, scoring::match_reason(a.reason, b.reason),
                row.match.compact ? compact_context(scorer.score(a.prepared, b.prepared), a.prepared, b.prepared, stamp)
                                  : full_context(breakdown, scorer.profile(), stamp)},
               before_json(row.match)};
}

std::vector<stage::Written> StoredMatchStage::write(db::WriteTx& tx, std::span<stage::Done<Value> const> done) {
  std::vector<store::MatchWrite> rows;
  std::unordered_map<ProfileId, std::string const*> before;
  for (auto const& [id, input_hash, value] : done) {
    rows.push_back(value->write);
    before.emplace(id, &value->before_json);
  }
  std::vector<stage::Written> written;
  for (auto& row : store::write_matches(tx, rows))
    written.push_back({row.match, std::move(row.digest), *before.at(row.match), row.as_sent});
  return written;
}

}  // namespace jvmm::commands
