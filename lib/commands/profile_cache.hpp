#pragma once

#include <memory>
#include <span>
#include <string>
#include <unordered_map>

#include "db/transaction.hpp"
#include "scoring/duplicates.hpp"
#include "scoring/match_reason.hpp"
#include "scoring/scorer.hpp"

namespace jvmm::commands {

/// A profile ready to be scored and worded.
struct ScoredProfile {
  Profile profile;  ///< without its vectors
  scoring::Prepared prepared;
  scoring::ReasonParts reason;
  std::string hash;                 ///< scoring::feature_hash
  scoring::DuplicateKey duplicate;  ///< without vectors
  scoring::ProfileClass group = scoring::ProfileClass::eligible;
};

/// What is known of a profile: itself, or why it cannot be scored.
struct KnownProfile {
  std::shared_ptr<ScoredProfile const> scored;  ///< null: `problem` says why
  std::string problem;
  bool missing = false;  ///< there is no such profile (any more)
};

/// The name for a report, or the id where there is none.
std::string shown_name(Profile const& profile);
std::string shown_name(KnownProfile const& known, ProfileId const& id);

ScoredProfile prepare_profile(Profile&& profile, scoring::Scorer& scorer);

/// Profiles read from the database and prepared, up to a number; the whole is dropped when it is exceeded.
/// **Threads**: one thread, the one that prepares with this scorer.
class ProfileCache {
 public:
  explicit ProfileCache(scoring::Scorer& scorer, std::size_t capacity = 20'000)
      : m_scorer(scorer), m_capacity(capacity) {}

  /// Reads those that are not there yet. **Cost**: one COPY.
  void load(db::Transaction& tx, std::span<ProfileId const> ids);

  /// REQUIRES: loaded since, in one call that fits the capacity.
  KnownProfile const& at(ProfileId const& id) const { return m_known.at(id); }

 private:
  scoring::Scorer& m_scorer;
  std::size_t m_capacity;
  std::unordered_map<ProfileId, KnownProfile> m_known;
};

}  // namespace jvmm::commands
