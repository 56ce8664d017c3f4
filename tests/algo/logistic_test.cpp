#include "algo/logistic/logistic.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <random>

#include "json/parse.hpp"
#include "json/ref.hpp"
#include "math/softmax.hpp"
#include "support/expect_error.hpp"
#include "support/test_seed.hpp"

namespace jvmm::algo {
namespace {

using testing::expect_error;

std::vector<double> numbers(json::Ref const& list) {
  std::vector<double> out;
  for (auto const& one : list.items())
    out.push_back(one.number());
  return out;
}

/// A list of lists, one after the other.
std::vector<double> table(json::Ref const& lists) {
  std::vector<double> out;
  for (auto const& list : lists.items())
    for (auto const value : numbers(list))
      out.push_back(value);
  return out;
}

struct Rows {
  std::size_t columns = 0, classes = 0;
  std::vector<double> x, weights, offsets;
  std::vector<std::size_t> y;

  LogisticRows view() const { return {{x, columns}, weights, offsets}; }
  std::size_t count() const { return y.size(); }
};

struct Case {
  std::string name;
  Rows rows;
  LogisticOptions options;
  std::vector<double> coefficients, intercepts, probabilities;
};

std::vector<Case> stored_cases() {
  static auto const document = json::parse_file(JVMM_SOURCE_DIR "/tests/data/logistic/fits.json");
  std::vector<Case> out;
  for (auto const& one : json::Ref(document, "fits.json")["fits"].items()) {
    Case c{one["name"].string(),
           {one["columns"].size_value(),
            one["classes"].size_value(),
            numbers(one["x"]),
            numbers(one["weights"]),
            numbers(one["offsets"]),
            {}},
           {.c = one["c"].number(),
            .intercept = one["intercept"].boolean() ? Intercept::free : Intercept::none,
            .tolerance = 1e-8},
           table(one["coefficients"]),
           numbers(one["intercepts"]),
           table(one["probabilities"])};
    for (auto const& y : one["y"].items())
      c.rows.y.push_back(y.size_value());
    out.push_back(std::move(c));
  }
  return out;
}

std::vector<double> probabilities(LogisticModel const& model, Rows const& rows) {
  std::vector<double> out;
  for (std::size_t i = 0; i < rows.count(); ++i) {
    std::vector<double> p(model.classes);
    model.logits(rows.view().x.row(i), p);
    for (std::size_t c = 0; c < p.size(); ++c)
      if (!rows.offsets.empty()) p[c] += rows.offsets[i * p.size() + c];
    math::softmax(p);
    out.insert(out.end(), p.begin(), p.end());
  }
  return out;
}

double furthest(std::vector<double> const& a, std::vector<double> const& b) {
  EXPECT_EQ(a.size(), b.size());
  double out = 0;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    out = std::max(out, std::abs(a[i] - b[i]));
  return out;
}

/// scikit-learn's form of two classes: one logit.
std::vector<double> differences(std::vector<double> const& both) {
  std::vector<double> out;
  for (std::size_t j = 0; j < both.size() / 2; ++j)
    out.push_back(both[both.size() / 2 + j] - both[j]);
  return out;
}

Rows random_rows(std::uint64_t seed, std::size_t n, std::size_t d, std::size_t k) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  Rows out{d, k, {}, {}, {}, {}};
  for (std::size_t i = 0; i < n; ++i) {
    out.y.push_back(i % k);
    for (std::size_t j = 0; j < d; ++j)
      out.x.push_back(normal(random) + (j % k == i % k ? 1 : 0));
  }
  return out;
}

Rows permuted(Rows const& rows, std::vector<std::size_t> const& order) {
  Rows out{rows.columns, rows.classes, {}, {}, {}, {}};
  for (auto const i : order) {
    out.y.push_back(rows.y[i]);
    auto const row = rows.view().x.row(i);
    out.x.insert(out.x.end(), row.begin(), row.end());
  }
  return out;
}

TEST(Logistic, GivesTheValuesOfScikitLearn) {
  auto const cases = stored_cases();
  ASSERT_GE(cases.size(), 9u);
  for (auto const& c : cases) {
    SCOPED_TRACE(c.name);
    auto const model = fit_softmax(c.rows.view(), c.rows.y, c.rows.classes, c.options);
    EXPECT_TRUE(model.converged) << model.gradient;
    bool const two = c.rows.classes == 2;
    EXPECT_LT(furthest(two ? differences(model.coefficients) : model.coefficients, c.coefficients), 1e-4);
    EXPECT_LT(furthest(two ? differences(model.intercepts) : model.intercepts, c.intercepts), 1e-4);
    EXPECT_LT(furthest(probabilities(model, c.rows), c.probabilities), 1e-5);
  }
}

TEST(Logistic, TheDefaultToleranceIsGoodToThreeDigits) {
  for (auto c : stored_cases()) {
    SCOPED_TRACE(c.name);
    c.options.tolerance = LogisticOptions{}.tolerance;
    auto const model = fit_softmax(c.rows.view(), c.rows.y, c.rows.classes, c.options);
    EXPECT_TRUE(model.converged);
    EXPECT_LT(furthest(probabilities(model, c.rows), c.probabilities), 1e-3);
  }
}

TEST(Logistic, TheGradientOfThePenalisedLossIsZeroAtTheAnswer) {
  for (auto const& c : stored_cases()) {
    if (c.rows.classes == 2) continue;  // another penalty
    SCOPED_TRACE(c.name);
    auto const model = fit_softmax(c.rows.view(), c.rows.y, c.rows.classes, c.options);
    auto const p = probabilities(model, c.rows);
    for (std::size_t k = 0; k < c.rows.classes; ++k)
      for (std::size_t j = 0; j < c.rows.columns; ++j) {
        double gradient = model.coefficients[k * c.rows.columns + j] / c.options.c;
        for (std::size_t i = 0; i < c.rows.count(); ++i)
          gradient += (c.rows.weights.empty() ? 1 : c.rows.weights[i]) *
                      (p[i * c.rows.classes + k] - (c.rows.y[i] == k ? 1 : 0)) * c.rows.x[i * c.rows.columns + j];
        EXPECT_NEAR(gradient, 0, 1e-6);
      }
  }
}

TEST(Logistic, TheOrderOfRowsDoesNotMatter) {
  std::uint64_t const seed = test::test_seed();
  SCOPED_TRACE(seed);
  auto const rows = random_rows(seed, 60, 7, 5);
  std::vector<std::size_t> order(rows.count());
  std::iota(order.begin(), order.end(), 0u);
  std::mt19937_64 random(seed);
  std::shuffle(order.begin(), order.end(), random);
  auto const other = permuted(rows, order);
  LogisticOptions const options{.tolerance = 1e-8};
  auto const a = fit_softmax(rows.view(), rows.y, 5, options), b = fit_softmax(other.view(), other.y, 5, options);
  EXPECT_LT(furthest(a.coefficients, b.coefficients), 1e-6);
  EXPECT_LT(furthest(a.intercepts, b.intercepts), 1e-6);
}

TEST(Logistic, TheSameRowsGiveTheSameBits) {
  auto const rows = random_rows(3, 60, 33, 5);
  auto const a = fit_softmax(rows.view(), rows.y, 5), b = fit_softmax(rows.view(), rows.y, 5);
  EXPECT_EQ(a.coefficients, b.coefficients);
  EXPECT_EQ(a.intercepts, b.intercepts);
}

TEST(Logistic, AWeightOfTwoIsARowTwice) {
  auto rows = random_rows(4, 40, 6, 4);
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < rows.count(); ++i) {
    rows.weights.push_back(static_cast<double>(i % 3));
    for (std::size_t times = 0; times < i % 3; ++times)
      order.push_back(i);
  }
  auto const repeated = permuted(rows, order);
  LogisticOptions const options{.tolerance = 1e-8};
  auto const a = fit_softmax(rows.view(), rows.y, 4, options), b = fit_softmax(repeated.view(), repeated.y, 4, options);
  EXPECT_LT(furthest(a.coefficients, b.coefficients), 1e-6);
}

TEST(Logistic, AnOffsetThatIsAColumnsWeightIsTakenFromThatColumn) {
  // With a column's weight of 1 given away for nothing, the penalty lets its own coefficient be about 1 less.
  auto rows = random_rows(5, 80, 3, 3);
  std::vector<bool> y;
  for (auto const c : rows.y)
    y.push_back(c == 0);
  LogisticOptions const weak{.c = 1e6, .tolerance = 1e-8};
  auto const without = fit_binary(rows.view(), y, weak);
  for (std::size_t i = 0; i < rows.count(); ++i)
    rows.offsets.push_back(rows.x[i * 3 + 1]);
  auto const with = fit_binary(rows.view(), y, weak);
  EXPECT_NEAR(with.coefficients[1], without.coefficients[1] - 1, 1e-3);
  EXPECT_NEAR(with.coefficients[0], without.coefficients[0], 1e-3);
}

TEST(Logistic, AClassThatIsNotFittedCompetesByItsOffset) {
  auto rows = random_rows(6, 60, 4, 3);
  for (std::size_t i = 0; i < rows.count() * 3; ++i)
    rows.offsets.push_back(static_cast<double>(i % 5));
  auto const model = fit_softmax(rows.view(), rows.y, 3, {.intercept = Intercept::none}, {true, false, true});
  for (std::size_t j = 0; j < 4; ++j) {
    EXPECT_EQ(model.coefficients[4 + j], 0);
    EXPECT_NE(model.coefficients[j], 0);
  }
  EXPECT_EQ(model.intercepts, std::vector<double>(3));
}

TEST(Logistic, MoreSlackTellsTheRowsApartBetter) {
  auto const rows = random_rows(7, 60, 5, 3);
  double last = -1e9;
  for (double const c : {0.001, 0.1, 10.0, 1000.0}) {
    auto const p = probabilities(fit_softmax(rows.view(), rows.y, 3, {.c = c}), rows);
    double likelihood = 0;
    for (std::size_t i = 0; i < rows.count(); ++i)
      likelihood += std::log(p[i * 3 + rows.y[i]]);
    EXPECT_GT(likelihood, last);
    last = likelihood;
  }
}

TEST(Logistic, SeparableRowsAndDuplicatesAndZerosConverge) {
  std::vector<double> const x{0, 0, 0, 0, 1, 1, 1, 1, 1, 1};  // five rows of two columns: two zero, three equal
  auto const model = fit_binary({{x, 2}, {}, {}}, {false, false, true, true, true});
  EXPECT_TRUE(model.converged);
  EXPECT_NEAR(model.coefficients[0], model.coefficients[1], 1e-9);
  // Rows that tell nothing: the intercept says how frequent each is.
  std::vector<double> const zeros(8);
  auto const constant = fit_binary({{zeros, 2}, {}, {}}, {true, false, true, true}, {.tolerance = 1e-8});
  EXPECT_NEAR(math::sigmoid(constant.intercepts[0]), 0.75, 1e-6);
  EXPECT_EQ(constant.coefficients, std::vector<double>(2));
}

TEST(Logistic, HugeNumbersGiveNoNaN) {
  std::vector<double> const x{1e8, -1e8, 2e8, -3e8};
  auto const model = fit_binary({{x, 1}, {}, {}}, {true, false, true, false});
  EXPECT_TRUE(std::isfinite(model.coefficients[0]));
  std::vector<double> logits{1e308, -1e308, 0};
  math::softmax(logits);
  EXPECT_EQ(logits, (std::vector<double>{1, 0, 0}));
  EXPECT_EQ(math::sigmoid(-1e308), 0);
  EXPECT_EQ(math::sigmoid(1e308), 1);
}

TEST(Logistic, RefusesWhatCannotBeFitted) {
  auto const rows = random_rows(8, 12, 2, 3);
  auto const view = rows.view();
  using Classes = std::vector<std::size_t>;
  Classes const one_class(12, 1), too_high(12, 3), too_few(11);
  expect_error(Kind::bad_input, "class 0 has no row", [&] { fit_softmax(view, one_class, 3); });
  expect_error(Kind::bad_input, "class 3 of 3", [&] { fit_softmax(view, too_high, 3); });
  expect_error(Kind::bad_input, "11 labels for 12 rows", [&] { fit_softmax(view, too_few, 3); });
  expect_error(Kind::bad_input, "nothing to tell apart", [&] { fit_softmax(view, one_class, 1); });
  expect_error(Kind::bad_input, "all rows are of one", [&] { fit_binary(view, std::vector<bool>(12, true)); });
  expect_error(Kind::bad_input, "there is no row", [&] { fit_softmax({}, Classes{}, 3); });
  expect_error(Kind::usage, "C has to be above 0", [&] { fit_softmax(view, rows.y, 3, {.c = 0}); });
  for (double const bad : {std::nan(""), std::numeric_limits<double>::infinity()}) {
    auto broken = rows;
    broken.x[5] = bad;
    expect_error(Kind::bad_input, "not finite", [&] { fit_softmax(broken.view(), rows.y, 3); });
    broken = rows;
    broken.weights.assign(12, 1);
    broken.weights[3] = bad;
    expect_error(Kind::bad_input, "not finite", [&] { fit_softmax(broken.view(), rows.y, 3); });
  }
  auto weightless = rows;
  weightless.weights.assign(12, 1);
  for (std::size_t i = 0; i < 12; i += 3)
    weightless.weights[i] = 0;
  expect_error(Kind::bad_input, "class 0 has no row", [&] { fit_softmax(weightless.view(), rows.y, 3); });
}

}  // namespace
}  // namespace jvmm::algo
