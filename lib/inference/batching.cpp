#include "inference/batching.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace jvmm::inference {
namespace {

/// A batch being filled. Rows come longest first, so the first row's length is that of all after padding.
struct OpenBatch {
  std::vector<std::size_t> rows;
  std::size_t longest = 0;
  std::size_t tokens = 0;

  bool takes(std::size_t length, BatchLimits const& limits) const {
    auto const padded = (rows.size() + 1) * longest;
    auto const padding = padded - tokens - length;
    return rows.size() < limits.max_rows && padded <= limits.max_tokens &&
           static_cast<double>(padding) <= limits.max_padding * static_cast<double>(padded);
  }

  void add(std::size_t row, std::size_t length) {
    if (rows.empty()) longest = length;
    rows.push_back(row);
    tokens += length;
  }
};

}  // namespace

std::vector<std::vector<std::size_t>> plan_batches(std::span<std::size_t const> lengths, BatchLimits const& limits) {
  std::vector<std::size_t> order(lengths.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return lengths[a] > lengths[b]; });

  std::vector<std::vector<std::size_t>> out;
  OpenBatch batch;
  for (std::size_t row : order) {
    if (!batch.rows.empty() && !batch.takes(lengths[row], limits)) out.push_back(std::exchange(batch, {}).rows);
    batch.add(row, lengths[row]);
  }
  if (!batch.rows.empty()) out.push_back(std::move(batch.rows));
  return out;
}

}  // namespace jvmm::inference
