#include "algo/assignment/assignment.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.hpp"

namespace jvmm::algo {
namespace {

constexpr auto k_none = std::numeric_limits<std::size_t>::max();

/// Costs with at most as many rows as columns.
struct Costs {
  std::span<double const> gains;
  std::size_t rows, columns, stride;
  bool turned;  ///< rows and columns of `gains` change places

  double operator()(std::size_t row, std::size_t column) const {
    return turned ? -gains[column * stride + row] : -gains[row * stride + column];
  }
};

class ShortestPaths {
 public:
  explicit ShortestPaths(Costs const& costs)
      : m_costs(costs),
        m_row_price(costs.rows, 0),
        m_column_price(costs.columns, 0),
        m_row_of(costs.columns, k_none),
        m_column_of(costs.rows, k_none) {}

  /// The row that each column got.
  std::vector<std::size_t> run() {
    for (std::size_t row = 0; row < m_costs.rows; ++row)
      augment(row);
    return m_row_of;
  }

 private:
  /// Gives `row` a column, along the path of least reduced cost to a free one.
  void augment(std::size_t row) {
    constexpr auto k_far = std::numeric_limits<double>::infinity();
    std::vector<double> distance(m_costs.columns, k_far);
    std::vector<std::size_t> from(m_costs.columns, k_none);
    std::vector<char> done(m_costs.columns, 0);
    std::vector<std::size_t> scanned;  // columns, in the order of their distance
    double least = 0;
    auto at = row;
    auto column = k_none;
    while (true) {
      for (std::size_t j = 0; j < m_costs.columns; ++j) {
        if (done[j]) continue;
        auto const length = least + m_costs(at, j) - m_row_price[at] - m_column_price[j];
        if (length < distance[j]) {
          distance[j] = length;
          from[j] = at;
        }
      }
      column = nearest(distance, done);
      least = distance[column];
      done[column] = 1;
      if (m_row_of[column] == k_none) break;
      scanned.push_back(column);
      at = m_row_of[column];
    }
    m_row_price[row] += least;
    for (auto const j : scanned) {
      m_row_price[m_row_of[j]] += least - distance[j];
      m_column_price[j] -= least - distance[j];
    }
    while (column != k_none) {
      auto const owner = from[column];
      m_row_of[column] = owner;
      std::swap(column, m_column_of[owner]);
    }
  }

  static std::size_t nearest(std::vector<double> const& distance, std::vector<char> const& done) {
    auto best = k_none;
    for (std::size_t j = 0; j < distance.size(); ++j)
      if (!done[j] && (best == k_none || distance[j] < distance[best])) best = j;
    return best;
  }

  Costs m_costs;
  std::vector<double> m_row_price, m_column_price;
  std::vector<std::size_t> m_row_of, m_column_of;
};

}  // namespace

std::vector<std::optional<std::size_t>> best_assignment(std::span<double const> gains, std::size_t rows,
                                                        std::size_t columns) {
  if (gains.size() != rows * columns) throw Error(Kind::bad_input, "assignment: the gains are not rows × columns");
  if (!std::ranges::all_of(gains, [](double gain) { return std::isfinite(gain); }))
    throw Error(Kind::bad_input, "assignment: a gain is not a finite number");
  std::vector<std::optional<std::size_t>> out(rows);
  if (rows == 0 || columns == 0) return out;
  bool const turned = rows > columns;
  auto const owners = ShortestPaths({gains, std::min(rows, columns), std::max(rows, columns), columns, turned}).run();
  for (std::size_t j = 0; j < owners.size(); ++j)
    if (owners[j] != k_none) out[turned ? j : owners[j]] = turned ? owners[j] : j;
  return out;
}

}  // namespace jvmm::algo
