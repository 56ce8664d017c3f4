#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "scoring/all_pairs/order.hpp"
#include "scoring/pair_model.hpp"

namespace jvmm::scoring {

/// The score of `common` shared tokens where the smaller set has `smaller`; 0 tokens on a side: blank.
double overlap_score(OverlapSteps const& steps, std::size_t common, std::size_t smaller);

/// Word overlap of one set of tokens with those of a block of positions, by an inverted index: exact. Thread-safe.
class OverlapIndex {
 public:
  /// `has_vector[i]`, `tokens[i]`: of profile i. Both and `steps` must outlive it.
  OverlapIndex(TokenSets const& tokens, std::vector<std::uint8_t> const& has_vector, OverlapSteps const& steps,
               Order const& order);

  /// Whether a profile of the block has no vector.
  bool any_lacks(Block block) const { return m_lacking_before[block.end] > m_lacking_before[block.begin]; }

  /// Overwrites out[k], for position block.begin + k, by k_overlap_mark + score: for all of the block, or only for
  /// those without a vector. `counts` is scratch. **Cost** O(block + postings of `tokens` within it).
  enum class Which { all, lacking };
  void fill(std::vector<std::uint32_t> const& tokens, Block block, Which which, float* out,
            std::vector<std::uint32_t>& counts) const;

 private:
  /// Positions with each token, ascending.
  struct Postings {
    std::vector<std::uint64_t> begin;  ///< by place in m_vocabulary
    std::vector<std::uint32_t> positions;
    std::span<std::uint32_t const> within(std::size_t token, Block block) const;
  };

  Postings make_postings(std::vector<std::uint8_t> const* without) const;

  TokenSets const& m_tokens;
  OverlapSteps const& m_steps;
  Order const& m_order;
  std::vector<std::uint32_t> m_vocabulary;  ///< ascending
  Postings m_all, m_lacking;
  std::vector<std::uint32_t> m_lacking_positions, m_lacking_before;
};

}  // namespace jvmm::scoring
