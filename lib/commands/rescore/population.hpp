#pragma once

#include <vector>

#include "commands/profile_cache.hpp"
#include "commands/run_context.hpp"
#include "db/connection.hpp"
#include "scoring/pair_model.hpp"

namespace jvmm::commands {

/// All profiles that may be paired, by id, prepared. An index into them names a profile in the all-pairs engine.
struct Population {
  std::vector<ScoredProfile> profiles;      ///< with an empty `prepared`
  std::vector<scoring::Prepared> prepared;  ///< of each, in the same order
  std::uint64_t candidates = 0;             ///< left out: too little to be paired, but something to enrich
  std::uint64_t ineligible = 0;             ///< left out: nothing to go by
  std::uint64_t unreadable = 0;             ///< left out: warned of

  /// Index of the first profile whose id is greater.
  std::size_t upper_bound(ProfileId const& id) const;
  std::optional<std::uint32_t> find(ProfileId const& id) const;

  /// Pairs that look like one person twice.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> duplicates() const;
};

/// Reads them in one snapshot. **Cost**: one COPY; memory: some 10 kB a profile.
Population load_population(db::Connection& connection, scoring::Scorer& scorer, log::Logger& log);

/// Scores by index.
class PopulationScorer : public scoring::PairScorer {
 public:
  PopulationScorer(Population const& population, scoring::Scorer const& scorer)
      : m_population(population), m_scorer(scorer) {}
  double score(std::size_t a, std::size_t b) const override {
    return m_scorer.score(m_population.prepared[a], m_population.prepared[b]).harmonic_mean;
  }

 private:
  Population const& m_population;
  scoring::Scorer const& m_scorer;
};

}  // namespace jvmm::commands
