#include "scoring/all_pairs/order.hpp"

#include <algorithm>
#include <numeric>

namespace jvmm::scoring {

Order make_order(std::size_t profiles, std::optional<std::span<std::uint32_t const>> rows) {
  Order out;
  out.index.resize(profiles);
  out.listed = rows ? rows->size() : profiles;
  std::iota(out.index.begin(), out.index.end(), 0);
  if (rows)
    std::stable_partition(out.index.begin(), out.index.end(),
                          [&](auto index) { return std::binary_search(rows->begin(), rows->end(), index); });
  return out;
}

std::vector<Block> make_blocks(Order const& order, std::size_t size) {
  std::vector<Block> out;
  for (std::size_t begin = 0; begin < order.index.size(); begin = out.back().end) {
    auto const limit = begin < order.listed ? order.listed : order.index.size();
    out.push_back({begin, std::min(begin + size, limit)});
  }
  return out;
}

std::vector<std::pair<std::uint32_t, std::uint32_t>> make_tiles(std::vector<Block> const& blocks, std::size_t listed) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> out;
  for (std::uint32_t distance = 0; distance < blocks.size(); ++distance)
    for (std::uint32_t first = 0; first + distance < blocks.size() && blocks[first].begin < listed; ++first)
      out.emplace_back(first, first + distance);
  return out;
}

}  // namespace jvmm::scoring
