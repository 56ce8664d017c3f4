#include "commands/score/pair_lines.hpp"

#include "json/writer.hpp"

namespace jvmm::commands {
namespace {

using scoring::rounded;

std::unordered_map<ProfileId, scoring::OutcomeCounts> parse_outcomes(json::Ref const& outcomes) {
  std::unordered_map<ProfileId, scoring::OutcomeCounts> result;
  for (auto const& [id, counts] : outcomes.members()) {
    auto const partner = ProfileId::parse(id);
    if (!partner) throw counts.unexpected("a profile id (uuid) as the name of this member");
    auto& found = result[*partner];
    for (auto const& [outcome, count] : counts.members())
      found.emplace_back(outcome, count.number());
  }
  return result;
}

scoring::Prepared prepare_without_vectors(scoring::Scorer& scorer, Profile profile) {
  profile.embeddings = {};
  return scorer.prepare(profile);
}

void write_scores(json::Writer& out, double ab, double ba, double harmonic_mean) {
  out.member("score_ab", ab).member("score_ba", ba).member("harmonic_mean", harmonic_mean);
}

std::string as_json(std::string const& name, scoring::PairBreakdown const& pair,
                    scoring::LightweightScore const& lightweight, std::string const& reason, int decimals) {
  json::Writer out;
  out.begin_object().member("pair", name).member("eligible", pair.eligible);
  write_scores(out, rounded(pair.ab.score, decimals), rounded(pair.ba.score, decimals),
               rounded(pair.harmonic_mean, decimals));
  if (!pair.eligible) out.member("ineligible_reason", pair.ineligible_reason);
  out.member("match_reason", reason);
  if (pair.eligible) {
    out.key("unrounded").begin_object();
    write_scores(out, pair.ab.score, pair.ba.score, pair.harmonic_mean);
    out.end_object().key("ab");
    scoring::write_breakdown(out, pair.ab);
    out.key("ba");
    scoring::write_breakdown(out, pair.ba);
  }
  out.key("lightweight").begin_object();
  write_scores(out, rounded(lightweight.score_ab, decimals), rounded(lightweight.score_ba, decimals),
               rounded(lightweight.harmonic_mean, decimals));
  out.end_object().end_object();
  return std::move(out).take();
}

}  // namespace

PairLine parse_pair_line(json::Ref const& row, ProfileSet const& set) {
  PairLine pair;
  pair.a = set.at(row["a"]);
  pair.b = set.at(row["b"]);
  auto const name = row.find("pair");
  pair.name = name ? name->string() : set.profiles[pair.a].id.text() + "/" + set.profiles[pair.b].id.text();
  if (auto const embeddings = row.find("embeddings")) pair.embeddings = embeddings->boolean();
  if (auto const outcomes = row.find("outcome_data")) pair.outcomes = parse_outcomes(*outcomes);
  return pair;
}

PairLines::PairLines(ProfileSet const& set, scoring::ScoringProfile const& rules,
                     scoring::ScoringContext const& context)
    : m_set(set),
      m_scorer(rules, context),
      m_with_vectors(set.profiles.size()),
      m_without_vectors(set.profiles.size()),
      m_parts(set.profiles.size()) {}

scoring::Prepared const& PairLines::prepared(std::size_t profile, bool embeddings) {
  auto& found = (embeddings ? m_with_vectors : m_without_vectors)[profile];
  if (!found)
    found = embeddings ? m_scorer.prepare(m_set.profiles[profile])
                       : prepare_without_vectors(m_scorer, m_set.profiles[profile]);
  return *found;
}

scoring::ReasonParts const& PairLines::parts(std::size_t profile) {
  if (!m_parts[profile]) m_parts[profile] = scoring::reason_parts(m_set.profiles[profile]);
  return *m_parts[profile];
}

PairLines::Result PairLines::score(PairLine const& pair) {
  auto const& a = m_set.profiles[pair.a];
  auto const& b = m_set.profiles[pair.b];
  auto const result = [&](scoring::Scorer const& scorer, scoring::Prepared const& prepared_a,
                          scoring::Prepared const& prepared_b) {
    auto const breakdown = scorer.breakdown(a, prepared_a, b, prepared_b);
    auto const reason = breakdown.eligible ? scoring::match_reason(parts(pair.a), parts(pair.b)) : "";
    return Result{breakdown.eligible, as_json(pair.name, breakdown, scorer.lightweight(prepared_a, prepared_b), reason,
                                              scorer.profile().output_decimals)};
  };
  if (!pair.outcomes) {
    auto const& prepared_a = prepared(pair.a, pair.embeddings);
    return result(m_scorer, prepared_a, prepared(pair.b, pair.embeddings));
  }
  auto context = m_scorer.context();
  context.outcomes = *pair.outcomes;
  scoring::Scorer scorer(m_scorer.profile(), std::move(context));
  auto const prepare = [&](Profile const& profile) {
    return pair.embeddings ? scorer.prepare(profile) : prepare_without_vectors(scorer, profile);
  };
  auto const prepared_a = prepare(a);
  return result(scorer, prepared_a, prepare(b));
}

}  // namespace jvmm::commands
