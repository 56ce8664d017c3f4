#include "scoring/all_pairs/tile_worker.hpp"

#include <algorithm>
#include <chrono>

#include "math/gemm.hpp"

namespace jvmm::scoring {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace

TileWorker::TileWorker(TileShared const& shared, std::size_t tile) : m_shared(shared), m_stride(tile + k_padding) {
  auto const size = std::min(k_strip, tile) * m_stride + k_padding;
  for (std::size_t s = 0; s < shared.similarities.size(); ++s) {
    m_products[s].forward.resize(size);
    if (!shared.similarities[s].factor->symmetric) m_products[s].backward.resize(size);
  }
  m_found.resize(m_stride + k_padding);
}

void TileWorker::run(std::size_t first_block, std::size_t second_block) {
  auto const rows = m_shared.blocks[first_block], columns = m_shared.blocks[second_block];
  if (can_skip(first_block, second_block)) {
    auto const n = rows.size();
    m_measures.skipped += first_block == second_block ? n * (n - 1) / 2 : n * columns.size();
    return;
  }
  for (auto begin = rows.begin; begin < rows.end; begin += k_strip) {
    Block const strip{begin, std::min(begin + k_strip, rows.end)};
    auto start = Clock::now();
    multiply(strip, columns);
    m_measures.gemm_seconds += seconds_since(start);
    std::unique_lock first(m_shared.locks[first_block], std::defer_lock);
    std::unique_lock second(m_shared.locks[second_block], std::defer_lock);
    if (first_block == second_block)
      first.lock();
    else
      std::lock(first, second);
    start = Clock::now();
    scan(strip, columns);
    m_measures.bound_seconds += seconds_since(start);
  }
}

/// Whether no pair of the tile can enter a list, whatever its synergy.
bool TileWorker::can_skip(std::size_t first_block, std::size_t second_block) const {
  auto const least = [&](Block block) {
    auto const* inverses = m_shared.terms.least_inverse.data();
    return *std::min_element(inverses + block.begin, inverses + block.end);
  };
  auto const most = [&](std::size_t block) {
    std::lock_guard const lock(m_shared.locks[block]);
    auto const* limits = m_shared.lists.limits();
    return *std::max_element(limits + m_shared.blocks[block].begin, limits + m_shared.blocks[block].end);
  };
  auto const inverse =
      m_shared.terms.mean_inverse(least(m_shared.blocks[first_block]), least(m_shared.blocks[second_block]));
  return inverse > most(first_block) && inverse > most(second_block);
}

void TileWorker::multiply(Block strip, Block columns) {
  auto const dims = m_shared.model.dims;
  if (dims == 0) return;
  auto const product = [&](float const* left, float const* right, std::vector<float>& out) {
    math::rows_by_rows({left + strip.begin * dims, strip.size(), dims},
                       {right + columns.begin * dims, columns.size(), dims}, dims, out.data(), m_stride);
  };
  for (std::size_t s = 0; s < m_shared.similarities.size(); ++s) {
    auto const& side = m_shared.similarities[s];
    product(side.source.data(), side.target_rows(), m_products[s].forward);
    if (!side.factor->symmetric) product(side.target.data(), side.source.data(), m_products[s].backward);
  }
}

void TileWorker::scan(Block strip, Block columns) {
  auto const* limits = m_shared.lists.limits();
  auto const* inverses = m_shared.terms.least_inverse.data();
  auto const column_limit = *std::max_element(limits + columns.begin, limits + columns.end);
  auto const column_inverse = *std::min_element(inverses + columns.begin, inverses + columns.end);
  for (auto row = strip.begin; row < strip.end; ++row) {
    if (m_shared.terms.mean_inverse(inverses[row], column_inverse) > std::max(limits[row], column_limit)) {
      auto const first = std::max(columns.begin, row + 1);
      m_measures.skipped += first < columns.end ? columns.end - first : 0;
    } else {
      scan_row(row, strip, columns);
    }
  }
}

void TileWorker::fill_overlap(TileRow& row, float* forward, float* backward, Block columns, std::size_t similarity) {
  auto const& side = m_shared.similarities[similarity];
  auto const& factor = *side.factor;
  auto const profile = m_shared.order.index[row.row];
  auto const fill = [&](bool has_vector, auto const& tokens, OverlapIndex const& index, float* out) {
    if (has_vector && !index.any_lacks(columns)) return;
    auto const which = has_vector ? OverlapIndex::Which::lacking : OverlapIndex::Which::all;
    index.fill(tokens[profile], columns, which, out, m_counts);
    row.has_overlap[similarity] = true;
  };
  fill(factor.has_source[profile], factor.source_tokens, side.target_index(), forward);
  if (!factor.symmetric) fill(factor.has_target[profile], factor.target_tokens, side.sources, backward);
}

void TileWorker::scan_row(std::size_t row, Block strip, Block columns) {
  TileRow tile_row{.row = row, .begin = std::max(columns.begin, row + 1)};
  if (tile_row.begin >= columns.end) return;
  tile_row.count = columns.end - tile_row.begin;
  auto const from = (row - strip.begin) * m_stride;
  for (std::size_t s = 0; s < m_shared.similarities.size(); ++s) {
    auto& products = m_products[s];
    auto* const forward = products.forward.data() + from;
    auto* const backward = products.backward.empty() ? forward : products.backward.data() + from;
    fill_overlap(tile_row, forward, backward, columns, s);
    tile_row.forward[s] = forward + (tile_row.begin - columns.begin);
    tile_row.backward[s] = backward + (tile_row.begin - columns.begin);
  }
  auto const* limits = m_shared.lists.limits();
  auto const found = find_candidates(m_shared.terms, tile_row, limits[row], limits, m_found.data());
  m_measures.pairs += tile_row.count;
  m_measures.candidates += found;
  for (std::size_t i = 0; i < found; ++i)
    consider(tile_row, m_found[i]);
}

bool TileWorker::eligible(std::size_t a, std::size_t b) const {
  auto const first = m_shared.gates[a], second = m_shared.gates[b];
  if (m_shared.model.gate_both ? first.insufficient && second.insufficient : first.insufficient || second.insufficient)
    return false;
  if (!first.has_excluded || !second.has_excluded) return true;
  std::pair<std::uint32_t, std::uint32_t> const pair = std::minmax(m_shared.order.index[a], m_shared.order.index[b]);
  return !std::binary_search(m_shared.excluded.begin(), m_shared.excluded.end(), pair);
}

void TileWorker::consider(TileRow const& row, std::size_t offset) {
  auto const a = row.row, b = row.begin + offset;
  if (!eligible(a, b)) return;
  PairEntries entries;
  for (std::size_t s = 0; s < m_shared.similarities.size(); ++s) {
    entries.forward[s] = row.forward[s][offset];
    entries.backward[s] = row.backward[s][offset];
  }
  auto const [low, high] = m_shared.ranges(a, b, entries);
  auto const least = static_cast<std::uint16_t>(low), most = static_cast<std::uint16_t>(high);
  m_shared.lists.push(a, {m_shared.order.index[b], least, most});
  m_shared.lists.push(b, {m_shared.order.index[a], least, most});
  if (low >= m_shared.all_above) m_shared.above.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace jvmm::scoring
