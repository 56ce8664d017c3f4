#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace jvmm::scoring {

/// The order in which the engine sees the profiles: those that get lists first, then the others, each part ascending.
/// A place in it is a *position*; what users see is an index.
struct Order {
  std::vector<std::uint32_t> index;  ///< of each position
  std::size_t listed = 0;            ///< positions below this are of `rows`
};

/// REQUIRES: rows ascending, each once, all below `profiles`.
Order make_order(std::size_t profiles, std::optional<std::span<std::uint32_t const>> rows);

/// Positions begin..end-1.
struct Block {
  std::size_t begin = 0, end = 0;
  std::size_t size() const { return end - begin; }
};

/// Blocks of at most `size` positions, none with both listed and other profiles.
std::vector<Block> make_blocks(Order const& order, std::size_t size);

/// Pairs of blocks (first <= second, first of listed profiles) that cover every pair with a listed profile once: by
/// diagonals, so that threads that work on neighbours in this list seldom share a block.
std::vector<std::pair<std::uint32_t, std::uint32_t>> make_tiles(std::vector<Block> const& blocks, std::size_t listed);

}  // namespace jvmm::scoring
