#include "scoring/all_pairs/overlap_index.hpp"

#include <algorithm>

#include "scoring/all_pairs/bound_terms.hpp"

namespace jvmm::scoring {

double overlap_score(OverlapSteps const& steps, std::size_t common, std::size_t smaller) {
  if (smaller == 0) return steps.blank;
  auto const ratio = static_cast<double>(common) / static_cast<double>(smaller);
  for (auto const& step : steps.steps)
    if (ratio >= step.at_least) return step.score;
  return steps.otherwise;
}

OverlapIndex::OverlapIndex(TokenSets const& tokens, std::vector<std::uint8_t> const& has_vector,
                           OverlapSteps const& steps, Order const& order)
    : m_tokens(tokens), m_steps(steps), m_order(order) {
  m_lacking_before.push_back(0);
  for (std::uint32_t i = 0; i < order.index.size(); ++i) {
    if (!has_vector[order.index[i]]) m_lacking_positions.push_back(i);
    m_lacking_before.push_back(static_cast<std::uint32_t>(m_lacking_positions.size()));
  }
  if (m_lacking_positions.empty() && tokens.empty()) return;
  for (auto const& set : tokens)
    m_vocabulary.insert(m_vocabulary.end(), set.begin(), set.end());
  std::sort(m_vocabulary.begin(), m_vocabulary.end());
  m_vocabulary.erase(std::unique(m_vocabulary.begin(), m_vocabulary.end()), m_vocabulary.end());
  m_vocabulary.shrink_to_fit();
  m_all = make_postings(nullptr);
  m_lacking = make_postings(&has_vector);
}

auto OverlapIndex::make_postings(std::vector<std::uint8_t> const* without) const -> Postings {
  Postings out;
  out.begin.assign(m_vocabulary.size() + 1, 0);
  auto const each = [&](auto const& work) {
    for (std::uint32_t i = 0; i < m_order.index.size(); ++i) {
      auto const profile = m_order.index[i];
      if (without && (*without)[profile]) continue;
      auto from = m_vocabulary.begin();
      for (auto const token : m_tokens[profile]) {
        from = std::lower_bound(from, m_vocabulary.end(), token);
        work(static_cast<std::size_t>(from - m_vocabulary.begin()), i);
      }
    }
  };
  each([&](auto token, auto) { ++out.begin[token + 1]; });
  for (std::size_t t = 1; t < out.begin.size(); ++t)
    out.begin[t] += out.begin[t - 1];
  out.positions.resize(out.begin.back());
  auto next = out.begin;
  each([&](auto token, auto position) { out.positions[next[token]++] = position; });
  return out;
}

std::span<std::uint32_t const> OverlapIndex::Postings::within(std::size_t token, Block block) const {
  auto const first = positions.begin() + static_cast<std::ptrdiff_t>(begin[token]);
  auto const last = positions.begin() + static_cast<std::ptrdiff_t>(begin[token + 1]);
  auto const from = std::lower_bound(first, last, block.begin);
  return {from, std::lower_bound(from, last, block.end)};
}

void OverlapIndex::fill(std::vector<std::uint32_t> const& tokens, Block block, Which which, float* out,
                        std::vector<std::uint32_t>& counts) const {
  counts.assign(block.size(), 0);
  auto const& postings = which == Which::all ? m_all : m_lacking;
  auto from = m_vocabulary.begin();
  for (auto const token : tokens) {
    from = std::lower_bound(from, m_vocabulary.end(), token);
    if (from == m_vocabulary.end()) break;
    if (*from != token) continue;
    for (auto const position : postings.within(static_cast<std::size_t>(from - m_vocabulary.begin()), block))
      ++counts[position - block.begin];
  }
  auto const put = [&](std::size_t position) {
    auto const& others = m_tokens[m_order.index[position]];
    auto const score = overlap_score(m_steps, counts[position - block.begin], std::min(tokens.size(), others.size()));
    out[position - block.begin] = static_cast<float>(k_overlap_mark + score);
  };
  if (which == Which::all) {
    for (auto position = block.begin; position < block.end; ++position)
      put(position);
  } else {
    for (auto i = m_lacking_before[block.begin]; i < m_lacking_before[block.end]; ++i)
      put(m_lacking_positions[i]);
  }
}

}  // namespace jvmm::scoring
