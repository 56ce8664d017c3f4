#include "scoring/word_overlap.hpp"

#include <algorithm>

namespace jvmm::scoring {
namespace {

std::size_t common_count(std::span<std::uint32_t const> a, std::span<std::uint32_t const> b) {
  std::size_t count = 0;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    count += a[i] == b[j] ? 1 : 0;
    auto const left = a[i], right = b[j];
    i += left <= right ? 1 : 0;
    j += right <= left ? 1 : 0;
  }
  return count;
}

}  // namespace

std::uint32_t TokenIds::id(std::string_view token) {
  if (auto const found = m_ids.find(token); found != m_ids.end()) return found->second;
  auto const next = static_cast<std::uint32_t>(m_ids.size());
  m_ids.emplace(token, next);
  return next;
}

std::vector<std::uint32_t> TokenIds::ids(std::span<std::string const> tokens) {
  std::vector<std::uint32_t> out;
  out.reserve(tokens.size());
  for (auto const& token : tokens)
    out.push_back(id(token));
  std::sort(out.begin(), out.end());
  return out;
}

double word_overlap(std::span<std::uint32_t const> a, std::span<std::uint32_t const> b, OverlapSteps const& steps) {
  if (a.empty() || b.empty()) return steps.blank;
  auto const ratio = static_cast<double>(common_count(a, b)) / static_cast<double>(std::min(a.size(), b.size()));
  for (auto const& step : steps.steps)
    if (ratio >= step.at_least) return step.score;
  return steps.otherwise;
}

}  // namespace jvmm::scoring
