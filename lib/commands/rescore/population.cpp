#include "commands/rescore/population.hpp"

#include <algorithm>
#include <utility>

#include "store/scoring_rows.hpp"

namespace jvmm::commands {

std::size_t Population::upper_bound(ProfileId const& id) const {
  auto const found = std::upper_bound(profiles.begin(), profiles.end(), id,
                                      [](ProfileId const& x, ScoredProfile const& p) { return x < p.profile.id; });
  return static_cast<std::size_t>(found - profiles.begin());
}

std::optional<std::uint32_t> Population::find(ProfileId const& id) const {
  auto const after = upper_bound(id);
  if (after == 0 || profiles[after - 1].profile.id != id) return std::nullopt;
  return static_cast<std::uint32_t>(after - 1);
}

std::vector<std::pair<std::uint32_t, std::uint32_t>> Population::duplicates() const {
  std::vector<scoring::DuplicateKey> keys;
  for (std::size_t i = 0; i < profiles.size(); ++i)
    keys.push_back(with_vectors(profiles[i].duplicate, prepared[i]));
  return scoring::duplicate_pairs(keys);
}

Population load_population(db::Connection& connection, scoring::Scorer& scorer, log::Logger& log) {
  Population population;
  db::ReadTx tx(connection, {.isolation = db::Isolation::repeatable_read, .statement_timeout = std::chrono::hours(1)});
  store::read_profiles(
      tx, {},
      [&](Profile&& profile) {
        switch (scorer.classify(profile)) {
          case scoring::ProfileClass::eligible:
            population.profiles.push_back(prepare_profile(std::move(profile), scorer));
            population.prepared.push_back(std::exchange(population.profiles.back().prepared, {}));
            break;
          case scoring::ProfileClass::enrichment_candidate:
            ++population.candidates;
            break;
          case scoring::ProfileClass::ineligible:
            ++population.ineligible;
            break;
        }
      },
      [&](ProfileId id, std::string const& reason) {
        ++population.unreadable;
        log.warn("profile {} is left out: {}", id.text(), reason);
      });
  return population;
}

}  // namespace jvmm::commands
