#include "math/top_k.hpp"

#include <algorithm>
#include <cmath>

#include "math/vector.hpp"

namespace jvmm::math {
namespace {

bool better(Scored const& a, Scored const& b) {
  return a.score != b.score ? a.score > b.score : a.index < b.index;
}

}  // namespace

std::vector<Scored> top_k(std::span<float const> scores, std::size_t k) {
  std::vector<Scored> heap;  // its front is the worst of the best
  if (k == 0) return heap;
  heap.reserve(std::min(k, scores.size()));
  for (std::size_t i = 0; i < scores.size(); ++i) {
    Scored const candidate{i, scores[i]};
    if (std::isnan(candidate.score)) continue;
    if (heap.size() == k) {
      if (!better(candidate, heap.front())) continue;
      std::pop_heap(heap.begin(), heap.end(), better);
      heap.pop_back();
    }
    heap.push_back(candidate);
    std::push_heap(heap.begin(), heap.end(), better);
  }
  std::sort_heap(heap.begin(), heap.end(), better);
  return heap;
}

std::vector<Scored> top_k_rows(std::span<float const> query, std::span<float const> rows, std::size_t dims,
                               std::size_t k) {
  std::vector<float> scores(rows.size() / dims);
  for (std::size_t i = 0; i < scores.size(); ++i)
    scores[i] = cosine(query, rows.subspan(i * dims, dims));
  return top_k(scores, k);
}

}  // namespace jvmm::math
