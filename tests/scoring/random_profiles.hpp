#pragma once

#include <random>

#include "scoring/scorer.hpp"

namespace jvmm::scoring {

/// A profile with any value, also odd ones: nulls, blanks, labels in no table, zeros, negative and huge numbers, future
/// times. Vectors are of eight dimensions, some absent, with components of -1/2, 0 or 1/2 and norm 1, so that cosines
/// are exact.
Profile random_profile(std::mt19937& random);
std::vector<Profile> random_profiles(std::size_t count, unsigned seed);

/// The time of the tests, a calibration that rises from 0 to 10, outcomes and network cuts of the profiles.
ScoringContext context_for(std::vector<Profile> const& profiles);

}  // namespace jvmm::scoring
