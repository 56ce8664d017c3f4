#pragma once

#include <cstdint>

namespace jvmm::math {

/// The next of a sequence of numbers that is the same on every machine (Steele, Lea and Flood 2014); any state begins
/// one.
inline std::uint64_t splitmix64(std::uint64_t& state) {
  auto z = (state += 0x9E3779B97F4A7C15ULL);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

}  // namespace jvmm::math
