#include "personas/partition.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <string>

#include "algo/adjusted_rand/adjusted_rand.hpp"
#include "base/error.hpp"
#include "math/vector.hpp"
#include "personas/cutters.hpp"
#include "personas/phrase_vectors.hpp"

namespace jvmm::personas {
namespace {

constexpr double k_small_share = 0.004;
constexpr std::size_t k_small_rows = 5;
constexpr std::size_t k_halvings = 12;
constexpr double k_hit_vote = 0.5;

struct Points {
  std::vector<double> resolutions;
  std::vector<Partition> partitions;
};

double plateau_at(Points const& points, std::size_t index) {
  double sum = 0;
  std::size_t count = 0;
  constexpr std::size_t k_reach = k_plateau_reach;
  auto const begin = index < k_reach ? 0 : index - k_reach;
  auto const end = std::min(points.partitions.size(), index + k_reach + 1);
  for (auto other = begin; other < end; ++other) {
    if (other == index) continue;
    sum += agreement(points.partitions[index].rows, points.partitions[other].rows);
    ++count;
  }
  return count == 0 ? 0 : sum / static_cast<double>(count);
}

/// The best of the points that `wanted` holds for; the middle one of those that are equal.
std::optional<std::size_t> best_point(std::vector<ScanPoint> const& points,
                                      std::function<bool(ScanPoint const&)> const& wanted) {
  double best = -2;
  std::vector<std::size_t> tied;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (!wanted(points[i]) || points[i].plateau < best) continue;
    if (points[i].plateau > best) tied.clear();
    best = points[i].plateau;
    tied.push_back(i);
  }
  if (tied.empty()) return std::nullopt;
  return tied[tied.size() / 2];
}

std::size_t distance(std::size_t a, std::size_t b) {
  return a > b ? a - b : b - a;
}

/// A resolution between two points that gives exactly so many clusters, by halving; nothing if it jumps over them.
std::optional<std::size_t> insert_target(Points& points, std::function<Partition(double)> const& at,
                                         std::size_t target) {
  for (std::size_t i = 0; i + 1 < points.partitions.size(); ++i) {
    auto low = points.resolutions[i], high = points.resolutions[i + 1];
    if (points.partitions[i].count >= target || points.partitions[i + 1].count <= target) continue;
    for (std::size_t step = 0; step < k_halvings; ++step) {
      auto const middle = std::sqrt(low * high);
      auto partition = at(middle);
      auto const count = partition.count;
      if (count == target) {
        auto const place = static_cast<std::ptrdiff_t>(i + 1);
        points.resolutions.insert(points.resolutions.begin() + place, middle);
        points.partitions.insert(points.partitions.begin() + place, std::move(partition));
        return i + 1;
      }
      (count < target ? low : high) = middle;
    }
  }
  return std::nullopt;
}

std::vector<ScanPoint> measured(Points const& points) {
  std::vector<ScanPoint> out;
  for (std::size_t i = 0; i < points.partitions.size(); ++i)
    out.push_back({points.resolutions[i], points.partitions[i].count, plateau_at(points, i)});
  return out;
}

[[noreturn]] void refuse_target(Points const& points, std::size_t target) {
  std::set<std::size_t> counts;
  for (auto const& partition : points.partitions)
    counts.insert(partition.count);
  std::string text;
  for (auto const count : counts)
    text += (text.empty() ? "" : ", ") + std::to_string(count);
  throw Error(Kind::bad_input, "these texts do not give " + std::to_string(target) + " personas; they give " + text)
      .hint("ask for one of these numbers, or leave the number to the plateau");
}

std::size_t chosen_point(Points& points, std::vector<ScanPoint>& scan, std::function<Partition(double)> const& at,
                         FitOptions const& options) {
  if (options.target_k) {
    auto const target = *options.target_k;
    auto const has = [&](ScanPoint const& point) { return point.personas == target; };
    if (auto const found = best_point(scan, has)) return *found;
    auto const found = insert_target(points, at, target);
    if (!found) refuse_target(points, target);
    scan = measured(points);
    return *found;
  }
  auto const in_range = [&](ScanPoint const& point) {
    return point.personas >= options.least_k && point.personas <= options.most_k;
  };
  if (auto const found = best_point(scan, in_range)) return *found;
  auto const middle = (options.least_k + options.most_k) / 2;
  auto const nearest =
      std::ranges::min(scan, {}, [&](ScanPoint const& point) { return distance(point.personas, middle); }).personas;
  return *best_point(scan, [&](ScanPoint const& point) { return point.personas == nearest; });
}

}  // namespace

std::vector<std::pair<std::size_t, double>> votes_of(RowNodes const& row, std::span<std::size_t const> labels,
                                                     double decay) {
  std::map<std::size_t, double> votes;
  auto const vote = [&](std::uint32_t node, double weight) {
    if (labels[node] != k_unlabelled) votes[labels[node]] += weight;
  };
  double weight = 1;
  for (auto const head : row.heads) {
    vote(head, weight);
    weight *= decay;
  }
  if (row.heads.empty()) {
    for (auto const type : row.types)
      vote(type, 1);
    for (auto const hit : row.hits)
      vote(hit, k_hit_vote);
  }
  return {votes.begin(), votes.end()};
}

std::size_t winner(std::span<std::pair<std::size_t, double> const> votes) {
  auto best = k_unlabelled;
  double most = 0;
  for (auto const& [label, weight] : votes)
    if (weight > most) {
      most = weight;
      best = label;
    }
  return best;
}

void join_small(std::vector<std::size_t>& communities, std::span<std::size_t const> row_counts,
                std::span<algo::WeightedEdge const> edges, std::span<float const> vectors, std::size_t dims) {
  auto const labelled = std::accumulate(row_counts.begin(), row_counts.end(), std::size_t{0});
  auto const least =
      std::max(k_small_rows, static_cast<std::size_t>(std::ceil(k_small_share * static_cast<double>(labelled))));
  auto const count = row_counts.size();
  std::vector<char> large(count);
  for (std::size_t c = 0; c < count; ++c)
    large[c] = row_counts[c] >= least;
  if (std::ranges::count(large, 1) == 0) return;
  std::vector<double> volume(count, 0.0);
  std::map<std::pair<std::size_t, std::size_t>, double> links;  // (small, large)
  for (auto const& edge : edges) {
    auto const a = communities[edge.a], b = communities[edge.b];
    volume[a] += edge.weight;
    volume[b] += edge.weight;
    if (!large[a] && large[b]) links[{a, b}] += edge.weight;
    if (!large[b] && large[a]) links[{b, a}] += edge.weight;
  }
  std::vector<std::size_t> target(count);
  std::iota(target.begin(), target.end(), std::size_t{0});
  std::vector<double> best(count, 0.0);
  for (auto const& [pair, link] : links)
    if (auto const pull = link / std::sqrt(volume[pair.second]); pull > best[pair.first]) {
      best[pair.first] = pull;
      target[pair.first] = pair.second;
    }
  std::vector<std::vector<std::size_t>> members(count);
  for (std::size_t i = 0; i < communities.size(); ++i)
    members[communities[i]].push_back(i);
  std::vector<std::vector<float>> centroids(count);
  for (std::size_t c = 0; c < count; ++c)
    centroids[c] = unit_mean(vectors, dims, members[c]);
  for (std::size_t c = 0; c < count; ++c) {
    if (large[c] || best[c] > 0) continue;
    double nearest = -2;
    for (std::size_t other = 0; other < count; ++other)
      if (auto const cosine = math::dot_double(centroids[c], centroids[other]); large[other] && cosine > nearest) {
        nearest = cosine;
        target[c] = other;
      }
  }
  for (auto& community : communities)
    community = target[community];
}

void order_by_size(Partition& partition) {
  std::map<std::size_t, std::pair<std::size_t, std::size_t>> sizes;  // label -> rows, first row
  for (std::size_t i = 0; i < partition.rows.size(); ++i)
    if (partition.rows[i] != k_unlabelled) ++sizes.try_emplace(partition.rows[i], 0, i).first->second.first;
  std::vector<std::size_t> order;
  for (auto const& [label, size] : sizes)
    order.push_back(label);
  std::ranges::sort(order, {}, [&](std::size_t label) {
    auto const& [rows, first] = sizes.at(label);
    return std::pair(-static_cast<std::ptrdiff_t>(rows), first);
  });
  std::map<std::size_t, std::size_t> number;
  for (std::size_t i = 0; i < order.size(); ++i)
    number[order[i]] = i;
  auto const renumber = [&](std::vector<std::size_t>& labels) {
    for (auto& label : labels) {
      auto const found = number.find(label);
      label = found == number.end() ? k_unlabelled : found->second;
    }
  };
  renumber(partition.rows);
  renumber(partition.nodes);
  partition.count = order.size();
}

Scan scan_resolutions(Cutter const& cutter, FitOptions const& options) {
  Points points{cutter.resolutions, {}};
  for (auto const resolution : points.resolutions)
    points.partitions.push_back(cutter.at(resolution));
  auto scan = measured(points);
  std::size_t chosen = 0;
  if (auto const held = options.held_by(cutter.method))
    chosen = static_cast<std::size_t>(
        std::ranges::min_element(points.resolutions, {}, [&](double at) { return std::abs(at - *held); }) -
        points.resolutions.begin());
  else
    chosen = chosen_point(points, scan, cutter.at, options);
  Scan out{std::move(scan), std::move(points.partitions[chosen]), points.resolutions[chosen], 0};
  out.plateau = out.points[chosen].plateau;
  return out;
}

double agreement(std::span<std::size_t const> a, std::span<std::size_t const> b) {
  std::vector<std::size_t> left, right;
  auto const alone = k_unlabelled - a.size();  // above any label
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i] != k_unlabelled || b[i] != k_unlabelled) {
      left.push_back(a[i] != k_unlabelled ? a[i] : alone + i);
      right.push_back(b[i] != k_unlabelled ? b[i] : alone + i);
    }
  return algo::adjusted_rand_index(left, right);
}

}  // namespace jvmm::personas
