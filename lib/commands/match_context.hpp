#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "scoring/scorer.hpp"

namespace jvmm::commands {

/// What names a score: written into every match_context.
struct ScoreStamp {
  std::string_view basis;      ///< ScoringSetup::basis
  std::string_view input;      ///< the feature hashes of both profiles, "a:b"
  std::string_view scored_at;  ///< ISO 8601
};

/// match_suggestions.match_context of a scored pair, about 5 kB (docs/matches.md).
std::string full_context(scoring::PairBreakdown const& pair, scoring::ScoringProfile const& profile,
                         ScoreStamp const& stamp);

/// Of a pair that is no match any more.
std::string retired_context(std::string_view reason, scoring::ScoringProfile const& profile, ScoreStamp const& stamp);

/// Of a pair among many, below 300 bytes: dimension scores (intent, synergy, momentum, context) of both directions, and
/// how the similarities were found, 's' by cosine or 'w' by words: offering a to b, b to a, audience. `generation`: of
/// the all-pairs run that publishes it.
std::string compact_context(scoring::PairScore const& pair, scoring::Prepared const& a, scoring::Prepared const& b,
                            ScoreStamp const& stamp, std::optional<std::int64_t> generation = {});

/// The input of a pair.
std::string pair_input(std::string_view hash_a, std::string_view hash_b);

}  // namespace jvmm::commands
