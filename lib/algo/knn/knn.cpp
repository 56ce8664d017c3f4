#include "algo/knn/knn.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/error.hpp"
#include "math/gemm.hpp"

namespace jvmm::algo {
namespace {

constexpr std::size_t k_queries = 128;
constexpr std::size_t k_columns = 1024;

/// The rows that can be among the k nearest of one.
class Candidates {
 public:
  Candidates(std::size_t k, double slack) : m_k(k), m_slack(slack), m_limit(4 * k + 64) {}

  void add(std::size_t begin, std::span<float const> squares, std::size_t self) {
    for (std::size_t j = 0; j < squares.size(); ++j) {
      if (squares[j] > m_threshold || begin + j == self) continue;
      m_found.push_back({squares[j], begin + j});
      if (m_found.size() >= m_limit) prune();
    }
  }

  /// The k nearest, by distance and index.
  void finish(FloatRows const& rows, std::size_t self, std::span<Neighbour> out) {
    prune();
    std::vector<Neighbour> exact;
    for (auto const& [square, row] : m_found)
      exact.push_back({row, distance(rows[self], rows[row])});
    std::ranges::partial_sort(exact, exact.begin() + static_cast<std::ptrdiff_t>(m_k), {},
                              [](Neighbour const& n) { return std::pair(n.distance, n.row); });
    std::copy_n(exact.begin(), m_k, out.begin());
  }

 private:
  using Found = std::pair<float, std::size_t>;

  /// What is more than twice the slack beyond the k-th estimate is beyond the k-th in truth.
  void prune() {
    if (m_found.size() <= m_k) return;
    std::ranges::nth_element(m_found, m_found.begin() + static_cast<std::ptrdiff_t>(m_k - 1), {}, &Found::first);
    m_threshold = std::nextafter(static_cast<float>(m_found[m_k - 1].first + 2 * m_slack), FLT_MAX);
    std::erase_if(m_found, [this](Found const& found) { return found.first > m_threshold; });
    m_limit = std::max(m_limit, 2 * m_found.size());
  }

  std::size_t m_k;
  double m_slack;
  std::size_t m_limit;
  float m_threshold = std::numeric_limits<float>::infinity();
  std::vector<Found> m_found;
};

}  // namespace

void KnnOptions::validate(std::size_t rows) const {
  if (k < 1) throw Error(Kind::usage, "nearest rows: k is 0, at least 1 is needed");
  if (threads < 1 || threads > 1024)
    throw Error(Kind::usage, fmt::format("nearest rows: {} threads, 1 to 1024 are possible", threads));
  if (k >= rows)
    throw Error(Kind::bad_input,
                fmt::format("nearest rows: {} rows have {} others each, not k = {}", rows, rows == 0 ? 0 : rows - 1, k))
        .hint("give more rows or a smaller k");
}

PairScan::PairScan(FloatRows const& rows) : m_rows(rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    double squares = 0;
    for (float const value : rows[i])
      squares += static_cast<double>(value) * value;
    m_norms.push_back(squares);
    m_float_norms.push_back(static_cast<float>(squares));
    m_largest = std::max(m_largest, squares);
  }
}

void PairScan::scan(std::span<std::size_t const> queries,
                    std::function<void(std::size_t, std::size_t, std::span<float const>)> const& row) const {
  std::size_t const dims = m_rows.columns;
  std::vector<float> block(k_queries * dims), products(k_queries * k_columns);
  for (std::size_t first = 0; first < queries.size(); first += k_queries) {
    auto const some = queries.subspan(first, std::min(k_queries, queries.size() - first));
    for (std::size_t q = 0; q < some.size(); ++q)
      std::ranges::copy(m_rows[some[q]], block.begin() + static_cast<std::ptrdiff_t>(q * dims));
    for (std::size_t begin = 0; begin < m_rows.size(); begin += k_columns) {
      std::size_t const count = std::min(k_columns, m_rows.size() - begin);
      math::rows_by_rows({block.data(), some.size(), dims}, {m_rows[begin].data(), count, dims}, dims, products.data(),
                         k_columns);
      for (std::size_t q = 0; q < some.size(); ++q) {
        std::span const squares(products.data() + q * k_columns, count);
        float const own = m_float_norms[some[q]];
        for (std::size_t j = 0; j < count; ++j)
          squares[j] = own + m_float_norms[begin + j] - 2 * squares[j];
        row(some[q], begin, squares);
      }
    }
  }
}

/// Twice the bound of rows_by_rows, roundings of norms and sum, and underflow; with a margin for higher orders.
double PairScan::slack(std::size_t query) const {
  double const unit = 0x1p-24, dims = static_cast<double>(m_rows.columns);
  return 1.1 * (2 * dims * unit * std::sqrt(m_norms[query] * m_largest) + 8 * unit * (m_norms[query] + m_largest)) +
         4 * dims * static_cast<double>(FLT_MIN);
}

Neighbours nearest_rows(FloatRows const& rows, KnnOptions const& options) {
  check_rows(rows, "nearest rows");
  options.validate(rows.size());
  PairScan const scan(rows);
  Neighbours out{options.k, std::vector<Neighbour>(rows.size() * options.k)};
  for_blocks(rows.size(), k_queries, options.threads, [&](std::size_t begin, std::size_t end) {
    std::vector<std::size_t> queries(end - begin);
    std::iota(queries.begin(), queries.end(), begin);
    std::vector<Candidates> candidates;
    for (auto const query : queries)
      candidates.emplace_back(options.k, scan.slack(query));
    scan.scan(queries, [&](std::size_t query, std::size_t first, std::span<float const> squares) {
      candidates[query - begin].add(first, squares, query);
    });
    for (auto const query : queries)
      candidates[query - begin].finish(rows, query, std::span(out.all).subspan(query * options.k, options.k));
  });
  return out;
}

}  // namespace jvmm::algo
