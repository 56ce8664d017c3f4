#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "domain/profile.hpp"
#include "json/value.hpp"

namespace jvmm::scoring {

/// The pairs scored by the reference implementation (tests/data/golden/README.md).
struct Golden {
  std::map<std::string, Profile> with_vectors, without_vectors;  ///< by id
  std::vector<json::Value> pairs;

  static Golden const& get();
};

/// Fails the test where the values differ; numbers are equal whatever their type, members of any order.
void expect_same(json::Value const& ours, json::Value const& theirs, std::string const& path);

inline constexpr char const* k_golden_now = "2026-11-01T00:00:00Z";

}  // namespace jvmm::scoring
