#include "commands/explain/explain.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "commands/explain/explanation.hpp"
#include "scoring/match_reason.hpp"
#include "store/migrations.hpp"

namespace jvmm::commands {
namespace {

ScoredProfile const& scored(KnownProfile const& known) {
  if (known.scored) return *known.scored;
  throw Error(Kind::bad_input, known.problem);
}

}  // namespace

std::vector<scoring::FactorId> silent_factors(scoring::Dimension dimension, scoring::DimensionLine const& line,
                                              scoring::ScoringProfile const& rules) {
  std::vector<scoring::FactorId> silent;
  for (auto const& factor : scoring::factors()) {
    auto const fired = [&](auto const& found) { return found.id == factor.id; };
    if (factor.dimension == dimension && rules[factor.id].enabled &&
        std::none_of(line.factors.begin(), line.factors.end(), fired))
      silent.push_back(factor.id);
  }
  return silent;
}

std::string_view name(scoring::ProfileClass group) {
  switch (group) {
    case scoring::ProfileClass::eligible:
      return "eligible";
    case scoring::ProfileClass::enrichment_candidate:
      return "enrichment_candidate";
    case scoring::ProfileClass::ineligible:
      return "ineligible";
  }
  return "";
}

void ExplainOptions::validate() const {
  for (auto const& id : {a, b})
    if (!ProfileId::parse(id)) throw Error(Kind::usage, "'" + id + "' is no profile id (uuid)");
  if (ProfileId::parse(a) == ProfileId::parse(b))
    throw Error(Kind::usage, "both ids are of the same profile; a pair has two");
}

int explain(RunContext& context, ExplainOptions const& options) {
  options.validate();
  std::array const ids{*ProfileId::parse(options.a), *ProfileId::parse(options.b)};
  db::Connection connection(context.database("explain"));
  {
    db::ReadTx tx(connection);
    store::require_migrated(tx);
  }
  auto setup = open_scoring(context, connection, options.scoring, false);
  ProfileCache profiles(setup.scorer);
  db::ReadTx tx(connection);
  profiles.load(tx, ids);
  auto const &a = scored(profiles.at(ids[0])), &b = scored(profiles.at(ids[1]));
  Explanation explanation{a,
                          b,
                          setup,
                          setup.scorer.breakdown(a.profile, a.prepared, b.profile, b.prepared),
                          setup.scorer.lightweight(a.prepared, b.prepared),
                          scoring::match_reason(a.reason, b.reason),
                          scoring::match_reason(b.reason, a.reason),
                          {},
                          read_persona_pair(tx, a.profile.audience_persona, b.profile.audience_persona)};
  for (auto& pair : read_stored(tx, ids[0], ids[1]))
    explanation.stored.push_back(compare_stored(std::move(pair), explanation));
  context.print(context.format() == OutputFormat::json ? explanation_json(explanation) : explanation_text(explanation));
  return 0;
}

}  // namespace jvmm::commands
