#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "scoring/all_pairs/best_lists.hpp"
#include "scoring/all_pairs/candidates.hpp"
#include "scoring/all_pairs/order.hpp"
#include "scoring/all_pairs/overlap_index.hpp"
#include "scoring/all_pairs/score_range.hpp"

namespace jvmm::scoring {

/// A similarity of the model, with its rows by position and the indexes of its tokens.
struct SimilaritySide {
  SimilarityFactor const* factor = nullptr;
  std::vector<float> source, target;  ///< the latter empty where symmetric
  OverlapIndex sources;
  std::optional<OverlapIndex> targets;  ///< absent where symmetric
  float const* target_rows() const { return factor->symmetric ? source.data() : target.data(); }
  OverlapIndex const& target_index() const { return targets ? *targets : sources; }
};

/// What can keep a profile from being a partner.
struct Gate {
  bool insufficient = false, has_excluded = false;
};

/// What the workers of a run share. The lists of a block are guarded by its mutex.
struct TileShared {
  PairModel const& model;
  Order const& order;
  BoundTerms const& terms;
  ScoreRanges const& ranges;
  std::vector<SimilaritySide> const& similarities;
  std::vector<Block> const& blocks;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> const& excluded;  ///< smaller index first, sorted
  std::vector<Gate> const& gates;                                        ///< by position
  BestLists& lists;
  std::vector<std::mutex>& locks;
  Hundredths all_above = BestLists::k_never;
  std::atomic<std::uint64_t>& above;  ///< pairs known to reach it
};

/// Computes tiles: matrix products, then the pairs whose bound lets them into a list. One per thread.
class TileWorker {
 public:
  struct Measures {
    std::uint64_t pairs = 0, skipped = 0, candidates = 0;
    double gemm_seconds = 0, bound_seconds = 0;
  };

  /// Rows of a tile that are computed at a time, so that the products stay in the cache.
  static constexpr std::size_t k_strip = 128;

  explicit TileWorker(TileShared const& shared, std::size_t tile);

  void run(std::size_t first_block, std::size_t second_block);
  Measures const& measures() const { return m_measures; }

 private:
  struct Products {
    std::vector<float> forward, backward;
  };

  bool can_skip(std::size_t first_block, std::size_t second_block) const;
  void multiply(Block strip, Block columns);
  void scan(Block strip, Block columns);
  void scan_row(std::size_t row, Block strip, Block columns);
  void fill_overlap(TileRow& row, float* forward, float* backward, Block columns, std::size_t similarity);
  void consider(TileRow const& row, std::size_t offset);
  bool eligible(std::size_t a, std::size_t b) const;

  TileShared const& m_shared;
  std::size_t m_stride;
  std::array<Products, 2> m_products;
  std::vector<std::uint32_t> m_found, m_counts;
  Measures m_measures;
};

}  // namespace jvmm::scoring
