#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "commands/persona_matrix.hpp"
#include "commands/profile_cache.hpp"
#include "commands/run_context.hpp"
#include "commands/scoring_setup.hpp"
#include "json/value.hpp"
#include "scoring/breakdown.hpp"

namespace jvmm::commands {

/// A row of match_suggestions for the pair. Scores are of the row's own order: forth from its profile to the suggested
/// one, and back.
struct StoredPair {
  ProfileId match;
  bool reverse = false;  ///< the row is of B, and suggests A
  std::optional<double> match_score, forth, back, harmonic_mean;
  std::string reason, status, source;
  std::string form;     ///< of match_context: "object", "string" (double-encoded), "null"
  json::Value context;  ///< an object, whichever form was stored
  std::optional<std::string> basis, input;
  bool changed_elsewhere = false;  ///< somebody wrote the scores after the run that the ledger knows of
};

/// A score that is stored otherwise than it would be computed now; absent: not there.
struct Difference {
  bool reverse = false;  ///< of B to A
  std::string_view dimension;
  std::string factor;  ///< its name in a breakdown; empty: the dimension itself
  std::optional<double> stored, now;
  std::optional<double> stored_weight, now_weight;  ///< of factors
};

/// Whether a stored score is what would be computed now.
enum class Freshness { current, outdated, unknown, unscored };
std::string_view name(Freshness freshness);

struct StoredView {
  StoredPair pair;
  Freshness freshness = Freshness::unknown;
  std::vector<std::string> reasons;  ///< why it is not current
  std::vector<Difference> differences;
};

struct Explanation {
  ScoredProfile const &a, &b;
  ScoringSetup const& setup;
  scoring::PairBreakdown pair;
  scoring::LightweightScore lightweight;
  std::string reason_for_a, reason_for_b;
  std::vector<StoredView> stored;
  std::optional<PersonaPair> personas;  ///< where both have one
};

std::vector<StoredPair> read_stored(db::ReadTx& tx, ProfileId a, ProfileId b);

/// Compares with what the pair's score is now.
StoredView compare_stored(StoredPair pair, Explanation const& now);

/// Factors of the dimension that the scoring profile has and that did not fire.
std::vector<scoring::FactorId> silent_factors(scoring::Dimension dimension, scoring::DimensionLine const& line,
                                              scoring::ScoringProfile const& rules);

std::string_view name(scoring::ProfileClass group);

std::string explanation_text(Explanation const& explanation);
std::string explanation_json(Explanation const& explanation);

}  // namespace jvmm::commands
