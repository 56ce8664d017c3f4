#include "personas/phrase_nodes.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "algo/knn/knn.hpp"
#include "math/gemm.hpp"
#include "math/vector.hpp"
#include "personas/phrase_vectors.hpp"

namespace jvmm::personas {
namespace {

constexpr std::size_t k_block = 256;
constexpr std::size_t k_most_together = 40;  ///< a row that names more audiences says nothing of any two
constexpr double k_percentile = 0.95;

std::vector<std::uint32_t> by_frequency(std::vector<Phrase> const& phrases) {
  std::vector<std::uint32_t> out(phrases.size());
  std::iota(out.begin(), out.end(), 0U);
  std::ranges::stable_sort(out, std::greater{}, [&](std::uint32_t i) { return phrases[i].rows; });
  return out;
}

/// The leader that each phrase joins, itself for a leader.
std::vector<std::uint32_t> leaders_of(std::vector<Phrase> const& phrases, std::span<float const> vectors,
                                      std::size_t dims, double join_cosine) {
  auto const order = by_frequency(phrases);
  std::vector<std::uint32_t> out(phrases.size()), leaders;
  std::vector<float> led, block, products;
  auto const limit = static_cast<float>(join_cosine);
  for (std::size_t begin = 0; begin < order.size(); begin += k_block) {
    auto const count = std::min(k_block, order.size() - begin), known = leaders.size();
    block.clear();
    for (std::size_t i = 0; i < count; ++i) {
      auto const row = row_of(vectors, order[begin + i], dims);
      block.insert(block.end(), row.begin(), row.end());
    }
    products.resize(count * std::max<std::size_t>(known, 1));
    if (known > 0)
      math::rows_by_rows({block.data(), count, dims}, {led.data(), known, dims}, dims, products.data(), known);
    for (std::size_t i = 0; i < count; ++i) {
      auto const own = row_of(block, i, dims);
      auto best = -1.0F;
      std::size_t at = 0;
      for (std::size_t j = 0; j < leaders.size(); ++j) {
        auto const cosine = j < known ? products[i * known + j] : math::dot(own, row_of(led, j, dims));
        if (cosine > best) best = cosine, at = j;
      }
      auto const phrase = order[begin + i];
      out[phrase] = best >= limit ? leaders[at] : phrase;
      if (best >= limit) continue;
      leaders.push_back(phrase);
      led.insert(led.end(), own.begin(), own.end());
    }
  }
  return out;
}

using PairWeight = std::pair<std::pair<std::uint32_t, std::uint32_t>, double>;

/// How often each two nodes keep company, by (a, b), a < b: a row of q nodes gives each 1 / (q - 1).
std::vector<PairWeight> company(std::span<RowNodes const> rows) {
  std::vector<PairWeight> pairs;
  std::vector<std::uint32_t> together;
  for (auto const& row : rows) {
    together = row.heads;
    together.insert(together.end(), row.types.begin(), row.types.end());
    together.insert(together.end(), row.hits.begin(), row.hits.end());
    std::ranges::sort(together);
    auto const rest = std::ranges::unique(together);
    together.erase(rest.begin(), rest.end());
    auto const n = together.size();
    if (n < 2 || n > k_most_together) continue;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = i + 1; j < n; ++j)
        pairs.push_back({{together[i], together[j]}, 1.0 / static_cast<double>(n - 1)});
  }
  std::ranges::stable_sort(pairs, {}, &PairWeight::first);
  std::vector<PairWeight> sums;
  for (auto const& [pair, weight] : pairs)
    if (!sums.empty() && sums.back().first == pair)
      sums.back().second += weight;
    else
      sums.push_back({pair, weight});
  return sums;
}

/// The value that a share of sorted ones lies below, between two of them by proportion.
double percentile(std::vector<double> sorted, double share) {
  auto const at = share * static_cast<double>(sorted.size() - 1);
  auto const low = static_cast<std::size_t>(at);
  auto const high = std::min(low + 1, sorted.size() - 1);
  return sorted[low] + (at - static_cast<double>(low)) * (sorted[high] - sorted[low]);
}

/// Counts turned into weights 0..1; pairs that keep less company than by chance fall out.
std::vector<PairWeight> mutual_information(std::vector<PairWeight> pairs, std::size_t nodes, double shrink) {
  std::vector<double> sums(nodes, 0.0);
  double total = 0;
  for (auto const& [pair, count] : pairs) {
    sums[pair.first] += count;
    sums[pair.second] += count;
    total += 2 * count;
  }
  for (auto& [pair, count] : pairs)
    count = std::max(0.0, std::log(count * total / (sums[pair.first] * sums[pair.second]))) * count / (count + shrink);
  std::erase_if(pairs, [](PairWeight const& pair) { return pair.second <= 0; });
  if (pairs.empty()) return pairs;
  std::vector<double> weights;
  for (auto const& pair : pairs)
    weights.push_back(pair.second);
  std::ranges::sort(weights);
  auto const high = percentile(weights, k_percentile);
  for (auto& pair : pairs)
    pair.second = std::min(1.0, pair.second / high);
  return pairs;
}

void add_likeness(std::vector<PairWeight>& edges, Nodes const& nodes, std::size_t dims, Parameters const& parameters,
                  std::size_t threads) {
  if (nodes.size() < 2) return;
  auto const k = std::min(parameters.phrase_neighbours, nodes.size() - 1);
  auto const nearest = algo::nearest_rows({nodes.vectors, dims}, {k, static_cast<unsigned>(threads)});
  std::vector<PairWeight> likeness;
  for (std::uint32_t i = 0; i < nodes.size(); ++i)
    for (auto const& other : nearest.of(i)) {
      auto const cosine = math::dot_double(row_of(nodes.vectors, i, dims), row_of(nodes.vectors, other.row, dims));
      if (cosine > 0)
        likeness.push_back({std::minmax(i, static_cast<std::uint32_t>(other.row)), parameters.cosine_weight * cosine});
    }
  // The greater of the two where each is near the other.
  std::ranges::sort(likeness);
  for (std::size_t i = 0; i < likeness.size(); ++i)
    if (i + 1 == likeness.size() || likeness[i + 1].first != likeness[i].first) edges.push_back(likeness[i]);
}

}  // namespace

Nodes join_phrases(std::vector<Phrase>& phrases, std::span<float const> vectors, std::size_t dims, double join_cosine) {
  auto const leader = leaders_of(phrases, vectors, dims, join_cosine);
  Nodes out;
  for (std::uint32_t i = 0; i < phrases.size(); ++i)
    if (leader[i] == i) {
      phrases[i].node = static_cast<std::uint32_t>(out.leaders.size());
      out.leaders.push_back(i);
    }
  std::vector<std::vector<std::size_t>> members(out.size());
  std::vector<std::vector<double>> weights(out.size());
  out.counts.assign(out.size(), 0);
  for (std::uint32_t i = 0; i < phrases.size(); ++i) {
    auto const node = phrases[i].node = phrases[leader[i]].node;
    members[node].push_back(i);
    weights[node].push_back(static_cast<double>(phrases[i].rows));
    out.counts[node] += static_cast<double>(phrases[i].rows);
  }
  for (std::size_t node = 0; node < out.size(); ++node) {
    auto const mean = unit_mean(vectors, dims, members[node], weights[node]);
    out.vectors.insert(out.vectors.end(), mean.begin(), mean.end());
  }
  return out;
}

std::vector<RowNodes> nodes_of(Corpus const& corpus) {
  std::vector<RowNodes> out;
  auto const nodes = [&](std::vector<std::uint32_t> const& phrases) {
    std::vector<std::uint32_t> ids;
    for (auto const phrase : phrases)
      ids.push_back(corpus.phrases[phrase].node);
    return ids;
  };
  for (auto const& row : corpus.rows)
    out.push_back({nodes(row.heads), nodes(row.types), nodes(row.hits)});
  return out;
}

std::vector<algo::WeightedEdge> phrase_graph(Nodes const& nodes, std::span<RowNodes const> rows, std::size_t dims,
                                             Parameters const& parameters, std::size_t threads) {
  auto edges = mutual_information(company(rows), nodes.size(), parameters.shrink);
  add_likeness(edges, nodes, dims, parameters, threads);
  std::ranges::stable_sort(edges, {}, &PairWeight::first);
  std::vector<algo::WeightedEdge> out;
  for (auto const& [pair, weight] : edges)
    if (!out.empty() && out.back().a == pair.first && out.back().b == pair.second)
      out.back().weight += weight;
    else
      out.push_back({pair.first, pair.second, weight});
  return out;
}

}  // namespace jvmm::personas
