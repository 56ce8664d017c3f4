#include "commands/profile_cache.hpp"

#include <algorithm>

#include "scoring/feature_hash.hpp"
#include "store/scoring_rows.hpp"

namespace jvmm::commands {
namespace {

ProfileId last_id() {
  ProfileId::Bytes bytes;
  bytes.fill(0xff);
  return ProfileId(bytes);
}

}  // namespace

ScoredProfile prepare_profile(Profile&& profile, scoring::Scorer& scorer) {
  ScoredProfile scored;
  scored.prepared = scorer.prepare(profile);
  scored.reason = scoring::reason_parts(profile);
  scored.hash = scoring::feature_hash(profile, scored.prepared, scorer.profile());
  scored.group = scorer.classify(profile);
  scored.duplicate = scoring::duplicate_key(profile.name, profile.email, profile.company, profile.website);
  profile.embeddings = {};
  scored.profile = std::move(profile);
  return scored;
}

void ProfileCache::load(db::Transaction& tx, std::span<ProfileId const> ids) {
  std::vector<ProfileId> wanted;
  for (auto const& id : ids)
    if (!m_known.contains(id)) wanted.push_back(id);
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  if (m_known.size() + wanted.size() > m_capacity) {
    m_known.clear();
    wanted.assign(ids.begin(), ids.end());
    std::sort(wanted.begin(), wanted.end());
    wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  }
  if (wanted.empty()) return;
  for (auto const& id : wanted)
    m_known[id] = {nullptr, "profile " + id.text() + " does not exist", true};
  store::read_profiles(
      tx, ProfileId(), last_id(), wanted,
      [&](Profile&& profile) {
        auto const id = profile.id;
        m_known[id] = {std::make_shared<ScoredProfile const>(prepare_profile(std::move(profile), m_scorer)), {}, false};
      },
      [&](ProfileId id, std::string reason) { m_known[id] = {nullptr, std::move(reason), false}; });
}

}  // namespace jvmm::commands
