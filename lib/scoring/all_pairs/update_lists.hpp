#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "scoring/all_pairs/all_pairs.hpp"

namespace jvmm::scoring {

/// Lists as they were published, by profile: partners in any order. A partner that is no profile any more is left out.
using PartnerLists = std::vector<std::vector<std::uint32_t>>;

/// What came of an update: the lists of `changed`, which are the same as a run over everybody would give; all other
/// lists stay as they were.
struct UpdatedLists {
  AllPairsResult result;               ///< lists of the changed profiles only; complete: false if it was stopped
  std::vector<std::uint32_t> changed;  ///< ascending
  std::uint64_t scanned = 0;           ///< profiles that were compared with everybody
};

/// Brings published lists up to date when the profiles of `scan` have changed or are new: compares those with
/// everybody, puts them where they now belong among the others' lists, and compares with everybody too whoever lost a
/// partner and has no other that is known to be as good.
///
/// `scan`: ascending. `lost`: per profile, how many of its published partners are no profiles any more (they are not in
/// `published`). REQUIRES: `published` was made by all_pairs with the same top, min_score and all_above, and no profile
/// outside `scan` has changed since. Options' rows, floor and checkpoint are not used. **Throws** as all_pairs.
/// **Cost** scan.size() × profiles pairs, and those of profiles scanned again.
UpdatedLists update_lists(PairModel const& model, PairScorer const& scorer, AllPairsOptions const& options,
                          PartnerLists const& published, std::span<std::uint32_t const> lost,
                          std::span<std::uint32_t const> scan, StopToken const& stop);

}  // namespace jvmm::scoring
