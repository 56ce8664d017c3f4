#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "scoring/pair_model.hpp"

namespace jvmm::scoring {

/// Numbers for tokens, from 0 in the order in which they first come, so that sets of tokens are compared as integers.
/// Not shared between threads.
class TokenIds {
 public:
  std::uint32_t id(std::string_view token);

  /// The ids of a set of tokens, ascending.
  std::vector<std::uint32_t> ids(std::span<std::string const> tokens);

  std::size_t size() const { return m_ids.size(); }

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> m_ids;
};

/// The score, 0..10, of two sets of tokens: the share of the smaller one that is common, as a double, through the
/// steps; `blank` if either is empty. REQUIRES: ascending, without repetition. Thread-safe. **Cost** O(|a| + |b|).
double word_overlap(std::span<std::uint32_t const> a, std::span<std::uint32_t const> b, OverlapSteps const& steps);

}  // namespace jvmm::scoring
