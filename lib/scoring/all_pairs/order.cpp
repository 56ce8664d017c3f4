#include "scoring/all_pairs/order.hpp"

#include <algorithm>
#include <numeric>

namespace jvmm::scoring {

Order make_order(std::span<double const> quality, std::optional<std::span<std::uint32_t const>> rows) {
  Order out;
  out.index.resize(quality.size());
  out.listed = rows ? rows->size() : quality.size();
  std::iota(out.index.begin(), out.index.end(), 0);
  if (rows)
    std::stable_partition(out.index.begin(), out.index.end(),
                          [&](auto index) { return std::binary_search(rows->begin(), rows->end(), index); });
  auto const better = [&](auto a, auto b) { return quality[a] > quality[b]; };
  auto const middle = out.index.begin() + static_cast<std::ptrdiff_t>(out.listed);
  std::stable_sort(out.index.begin(), middle, better);
  std::stable_sort(middle, out.index.end(), better);
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
  auto const count = static_cast<std::uint32_t>(blocks.size());
  for (std::uint32_t sum = 0; sum + 1 < 2 * count; ++sum)
    for (auto first = sum < count ? 0 : sum - count + 1; 2 * first <= sum && blocks[first].begin < listed; ++first)
      out.emplace_back(first, sum - first);
  return out;
}

}  // namespace jvmm::scoring
