#pragma once

#include <cmath>
#include <cstdint>

namespace jvmm::scoring {

/// A score 0..100 rounded to 2 decimals, in hundredths.
using Hundredths = std::int32_t;

/// Half to even, of the exact binary value: what printing with "%.2f" gives. REQUIRES: 0 <= score <= 600.
inline Hundredths hundredths(double score) {
  auto below = std::floor(score * 100);
  if (std::fma(score, 100, -below) < 0) --below;
  auto const past_half = std::fma(score, 100, -(below + 0.5));
  auto const k = static_cast<Hundredths>(below);
  return past_half > 0 || (past_half == 0 && k % 2 != 0) ? k + 1 : k;
}

}  // namespace jvmm::scoring
