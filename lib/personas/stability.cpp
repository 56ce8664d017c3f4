#include "personas/stability.hpp"

#include <algorithm>
#include <numeric>

#include "math/gemm.hpp"
#include "math/splitmix64.hpp"

namespace jvmm::personas {
namespace {

constexpr double k_kept = 0.8;
constexpr std::size_t k_block = 256;

/// Per phrase of the whole: whether a node of the draw is alike to it.
std::vector<char> known_phrases(Sample const& all, Nodes const& nodes, std::size_t dims, double join_cosine) {
  auto const count = all.corpus.phrases.size();
  std::vector<char> out(count, 0);
  if (nodes.size() == 0) return out;
  std::vector<float> products(std::min(k_block, count) * nodes.size());
  for (std::size_t begin = 0; begin < count; begin += k_block) {
    auto const rows = std::min(k_block, count - begin);
    math::rows_by_rows({all.phrase_vectors.data() + begin * dims, rows, dims},
                       {nodes.vectors.data(), nodes.size(), dims}, dims, products.data(), nodes.size());
    for (std::size_t i = 0; i < rows; ++i) {
      auto const scores = std::span(products).subspan(i * nodes.size(), nodes.size());
      out[begin + i] = *std::ranges::max_element(scores) >= static_cast<float>(join_cosine);
    }
  }
  return out;
}

struct Familiar {
  std::size_t known = 0, named = 0;

  void add(Sample const& all, Sample const& drawn, std::vector<char> const& known_phrase) {
    for (std::size_t i = 0; i < all.rows.size(); ++i) {
      if (std::ranges::binary_search(drawn.rows, all.rows[i])) continue;
      for (auto const phrase : all.corpus.rows[i].heads) {
        ++named;
        known += known_phrase[phrase] != 0;
      }
    }
  }
  double share() const { return named == 0 ? 0 : static_cast<double>(known) / static_cast<double>(named); }
};

void add(Stability& stability, double agreed) {
  stability.least = stability.draws == 0 ? agreed : std::min(stability.least, agreed);
  stability.mean += agreed;  // the sum, until all draws are done
  ++stability.draws;
}

}  // namespace

std::vector<std::size_t> draw_rows(std::size_t count, std::uint64_t seed, std::size_t draw) {
  std::vector<std::size_t> rows(count);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  auto state = seed * 1000003 + draw;
  for (auto i = count; i > 1; --i)
    std::swap(rows[i - 1], rows[math::splitmix64(state) % i]);
  rows.resize(static_cast<std::size_t>(k_kept * static_cast<double>(count)));
  std::ranges::sort(rows);
  return rows;
}

double measure_stability(std::span<Candidate> candidates, Table const& table, Sample const& all, PhraseVectors& vectors,
                         FitOptions const& options) {
  Familiar familiar;
  for (std::size_t draw = 0; draw < options.draws; ++draw) {
    auto const sample =
        make_sample(table, draw_rows(table.rows.size(), options.parameters.seed, draw), vectors, options.parameters);
    familiar.add(all, sample, known_phrases(all, sample.nodes, vectors.dims(), options.parameters.join_cosine));
    auto const fields = field_vectors(table, sample, vectors.dims(), options.parameters);
    for (auto& candidate : candidates) {
      auto const cutter = make_cutter(candidate.cutter.method, sample, fields, vectors.dims(), options);
      std::vector<std::size_t> before;
      for (auto const row : sample.rows)
        before.push_back(candidate.scan.partition.rows[row]);
      add(candidate.stability, agreement(before, cutter.at(candidate.scan.resolution).rows));
    }
  }
  for (auto& candidate : candidates)
    if (candidate.stability.draws > 0) candidate.stability.mean /= static_cast<double>(candidate.stability.draws);
  return familiar.share();
}

}  // namespace jvmm::personas
