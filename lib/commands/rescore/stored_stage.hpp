#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "commands/profile_cache.hpp"
#include "commands/rescore/impact.hpp"
#include "commands/scoring_setup.hpp"
#include "db/sql.hpp"
#include "stage/stage.hpp"
#include "store/matches.hpp"

namespace jvmm::commands {

/// A stored match with its two profiles as they are now.
struct MatchCandidate {
  store::StoredMatch match;
  KnownProfile a, b;
  KnownProfile shadow_a, shadow_b;  ///< prepared by the shadow's scorer, if there is one
  std::string input;                ///< what its score would be computed from

  ProfileId id() const { return match.match; }
  std::string const& input_hash() const { return input; }
};

/// The rescoring of stored matches, in place.
class StoredMatchStage {
 public:
  using Row = MatchCandidate;
  struct Value {
    store::MatchWrite write;
    std::string before_json;
  };

  /// `shadow`, if not null, scores every pair as well and only reports.
  StoredMatchStage(ScoringSetup& setup, ScoringSetup* shadow, store::MatchSelection selection, bool force);

  std::string_view name() const { return store::k_rescore_stage; }
  std::string_view fingerprint() const { return m_setup.basis; }
  static db::Statement const& page_bound() { return db::sql::rescore_page_bound; }

  stage::Page<Row> candidates(db::ReadTx& tx, stage::PageRequest const& page);
  std::vector<stage::Outcome<Value>> compute(std::span<Row const> rows);
  std::vector<stage::Written> write(db::WriteTx& tx, std::span<stage::Done<Value> const> done);

  /// To be read when the run is over.
  Impact const& impact() const { return m_impact; }
  Impact const* shadow_impact() const { return m_shadow_impact ? &*m_shadow_impact : nullptr; }

 private:
  stage::Outcome<Value> score(Row const& row);
  Value retire(Row const& row, std::string const& reason);
  bool is_current(Row const& row) const;
  void shadow(Row const& row, double now);
  void note_duplicate(Row const& row);

  ScoringSetup& m_setup;
  ScoringSetup* m_shadow;
  store::MatchSelection m_selection;
  bool m_force;
  std::string m_scored_at;
  ProfileCache m_profiles;  ///< of the reading thread
  std::optional<ProfileCache> m_shadow_profiles;
  Impact m_impact;  ///< of the computing thread, as all below
  std::optional<Impact> m_shadow_impact;
};

}  // namespace jvmm::commands
