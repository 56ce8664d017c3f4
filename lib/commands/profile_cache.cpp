#include "commands/profile_cache.hpp"

#include <algorithm>
#include <iterator>

#include "scoring/feature_hash.hpp"
#include "store/scoring_rows.hpp"

namespace jvmm::commands {
namespace {

std::vector<ProfileId> each_once(std::span<ProfileId const> ids) {
  std::vector<ProfileId> once(ids.begin(), ids.end());
  std::sort(once.begin(), once.end());
  once.erase(std::unique(once.begin(), once.end()), once.end());
  return once;
}

}  // namespace

std::string shown_name(Profile const& profile) {
  return profile.name.value_or(profile.id.text());
}

std::string shown_name(KnownProfile const& known, ProfileId const& id) {
  return known.scored ? shown_name(known.scored->profile) : id.text();
}

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
  auto const all = each_once(ids);
  auto const is_new = [&](ProfileId const& id) { return !m_known.contains(id); };
  if (m_known.size() + static_cast<std::size_t>(std::count_if(all.begin(), all.end(), is_new)) > m_capacity)
    m_known.clear();
  std::vector<ProfileId> wanted;
  std::copy_if(all.begin(), all.end(), std::back_inserter(wanted), is_new);
  if (wanted.empty()) return;
  for (auto const& id : wanted)
    m_known[id] = {nullptr, "profile " + id.text() + " does not exist", true};
  store::read_profiles(
      tx, wanted,
      [&](Profile&& profile) {
        auto const id = profile.id;
        m_known[id] = {std::make_shared<ScoredProfile const>(prepare_profile(std::move(profile), m_scorer)), {}, false};
      },
      [&](ProfileId id, std::string reason) { m_known[id] = {nullptr, std::move(reason), false}; });
}

}  // namespace jvmm::commands
