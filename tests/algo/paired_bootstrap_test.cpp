#include "algo/bootstrap/paired_bootstrap.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <vector>

#include "support/expect_error.hpp"

namespace jvmm::algo {
namespace {

using testing::expect_error;

auto mean_of(std::vector<double> values) {
  return [values = std::move(values)](std::span<double const> times) {
    return std::inner_product(times.begin(), times.end(), values.begin(), 0.0) / static_cast<double>(values.size());
  };
}

TEST(PairedBootstrap, AMeansIntervalIsTheNormalOne) {
  std::vector<double> values;
  for (int i = 0; i < 400; ++i)
    values.push_back(i % 4 == 0 ? 1 : 0);
  auto const interval = paired_bootstrap(400, mean_of(values), {.resamples = 4000});
  double const deviation = std::sqrt(0.25 * 0.75 / 400);
  EXPECT_DOUBLE_EQ(interval.value, 0.25);  // a row is 0.0025
  EXPECT_NEAR(interval.low, 0.25 - 1.96 * deviation, 0.003);
  EXPECT_NEAR(interval.high, 0.25 + 1.96 * deviation, 0.003);
}

TEST(PairedBootstrap, EqualRowsHaveNoWidth) {
  auto const interval = paired_bootstrap(50, mean_of(std::vector<double>(50, 0.5)));
  EXPECT_DOUBLE_EQ(interval.low, 0.5);
  EXPECT_DOUBLE_EQ(interval.high, 0.5);
}

TEST(PairedBootstrap, TheSeedAloneDecides) {
  std::vector<double> const values{0, 1, 0, 1, 1, 0, 0, 1, 2, 5};
  auto const a = paired_bootstrap(10, mean_of(values)), b = paired_bootstrap(10, mean_of(values)),
             other = paired_bootstrap(10, mean_of(values), {.resamples = 101, .seed = 2});
  EXPECT_EQ(a.low, b.low);
  EXPECT_EQ(a.high, b.high);
  EXPECT_EQ(a.value, other.value);
}

TEST(PairedBootstrap, RefusesNoRowsAndNaN) {
  auto const nan = [](std::span<double const>) { return std::nan(""); };
  expect_error(Kind::bad_input, "", [&] { paired_bootstrap(0, nan); });
  expect_error(Kind::internal, "", [&] { paired_bootstrap(3, nan); });
  expect_error(Kind::usage, "", [&] { paired_bootstrap(3, nan, {.resamples = 99}); });
}

}  // namespace
}  // namespace jvmm::algo
