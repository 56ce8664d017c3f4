#include "algo/kmeans/kmeans.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <random>

#include "base/error.hpp"
#include "math/gemm.hpp"
#include "math/vector.hpp"

namespace jvmm::algo {
namespace {

constexpr std::size_t k_block = 128;
constexpr std::size_t k_columns = 64;
/// Bounds are moved by rounded sums; what is closer than this is computed.
constexpr double k_margin = 1e-9;

class Lloyd {
 public:
  Lloyd(DistinctRows const& distinct, KMeansOptions const& options, std::uint64_t seed)
      : m_distinct(distinct), m_rows(distinct.rows()), m_options(options), m_random(seed) {
    m_out.labels.assign(distinct.size(), 0);
    for (std::size_t i = 0; i < distinct.size(); ++i)
      m_norms.push_back(math::dot_double(m_rows[i], m_rows[i]));
  }

  KMeansResult run() {
    seed_centres();
    m_upper.assign(m_distinct.size(), std::numeric_limits<double>::infinity());
    m_lower.assign(m_distinct.size(), 0);
    while (m_out.iterations < m_options.max_iterations && !m_out.converged) {
      ++m_out.iterations;
      auto const before = m_out.labels;
      assign();
      refill();
      m_out.converged = m_out.iterations > 1 && before == m_out.labels;
      if (!m_out.converged) move_centres();
    }
    for (std::size_t i = 0; i < m_distinct.size(); ++i)
      m_out.inertia += weight(i) * square(distance(m_rows[i], centre(m_out.labels[i])));
    return std::move(m_out);
  }

 private:
  static double square(double x) { return x * x; }
  double weight(std::size_t i) const { return static_cast<double>(m_distinct.copies(i)); }
  std::span<float const> centre(std::size_t c) const {
    return std::span(m_out.centres).subspan(c * m_rows.columns, m_rows.columns);
  }

  void add_centre(std::size_t row) {
    m_out.centres.insert(m_out.centres.end(), m_rows[row].begin(), m_rows[row].end());
  }

  /// A number in 0..1, the same with every standard library.
  double draw() { return static_cast<double>(m_random() >> 11) * 0x1p-53; }

  /// The row at which the running sum of shares passes a drawn part of the total. REQUIRES: a share above 0.
  std::size_t draw_row(std::vector<double> const& shares) {
    double total = 0;
    for (double const share : shares)
      total += share;
    double const wanted = draw() * total;
    double sum = 0;
    std::size_t last = 0;
    for (std::size_t i = 0; i < shares.size(); ++i) {
      if (shares[i] <= 0) continue;
      last = i;
      sum += shares[i];
      if (sum > wanted) break;
    }
    return last;
  }

  /// How far a squared distance by a product in single precision (math/gemm.hpp) can be off; lengths are about 1.
  double slack() const { return 2.2 * 0x1p-24 * static_cast<double>(m_rows.columns); }

  void seed_centres() {
    std::vector<double> shares(m_distinct.size());
    for (std::size_t i = 0; i < shares.size(); ++i)
      shares[i] = weight(i);
    add_centre(draw_row(shares));
    std::vector<double> nearest(m_distinct.size(), std::numeric_limits<double>::infinity());
    std::size_t const columns = m_rows.columns;
    for (std::size_t c = 1; c < m_options.k; ++c) {
      auto const last = centre(c - 1);
      double const norm = math::dot_double(last, last);
      for_blocks(m_distinct.size(), k_block, m_options.threads, [&](std::size_t begin, std::size_t end) {
        std::array<float, k_block> products{};
        math::rows_by_rows({m_rows[begin].data(), end - begin, columns}, {last.data(), 1, columns}, columns,
                           products.data(), 1);
        for (std::size_t i = begin; i < end; ++i) {
          if (m_norms[i] + norm - 2 * static_cast<double>(products[i - begin]) - slack() < nearest[i])
            nearest[i] = std::min(nearest[i], square(distance(m_rows[i], last)));
          shares[i] = weight(i) * nearest[i];
        }
      });
      add_centre(draw_row(shares));
    }
  }

  void assign() {
    std::vector<double> norms;
    for (std::size_t c = 0; c < m_options.k; ++c)
      norms.push_back(math::dot_double(centre(c), centre(c)));
    for_blocks(m_distinct.size(), k_block, m_options.threads, [&](std::size_t begin, std::size_t end) {
      std::vector<std::size_t> open;
      for (std::size_t i = begin; i < end; ++i) {
        if (m_upper[i] + k_margin < m_lower[i]) continue;
        m_upper[i] = distance(m_rows[i], centre(m_out.labels[i]));
        if (m_upper[i] + k_margin >= m_lower[i]) open.push_back(i);
      }
      assign(open, norms);
    });
  }

  void assign(std::vector<std::size_t> const& open, std::vector<double> const& norms) {
    if (open.empty()) return;
    std::size_t const columns = m_rows.columns, k = m_options.k;
    std::vector<float> block, products(open.size() * k);
    block.reserve(open.size() * columns);
    for (auto const i : open)
      block.insert(block.end(), m_rows[i].begin(), m_rows[i].end());
    math::rows_by_rows({block.data(), open.size(), columns}, {m_out.centres.data(), k, columns}, columns,
                       products.data(), k);
    std::vector<double> squares(k);
    for (std::size_t q = 0; q < open.size(); ++q) {
      for (std::size_t c = 0; c < k; ++c)
        squares[c] = m_norms[open[q]] + norms[c] - 2 * static_cast<double>(products[q * k + c]);
      assign(open[q], squares);
    }
  }

  /// By squared distances that are off by at most the slack: those that may be the least are computed.
  void assign(std::size_t i, std::vector<double> const& squares) {
    double const reach = *std::ranges::min_element(squares) + 2 * slack();
    double best = std::numeric_limits<double>::infinity(), second = best;
    for (std::size_t c = 0; c < m_options.k; ++c) {
      if (squares[c] > reach) {
        second = std::min(second, std::sqrt(std::max(0.0, squares[c] - slack())));
        continue;
      }
      double const to = distance(m_rows[i], centre(c));
      if (to < best) {
        second = std::min(second, best);
        best = to;
        m_out.labels[i] = c;
      } else {
        second = std::min(second, to);
      }
    }
    m_upper[i] = best;
    m_lower[i] = second;
  }

  void refill() {
    std::vector<std::size_t> rows(m_options.k);
    for (auto const label : m_out.labels)
      ++rows[label];
    for (std::size_t c = 0; c < m_options.k; ++c) {
      if (rows[c] > 0) continue;
      std::size_t farthest = 0;
      double most = -1;
      for (std::size_t i = 0; i < m_distinct.size(); ++i)
        if (double const to = distance(m_rows[i], centre(m_out.labels[i])); rows[m_out.labels[i]] > 1 && to > most)
          farthest = i, most = to;
      --rows[m_out.labels[farthest]];
      ++rows[c];
      m_out.labels[farthest] = c;
      m_upper[farthest] = std::numeric_limits<double>::infinity();
      m_lower[farthest] = 0;
    }
  }

  /// To the direction of the sum of their rows, in the order of the rows; where that is 0, a centre stays.
  void move_centres() {
    std::size_t const columns = m_rows.columns;
    std::vector<double> sums(m_options.k * columns), moved(m_options.k);
    for_blocks(columns, k_columns, m_options.threads, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = 0; i < m_distinct.size(); ++i)
        for (std::size_t d = begin; d < end; ++d)
          sums[m_out.labels[i] * columns + d] += weight(i) * static_cast<double>(m_rows[i][d]);
    });
    for (std::size_t c = 0; c < m_options.k; ++c) {
      double squares = 0;
      for (std::size_t d = 0; d < columns; ++d)
        squares += square(sums[c * columns + d]);
      if (squares <= 0) continue;
      std::vector<float> const old(centre(c).begin(), centre(c).end());
      for (std::size_t d = 0; d < columns; ++d)
        m_out.centres[c * columns + d] = static_cast<float>(sums[c * columns + d] / std::sqrt(squares));
      moved[c] = distance(old, centre(c));
    }
    double const most = *std::ranges::max_element(moved);
    for (std::size_t i = 0; i < m_distinct.size(); ++i) {
      m_upper[i] += moved[m_out.labels[i]];
      m_lower[i] -= most;
    }
  }

  DistinctRows const& m_distinct;
  FloatRows m_rows;
  KMeansOptions const& m_options;
  std::mt19937_64 m_random;
  std::vector<double> m_norms;           ///< squared lengths of the rows
  std::vector<double> m_upper, m_lower;  ///< bounds of the distances to the own and to the nearest other centre
  KMeansResult m_out;
};

void check_unit(FloatRows const& rows) {
  std::vector<float> const zero(rows.columns);
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (double const length = distance(rows[i], zero); std::abs(length - 1) > 1e-3)
      throw Error(Kind::bad_input, fmt::format("k-means: row {} is {:.4g} long, unit vectors are expected", i, length))
          .hint("normalise the rows, and leave out those that are 0");
}

}  // namespace

void KMeansOptions::validate() const {
  if (k < 1) throw Error(Kind::usage, "k-means: k is 0, at least 1 is needed");
  if (restarts < 1 || max_iterations < 1)
    throw Error(Kind::usage, "k-means: restarts and max_iterations must be at least 1");
  if (threads < 1 || threads > 1024)
    throw Error(Kind::usage, fmt::format("k-means: {} threads, 1 to 1024 are possible", threads));
}

KMeansResult spherical_kmeans(FloatRows const& rows, KMeansOptions const& options) {
  check_rows(rows, "k-means");
  options.validate();
  check_unit(rows);
  auto const distinct = distinct_rows(rows);
  if (distinct.size() < options.k)
    throw Error(Kind::bad_input,
                fmt::format("k-means: {} distinct rows cannot make {} clusters", distinct.size(), options.k))
        .hint("give more rows or a smaller k");
  KMeansResult best;
  for (std::size_t restart = 0; restart < options.restarts; ++restart) {
    auto result = Lloyd(distinct, options, options.seed + restart).run();
    if (restart == 0 || result.inertia < best.inertia) best = std::move(result);
  }
  std::vector<std::size_t> labels(rows.size());
  for (std::size_t i = 0; i < distinct.size(); ++i)
    for (std::size_t at = distinct.begins[i]; at < distinct.begins[i + 1]; ++at)
      labels[distinct.order[at]] = best.labels[i];
  best.labels = std::move(labels);
  return best;
}

}  // namespace jvmm::algo
