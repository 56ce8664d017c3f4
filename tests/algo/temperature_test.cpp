#include "algo/temperature/temperature.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "json/parse.hpp"
#include "json/ref.hpp"
#include "support/expect_error.hpp"

namespace jvmm::algo {
namespace {

using testing::expect_error;

TEST(Temperature, GivesTheValuesOfScipy) {
  auto const document = json::parse_file(JVMM_SOURCE_DIR "/tests/data/logistic/fits.json");
  auto const cases = json::Ref(document, "fits.json")["temperatures"].items();
  ASSERT_EQ(cases.size(), 3u);
  for (auto const& one : cases) {
    SCOPED_TRACE(one["name"].string());
    std::vector<double> logits;
    std::vector<std::size_t> y;
    for (auto const& z : one["logits"].items())
      logits.push_back(z.number());
    for (auto const& c : one["y"].items())
      y.push_back(c.size_value());
    auto const classes = one["classes"].size_value();
    double const expected = one["temperature"].number();
    EXPECT_NEAR(fit_temperature({logits, classes}, y) / expected, 1, 1e-5);
    if (classes != 2) continue;
    std::vector<double> differences;
    std::vector<bool> second;
    for (std::size_t i = 0; i < y.size(); ++i) {
      differences.push_back(logits[2 * i + 1] - logits[2 * i]);
      second.push_back(y[i] == 1);
    }
    EXPECT_NEAR(fit_temperature(differences, second) / expected, 1, 1e-5);
  }
}

TEST(Temperature, ScalesWithTheLogits) {
  std::vector<double> logits{2, 0, 1, 0, 1, 0, 3, 0, 0, 1, 0, 2}, tenfold;
  for (double const z : logits)
    tenfold.push_back(10 * z);
  std::vector<std::size_t> const y{0, 0, 1, 0, 1, 0};
  double const t = fit_temperature({logits, 2}, y);
  EXPECT_NEAR(fit_temperature({tenfold, 2}, y) / t, 10, 1e-6);
}

TEST(Temperature, StaysWithinItsBoundsWhereThereIsNoBest) {
  using Classes = std::vector<std::size_t>;
  std::vector<double> const right{5, 0, 0, 5}, wrong{0, 5, 5, 0}, equal{1, 1, 1, 1};
  Classes const y{0, 1};
  EXPECT_EQ(fit_temperature({right, 2}, y), k_least_temperature);
  EXPECT_EQ(fit_temperature({wrong, 2}, y), k_most_temperature);
  EXPECT_EQ(fit_temperature({equal, 2}, y), 1);
  EXPECT_EQ(fit_temperature({{}, 2}, Classes{}), 1);
  std::vector<double> const huge{1e300, -1e300, -1e300, 1e300};
  EXPECT_EQ(fit_temperature({huge, 2}, y), k_least_temperature);
}

TEST(Temperature, RefusesWhatIsNotFinite) {
  std::vector<double> const logits{1, std::nan("")};
  expect_error(Kind::bad_input, "", [&] { fit_temperature({logits, 2}, std::vector<std::size_t>{0}); });
  std::vector<double> const fine{1, 0};
  expect_error(Kind::bad_input, "", [&] { fit_temperature({fine, 2}, std::vector<std::size_t>{2}); });
  expect_error(Kind::bad_input, "", [&] { fit_temperature({fine, 2}, std::vector<std::size_t>{}); });
}

}  // namespace
}  // namespace jvmm::algo
