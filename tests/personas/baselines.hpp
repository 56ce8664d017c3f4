#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "personas/audience.hpp"

namespace jvmm::personas {

/// The most similar centroid of each row.
std::vector<std::size_t> nearest_centroid(std::span<float const> rows, std::size_t dims,
                                          std::span<float const> centroids);

/// The first of thirteen audience words that stands in who_you_serve, audience_type or what_you_do; 13 for none.
std::size_t audience_word(AudienceText const& row);

}  // namespace jvmm::personas
