#include "commands/score_comparison.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "commands/movers.hpp"

namespace jvmm::commands {
namespace {

using Scores = std::vector<std::uint16_t>;

TEST(Spearman, AgreesWithScipy) {
  // scipy.stats.spearmanr, version 1.17
  Scores const x{5000, 6200, 6200, 7100, 5000, 4300, 0, 8800, 6200, 5500, 10000, 1};
  Scores const y{5100, 6000, 7000, 7000, 4800, 4300, 0, 7000, 6100, 5600, 9900, 4300};
  EXPECT_NEAR(spearman(x, y).value(), 0.9750889679715302, 1e-12);
  Scores a, b;
  for (std::uint16_t i = 0; i < 1000; ++i) {
    auto const value = static_cast<std::uint16_t>((i * 7919) % 53);
    a.push_back(value);
    b.push_back(static_cast<std::uint16_t>(value / 4 + (i * 31) % 17));
  }
  EXPECT_NEAR(spearman(a, b).value(), 0.599672404647522, 1e-12);
}

TEST(Spearman, DependsOnTheOrderAlone) {
  std::mt19937 random(5);
  Scores x, y, grown, reversed;
  for (int i = 0; i < 500; ++i) {
    x.push_back(static_cast<std::uint16_t>(random() % 200));
    y.push_back(static_cast<std::uint16_t>(random() % 200));
    grown.push_back(static_cast<std::uint16_t>(y.back() * y.back()));
    reversed.push_back(static_cast<std::uint16_t>(200 - x.back()));
  }
  EXPECT_EQ(spearman(x, y), spearman(x, grown));
  EXPECT_EQ(spearman(x, y), spearman(y, x));
  EXPECT_NEAR(spearman(x, x).value(), 1, 1e-12);
  EXPECT_NEAR(spearman(x, reversed).value(), -1, 1e-12);
}

TEST(Spearman, IsAbsentWithoutAnOrder) {
  EXPECT_FALSE(spearman({}, {}));
  EXPECT_FALSE(spearman(Scores{1}, Scores{2}));
  EXPECT_FALSE(spearman(Scores{4, 4, 4}, Scores{1, 2, 3}));
  EXPECT_FALSE(spearman(Scores{1, 2, 3}, Scores{0, 0, 0}));
}

TEST(ScoreComparison, CountsTiersShiftAndDivergence) {
  ScoreComparison comparison({55, 64}, {50, 70});
  comparison.add(54.99, 50);    // aligned to strong; 4.99
  comparison.add(63.99, 63.0);  // strong to strong; 0.99
  comparison.add(64, 69);       // premier to strong; 5
  comparison.add(10, 11);       // 1
  comparison.add(10, 13);       // 3
  auto const gates = comparison.gates();
  EXPECT_EQ(gates.pairs, 5u);
  EXPECT_EQ(gates.divergence, (std::array<std::uint64_t, 4>{1, 1, 2, 1}));
  EXPECT_EQ(gates.tier_moves[0], (std::array<std::uint64_t, 3>{2, 1, 0}));
  EXPECT_EQ(gates.tier_moves[1], (std::array<std::uint64_t, 3>{0, 1, 0}));
  EXPECT_EQ(gates.tier_moves[2], (std::array<std::uint64_t, 3>{0, 1, 0}));
  EXPECT_DOUBLE_EQ(gates.tier_changes, 0.4);
  EXPECT_NEAR(gates.mean_shift, (-4.99 - 0.99 + 5 + 1 + 3) / 5, 1e-12);
}

ScoreGates gates_of(double rho, double changes, double shift) {
  ScoreGates gates;
  gates.rho = rho;
  gates.tier_changes = changes;
  gates.mean_shift = shift;
  return gates;
}

TEST(ScoreGates, PassWarnAndFailAtTheirBounds) {
  using enum Verdict;
  EXPECT_EQ(gates_of(0.85, 0.1499, -2.99).verdict(), pass);
  EXPECT_EQ(gates_of(0.8499, 0, 0).rho_verdict(), warn);
  EXPECT_EQ(gates_of(0.70, 0, 0).rho_verdict(), warn);
  EXPECT_EQ(gates_of(0.6999, 0, 0).rho_verdict(), fail);
  EXPECT_EQ(gates_of(-1, 0, 0).rho_verdict(), fail);
  EXPECT_EQ(gates_of(1, 0.15, 0).tier_verdict(), warn);
  EXPECT_EQ(gates_of(1, 0.25, 0).tier_verdict(), warn);
  EXPECT_EQ(gates_of(1, 0.2501, 0).tier_verdict(), fail);
  EXPECT_EQ(gates_of(1, 0, 3).shift_verdict(), warn);
  EXPECT_EQ(gates_of(1, 0, -5).shift_verdict(), warn);
  EXPECT_EQ(gates_of(1, 0, -5.01).shift_verdict(), fail);
  EXPECT_EQ(gates_of(0.5, 0.2, 0).verdict(), fail);
  EXPECT_EQ(ScoreGates().rho_verdict(), warn) << "no correlation is neither good nor bad";
}

TEST(TopMovers, KeepsTheGreatestWhateverTheOrder) {
  std::vector<Mover> all;
  for (int i = 0; i < 60; ++i)
    all.push_back({"a" + std::to_string(i), "b", 50, 50 + static_cast<double>(i % 30) - 10});
  std::mt19937 random(3);
  auto const names = [&] {
    std::shuffle(all.begin(), all.end(), random);
    TopMovers movers;
    for (auto const& mover : all)
      movers.add(mover);
    std::string text;
    for (auto const* list : {&movers.gains(), &movers.losses()})
      for (auto const& mover : *list)
        text += mover.a + " ";
    EXPECT_EQ(movers.gains().size(), 20u);
    EXPECT_EQ(movers.losses().size(), 20u);
    EXPECT_EQ(movers.gains()[0].delta(), 19);
    EXPECT_EQ(movers.losses()[0].delta(), -10);
    return text;
  };
  auto const first = names();
  EXPECT_EQ(names(), first);
}

TEST(TopMovers, TextCannotDriveTheTerminal) {
  std::vector<Mover> const movers{{"a\x1b[31m", "b\n", 1, 2}};
  auto const text = movers_text("gains", movers);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
}

}  // namespace
}  // namespace jvmm::commands
