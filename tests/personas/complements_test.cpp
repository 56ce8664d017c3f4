#include "personas/complements.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "personas/planted.hpp"
#include "support/expect_error.hpp"

namespace jvmm::personas {
namespace {

using jvmm::testing::expect_error;

/// Four personas of ten rows each, named by their one phrase.
struct World {
  Model model;
  std::vector<AudienceText> rows;
  std::vector<Assignment> personas;

  World() {
    static constexpr char const* k_phrases[] = {"anglers", "bakers", "cellists", "dancers"};
    for (std::uint32_t p = 0; p < 4; ++p) {
      model.personas.emplace_back().key = k_phrases[p];
      model.phrases.push_back({k_phrases[p], p, 10});
      model.nodes.push_back({p, p, {}});
      for (int i = 0; i < 10; ++i) {
        rows.emplace_back().id = std::string(k_phrases[p]) + std::to_string(i);
        personas.push_back({p, 1, std::nullopt, 0, Basis::phrases});
      }
    }
  }
  std::vector<Complement> found(std::vector<KnownPair> pairs = {}) const {
    return complements(model, {rows, personas, {}, {}, std::move(pairs)});
  }
};

Complement const& of(std::vector<Complement> const& all, std::size_t a, std::size_t b) {
  return *std::ranges::find_if(all, [&](Complement const& c) { return c.a == a && c.b == b; });
}

TEST(Complements, NothingIsKnownWithoutTexts) {
  auto const all = World().found();
  ASSERT_EQ(all.size(), 6U);
  for (auto const& cell : all) {
    EXPECT_LT(cell.a, cell.b);
    EXPECT_FALSE(cell.score);
  }
}

TEST(Complements, AudiencesThatAskForEachOtherComplete) {
  World world;
  for (int i = 0; i < 8; ++i)
    world.rows[static_cast<std::size_t>(i)].seeking = "Podcasts for Bakers, and other anglers";
  world.rows[12].offering = "talks for anglers";
  world.rows[20].seeking = "dancers";
  world.rows[0].offering = "tickets for dancers";
  auto const all = world.found();
  auto const& best = of(all, 0, 1);
  EXPECT_EQ(best.evidence.mentions, 9U);
  EXPECT_THAT(best.evidence.phrases, ::testing::ElementsAre("bakers", "anglers"));
  EXPECT_EQ(best.evidence.examples.size(), 3U);
  EXPECT_GT(best.evidence.lift, 1);
  EXPECT_GT(*best.score, 5);
  for (auto const& cell : all)
    if (cell.score) {
      EXPECT_LE(*cell.score, *best.score);
      EXPECT_GE(*cell.score, 0);
    }
}

TEST(Complements, WhatOneSeeksTheOtherOffers) {
  World world;
  // Anglers seek what dancers offer and the other way round.
  std::vector<float> seeking(40 * 4, 0.0F), offering(40 * 4, 0.0F);
  for (std::size_t i = 0; i < 40; ++i) {
    auto const own = i / 10, wanted = own == 0 ? 3U : own == 3 ? 0U : own;
    seeking[i * 4 + wanted] = 2;
    offering[i * 4 + own] = 1;
  }
  auto const all = complements(world.model, {world.rows, world.personas, {seeking, 4}, {offering, 4}, {}});
  auto const& best = of(all, 0, 3);
  EXPECT_GT(*best.evidence.fit, 1);
  EXPECT_GT(*best.score, 6);
  for (auto const& cell : all)
    if (&cell != &best) {
      EXPECT_LT(*cell.score, *best.score);
    }
}

TEST(Complements, GoodMatchesAndOutcomesRaiseAPair) {
  World world;
  std::vector<KnownPair> pairs;
  for (std::size_t i = 0; i < 10; ++i) {
    pairs.push_back({i, 10 + i, 0.9, i < 3});
    pairs.push_back({10 + i, 20 + i, 0.2, false});
    pairs.push_back({i, (i + 1) % 10, 1, true});  // the same persona: not in it
  }
  auto const all = world.found(pairs);
  EXPECT_EQ(of(all, 0, 1).evidence.pairs, 10U);
  EXPECT_EQ(of(all, 0, 1).evidence.outcomes, 3U);
  EXPECT_GT(*of(all, 0, 1).score, *of(all, 1, 2).score);
  EXPECT_LT(*of(all, 1, 2).score, 5);
  EXPECT_FALSE(of(all, 0, 3).score);
}

TEST(Complements, TheOrderOfRowsDoesNotCount) {
  World world;
  for (std::size_t i = 0; i < 40; ++i)
    world.rows[i].seeking = i % 3 == 0 ? "bakers" : i % 3 == 1 ? "cellists, dancers" : "";
  World turned = world;
  std::ranges::reverse(turned.rows);
  std::ranges::reverse(turned.personas);
  auto const a = world.found(), b = turned.found();
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].score, b[i].score);
    EXPECT_EQ(a[i].evidence.examples, b[i].evidence.examples);
    EXPECT_EQ(a[i].evidence.phrases, b[i].evidence.phrases);
  }
}

TEST(Complements, BadInputIsRefused) {
  World world;
  expect_error(Kind::bad_input, "rows", [&] { complements(world.model, {world.rows, {}, {}, {}, {}}); });
  expect_error(Kind::bad_input, "not there", [&] { world.found({{0, 99, 1, false}}); });
  expect_error(Kind::bad_input, "within 0 and 1", [&] { world.found({{0, 1, 7, false}}); });
  auto foreign = world.personas;
  foreign[0].persona = 9;
  expect_error(Kind::bad_input, "has not", [&] { complements(world.model, {world.rows, foreign, {}, {}, {}}); });
}

}  // namespace
}  // namespace jvmm::personas
