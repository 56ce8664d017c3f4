#pragma once

#include <cstdlib>
#include <random>

namespace jvmm::test {

/// For tests that draw at random: JVMM_TEST_SEED, so that a failure can be repeated, or one of their own.
inline unsigned test_seed() {
  char const* const given = std::getenv("JVMM_TEST_SEED");
  return given ? static_cast<unsigned>(std::strtoul(given, nullptr, 10)) : std::random_device{}();
}

}  // namespace jvmm::test
