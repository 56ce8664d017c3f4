#include "commands/rescore/all_pairs_update.hpp"

#include <algorithm>
#include <unordered_map>

#include "store/generations.hpp"

namespace jvmm::commands {
namespace {

/// Marks the profiles that a command line names, by index.
std::vector<bool> asked_for(RunContext const& context, Population const& population, BatchOptions const& batch) {
  std::vector<bool> asked(population.profiles.size());
  for (auto const& id : read_profile_ids(batch.profile_ids))
    if (auto const index = population.find(id)) asked[*index] = true;
  if (!batch.since) return asked;
  auto const since = parse_since(*batch.since, context.clock.now());
  for (std::size_t i = 0; i < asked.size(); ++i)
    if (auto const& updated = population.profiles[i].profile.updated_at; updated && *updated >= since) asked[i] = true;
  return asked;
}

}  // namespace

std::optional<ListUpdate> read_list_update(RunContext& context, db::Connection& connection,
                                           Population const& population, std::string_view basis,
                                           std::string_view options_json, BatchOptions const& batch) {
  auto const asked = asked_for(context, population, batch);
  db::ReadTx tx(connection, {.isolation = db::Isolation::repeatable_read, .statement_timeout = std::chrono::hours(1)});
  auto const generation = store::published_generation(tx, basis, options_json);
  if (!generation) {
    context.log.info(
        "the published generation is of another scoring, of other options, or none: everybody is compared "
        "with everybody");
    return std::nullopt;
  }
  ListUpdate update;
  std::unordered_map<ProfileId, std::string> ranked;
  for (auto& [profile, hash] : store::read_ranked(tx)) {
    if (!population.find(profile)) update.gone.push_back(profile);
    ranked.emplace(profile, std::move(hash));
  }
  std::uint64_t unasked = 0;
  for (std::uint32_t i = 0; i < population.profiles.size(); ++i) {
    auto const& profile = population.profiles[i];
    auto const known = ranked.find(profile.profile.id);
    bool const changed = known == ranked.end() || known->second != profile.hash;
    unasked += changed && !asked[i];
    if (changed || asked[i]) update.scan.push_back(i);
  }
  if (unasked || !update.gone.empty())
    context.log.info("since generation {}, {} more profiles changed or are new and {} are gone; they are done as well",
                     generation->id, unasked, update.gone.size());
  update.published.resize(population.profiles.size());
  update.lost.resize(population.profiles.size());
  std::int64_t rows = 0;
  store::read_best(tx, [&](ProfileId const& profile, ProfileId const& partner) {
    ++rows;
    auto const a = population.find(profile);
    if (!a) return;
    if (auto const b = population.find(partner))
      update.published[*a].push_back(*b);
    else
      ++update.lost[*a];
  });
  if (rows != generation->rows) {
    context.log.warn(
        "generation {} had {} rows and has {}, as somebody deleted some or wrote their match_context: everybody is "
        "compared with everybody",
        generation->id, generation->rows, rows);
    return std::nullopt;
  }
  return update;
}

}  // namespace jvmm::commands
