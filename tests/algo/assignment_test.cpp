#include "algo/assignment/assignment.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <random>
#include <set>

#include "support/expect_error.hpp"
#include "support/test_seed.hpp"

namespace jvmm::algo {
namespace {

double total(std::vector<double> const& gains, std::size_t columns,
             std::vector<std::optional<std::size_t>> const& matching) {
  double sum = 0;
  for (std::size_t row = 0; row < matching.size(); ++row)
    if (matching[row]) sum += gains[row * columns + *matching[row]];
  return sum;
}

/// The best of all matchings, tried one by one.
double best_by_trying(std::vector<double> const& gains, std::size_t rows, std::size_t columns) {
  std::vector<std::size_t> order(std::max(rows, columns));
  std::iota(order.begin(), order.end(), 0U);
  auto best = -std::numeric_limits<double>::infinity();
  do {
    double sum = 0;
    for (std::size_t i = 0; i < std::min(rows, columns); ++i)
      sum += rows <= columns ? gains[i * columns + order[i]] : gains[order[i] * columns + i];
    best = std::max(best, sum);
  } while (std::ranges::next_permutation(order).found);
  return best;
}

TEST(Assignment, IsTheBestOfAllMatchings) {
  std::mt19937 random(test::test_seed());
  for (int round = 0; round < 300; ++round) {
    auto const rows = 1 + random() % 6, columns = 1 + random() % 6;
    bool const coarse = round % 2 == 0;  // many ties
    std::vector<double> gains(rows * columns);
    for (auto& gain : gains)
      gain = coarse ? static_cast<double>(random() % 3) : static_cast<double>(random() % 2001) / 100.0 - 10;
    auto const matching = best_assignment(gains, rows, columns);
    std::multiset<std::size_t> used;
    for (auto const& column : matching)
      if (column) used.insert(*column);
    EXPECT_EQ(used.size(), std::min(rows, columns));
    EXPECT_EQ(std::set(used.begin(), used.end()).size(), used.size());
    EXPECT_NEAR(total(gains, columns, matching), best_by_trying(gains, rows, columns), 1e-9);
  }
}

TEST(Assignment, OfNothingIsNothing) {
  EXPECT_TRUE(best_assignment({}, 0, 4).empty());
  EXPECT_EQ(best_assignment({}, 2, 0), std::vector<std::optional<std::size_t>>(2));
}

TEST(Assignment, RefusesWhatIsNoMatrix) {
  std::vector<double> const three{1, 2, 3}, nan{1, std::numeric_limits<double>::quiet_NaN()};
  testing::expect_error(Kind::bad_input, "rows", [&] { best_assignment(three, 2, 2); });
  testing::expect_error(Kind::bad_input, "finite", [&] { best_assignment(nan, 1, 2); });
}

}  // namespace
}  // namespace jvmm::algo
