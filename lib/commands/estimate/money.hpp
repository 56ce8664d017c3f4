#pragma once

#include <cstdint>
#include <string>

#include "inference/prices.hpp"

namespace jvmm::commands {

using inference::PicoUsd;

/// Sums saturate; nothing here is negative.
PicoUsd plus(PicoUsd a, PicoUsd b);
PicoUsd times(PicoUsd price, std::uint64_t count);

/// Rounded half up to a whole pico-dollar. REQUIRES: parts > 0.
PicoUsd divided(PicoUsd cost, std::uint64_t parts);

/// The same.
PicoUsd percent_of(PicoUsd cost, unsigned percent);

/// Rounded half up to whole cents.
PicoUsd to_cents(PicoUsd cost);

/// How often `part` is needed to reach `whole`, rounded up. REQUIRES: part > 0.
std::uint64_t ceil_ratio(PicoUsd whole, PicoUsd part);

double as_usd(PicoUsd cost);

/// "$1.48"; less than a cent but not nothing is "<$0.01".
std::string dollars(PicoUsd cost);

/// Of a single thing, with three significant digits: "$0.00047".
std::string unit_dollars(PicoUsd cost);

}  // namespace jvmm::commands
