#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "domain/profile.hpp"
#include "scoring/similarity_map.hpp"

namespace jvmm::scoring {

/// How often which outcome was recorded for a partner.
using OutcomeCounts = std::vector<std::pair<std::string, double>>;

/// The values of PageRank, degree and betweenness centrality at the percentiles that a scoring profile names, among
/// profiles where they are above zero.
struct NetworkCuts {
  std::vector<double> pagerank, degree, betweenness;  ///< in the order of FactorSettings::percentile_steps
};

/// What shapes scores besides the two profiles and the scoring profile; fixed for a run.
struct ScoringContext {
  SystemTime now{};
  std::unordered_map<ProfileId, OutcomeCounts> outcomes;
  std::optional<SimilarityMap> offering_seeking, audience;  ///< for similarities of kind "calibrated"
  std::string model;     ///< with require_same_model: vectors of another model are left out; empty: any
  std::size_t dims = 0;  ///< and of another width; 0: any
  NetworkCuts network;   ///< for network thresholds by percentile
};

/// The cuts of these profiles. `percentiles`: 0..100. **Cost** O(n log n).
NetworkCuts network_cuts(std::vector<Profile> const& profiles, std::vector<double> const& percentiles);

}  // namespace jvmm::scoring
