#pragma once

#include <cstddef>
#include <numeric>
#include <utility>
#include <vector>

namespace jvmm::algo {

/// Union-find by size, with path halving.
class DisjointSets {
 public:
  explicit DisjointSets(std::size_t count) : m_parent(count), m_size(count, 1) {
    std::iota(m_parent.begin(), m_parent.end(), std::size_t{0});
  }

  std::size_t find(std::size_t i) {
    for (; m_parent[i] != i; i = m_parent[i])
      m_parent[i] = m_parent[m_parent[i]];
    return i;
  }

  /// False where they were joined before.
  bool join(std::size_t a, std::size_t b) {
    a = find(a), b = find(b);
    if (a == b) return false;
    if (m_size[a] < m_size[b]) std::swap(a, b);
    m_parent[b] = a;
    m_size[a] += m_size[b];
    return true;
  }

  /// Of the set whose find() this is.
  std::size_t size(std::size_t root) const { return m_size[root]; }

 private:
  std::vector<std::size_t> m_parent, m_size;
};

}  // namespace jvmm::algo
