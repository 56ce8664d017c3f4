#pragma once

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "algo/rows/float_rows.hpp"

namespace jvmm::algo {

struct OwnedRows {
  std::vector<float> values;
  std::size_t columns = 1;

  FloatRows view() const { return {values, columns}; }
  std::size_t size() const { return values.size() / columns; }

  OwnedRows permuted(std::vector<std::size_t> const& order) const {
    OwnedRows out{{}, columns};
    for (auto const i : order)
      out.values.insert(out.values.end(), view()[i].begin(), view()[i].end());
    return out;
  }
};

enum class Shape { plane, grid, unit };  ///< grid: whole numbers, so that rows and distances repeat

/// Rows around a few centres, and some elsewhere.
inline OwnedRows random_rows(std::mt19937_64& random, std::size_t n, std::size_t columns, Shape shape) {
  std::normal_distribution<float> normal;
  OwnedRows out{{}, columns};
  std::vector<float> centres(4 * columns);
  for (auto& value : centres)
    value = normal(random) * 3;
  for (std::size_t i = 0; i < n; ++i) {
    std::size_t const centre = random() % 5;
    for (std::size_t d = 0; d < columns; ++d) {
      float const value = centre == 4 ? 3 * normal(random) : centres[centre * columns + d] + normal(random) / 2;
      out.values.push_back(shape == Shape::grid ? std::round(value) : value);
    }
    if (shape != Shape::unit) continue;
    float squares = 0;
    auto const row = std::span(out.values).last(columns);
    for (float const value : row)
      squares += value * value;
    for (auto& value : row)
      value /= std::sqrt(squares);
  }
  return out;
}

inline std::vector<std::size_t> shuffled(std::mt19937_64& random, std::size_t n) {
  std::vector<std::size_t> out(n);
  for (std::size_t i = 0; i < n; ++i)
    out[i] = i;
  std::ranges::shuffle(out, random);
  return out;
}

}  // namespace jvmm::algo
