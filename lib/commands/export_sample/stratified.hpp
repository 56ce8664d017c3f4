#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ids.hpp"

namespace jvmm::commands {

struct Stratum {
  std::string name;
  std::size_t profiles = 0, sampled = 0;
};

/// A random sample in which strata have their share, drawn in one pass. Whom it takes depends on the seed and on ids
/// and strata alone, not on their order.
/// **Cost** O(log rows) a profile; memory for `rows` ids a stratum. Not shared between threads.
class StratifiedSample {
 public:
  /// REQUIRES: rows > 0.
  StratifiedSample(std::size_t rows, std::uint64_t seed) : m_rows(rows), m_seed(seed) {}

  void add(ProfileId id, std::string_view stratum);

  /// Which profiles, in random order. Seats go to strata by the method of Webster: as their sizes are to each other, at
  /// least one each as long as there are enough rows, none more than there are profiles.
  std::vector<ProfileId> take();

  /// By name; `sampled` is filled by take().
  std::vector<Stratum> const& strata() const { return m_strata; }

 private:
  using Key = std::pair<std::string, ProfileId>;  ///< digest of seed and id: random, but the same each time

  struct Drawn {
    std::size_t profiles = 0;
    std::vector<Key> lowest;  ///< a heap, the greatest in front; at most m_rows
  };

  std::size_t m_rows;
  std::uint64_t m_seed;
  std::map<std::string, Drawn, std::less<>> m_drawn;
  std::vector<Stratum> m_strata;
};

/// Seats for strata of these sizes, `rows` at most. Ties go to the first.
std::vector<std::size_t> allocate(std::vector<std::size_t> const& sizes, std::size_t rows);

}  // namespace jvmm::commands
