#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace jvmm::scoring {

/// The order in which the engine sees the profiles: those that get lists first, then the others, in each part the most
/// promising partners first, so that lists fill with what rules out the rest. A place in it is a *position*; what users
/// see is an index.
struct Order {
  std::vector<std::uint32_t> index;  ///< of each position
  std::size_t listed = 0;            ///< positions below this are of `rows`
};

/// `quality`: one number per profile, higher first. REQUIRES: rows ascending, each once, all profiles.
Order make_order(std::span<double const> quality, std::optional<std::span<std::uint32_t const>> rows);

/// Positions begin..end-1.
struct Block {
  std::size_t begin = 0, end = 0;
  std::size_t size() const { return end - begin; }
};

/// Blocks of at most `size` positions, none with both listed and other profiles.
std::vector<Block> make_blocks(Order const& order, std::size_t size);

/// Pairs of blocks (first <= second, first of listed profiles) that cover every pair with a listed profile once.
/// Those of one sum follow each other, by rising sums: every block meets the others from the first on, and neighbours
/// in this list, on which threads work at the same time, share no block.
std::vector<std::pair<std::uint32_t, std::uint32_t>> make_tiles(std::vector<Block> const& blocks, std::size_t listed);

}  // namespace jvmm::scoring
