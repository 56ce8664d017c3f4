#include "algo/adjusted_rand/adjusted_rand.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace jvmm::algo {
namespace {

double pairs(double count) {
  return count * (count - 1) / 2;
}

/// Σ pairs(weight of each distinct key), keys sorted.
template <class Key>
double pairs_within(std::vector<std::pair<Key, double>> rows) {
  std::ranges::sort(rows);
  double sum = 0;
  for (std::size_t i = 0; i < rows.size();) {
    double weight = 0;
    auto const key = rows[i].first;
    for (; i < rows.size() && rows[i].first == key; ++i)
      weight += rows[i].second;
    sum += pairs(weight);
  }
  return sum;
}

}  // namespace

double adjusted_rand_index(std::span<std::size_t const> a, std::span<std::size_t const> b,
                           std::span<double const> weights) {
  if (a.size() != b.size() || a.size() != weights.size())
    throw Error(Kind::bad_input, "adjusted Rand index: lists of different length");
  using Both = std::pair<std::size_t, std::size_t>;
  std::vector<std::pair<std::size_t, double>> of_a, of_b;
  std::vector<std::pair<Both, double>> of_both;
  double total = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    of_a.emplace_back(a[i], weights[i]);
    of_b.emplace_back(b[i], weights[i]);
    of_both.emplace_back(Both{a[i], b[i]}, weights[i]);
    total += weights[i];
  }
  if (total < 2) return 1;
  auto const in_a = pairs_within(std::move(of_a)), in_b = pairs_within(std::move(of_b));
  auto const together = pairs_within(std::move(of_both));
  auto const expected = in_a * in_b / pairs(total), most = (in_a + in_b) / 2;
  return most == expected ? 1 : (together - expected) / (most - expected);
}

double adjusted_rand_index(std::span<std::size_t const> a, std::span<std::size_t const> b) {
  std::vector<double> const once(a.size(), 1);
  return adjusted_rand_index(a, b, once);
}

}  // namespace jvmm::algo
