// All 3,000 pairs of the reference implementation.

#include <gtest/gtest.h>

#include <cmath>

#include "base/clock.hpp"
#include "json/parse.hpp"
#include "scoring/golden.hpp"
#include "scoring/scorer.hpp"

namespace jvmm::scoring {
namespace {

using json::Ref;

OutcomeCounts counts(Ref const& outcomes) {
  OutcomeCounts result;
  for (auto const& [outcome, count] : outcomes.members())
    result.emplace_back(outcome, count.number());
  return result;
}

ScoringContext context_of(Ref const& pair) {
  ScoringContext context;
  context.now = *parse_iso8601(k_golden_now);
  if (auto const outcomes = pair.find("outcome_data"))
    for (auto const& [id, found] : outcomes->members())
      context.outcomes.emplace(*ProfileId::parse(id), counts(found));
  return context;
}

struct Computed {
  PairBreakdown breakdown;
  PairScore score;
  LightweightScore lightweight;
};

Computed compute(ScoringProfile const& rules, Ref const& pair) {
  auto const& golden = Golden::get();
  auto const& profiles = pair["embeddings"].boolean() ? golden.with_vectors : golden.without_vectors;
  auto const& a = profiles.at(pair["a"].string());
  auto const& b = profiles.at(pair["b"].string());
  Scorer scorer(rules, context_of(pair));
  auto const prepared_a = scorer.prepare(a), prepared_b = scorer.prepare(b);
  return {scorer.breakdown(a, prepared_a, b, prepared_b), scorer.score(prepared_a, prepared_b),
          scorer.lightweight(prepared_a, prepared_b)};
}

json::Value as_json(DirectionBreakdown const& direction) {
  json::Writer out;
  write_breakdown(out, direction);
  return json::parse(out.text());
}

TEST(Golden, EveryPairAgreesWithTheReference) {
  auto const rules = load_scoring_profile("calibrated");
  ASSERT_EQ(Golden::get().pairs.size(), 3000U);
  for (auto const& row : Golden::get().pairs) {
    Ref const pair(row, "pairs");
    auto const expected = pair["expected"];
    auto const name = pair["pair"].string();
    auto const ours = compute(rules, pair);
    ASSERT_EQ(ours.breakdown.eligible, expected["eligible"].boolean()) << name;
    EXPECT_EQ(rounded(ours.score.harmonic_mean, 2), expected["harmonic_mean"].number()) << name;
    EXPECT_EQ(rounded(ours.score.ab.score, 2), expected["score_ab"].number()) << name;
    EXPECT_EQ(rounded(ours.score.ba.score, 2), expected["score_ba"].number()) << name;
    EXPECT_EQ(rounded(ours.lightweight.harmonic_mean, 2), expected["lightweight"]["harmonic_mean"].number()) << name;
    EXPECT_EQ(rounded(ours.lightweight.score_ab, 2), expected["lightweight"]["score_ab"].number()) << name;
    EXPECT_EQ(rounded(ours.lightweight.score_ba, 2), expected["lightweight"]["score_ba"].number()) << name;
    if (!ours.breakdown.eligible) {
      EXPECT_EQ(ours.breakdown.ineligible_reason, expected["ineligible_reason"].string()) << name;
      continue;
    }
    auto const unrounded = expected["unrounded"];
    EXPECT_NEAR(ours.score.harmonic_mean, unrounded["harmonic_mean"].number(), 1e-9) << name;
    EXPECT_NEAR(ours.score.ab.score, unrounded["score_ab"].number(), 1e-9) << name;
    EXPECT_NEAR(ours.score.ba.score, unrounded["score_ba"].number(), 1e-9) << name;
    expect_same(as_json(ours.breakdown.ab), expected["ab"].value(), name + "/ab");
    expect_same(as_json(ours.breakdown.ba), expected["ba"].value(), name + "/ba");
    if (HasFailure()) break;
  }
}

TEST(Golden, SwappingASidesSwapsTheScores) {
  auto const rules = load_scoring_profile("calibrated");
  Scorer scorer(rules, context_of(Ref(Golden::get().pairs.front(), "pairs")));
  std::vector<Prepared> all;
  for (auto const& [id, profile] : Golden::get().with_vectors)
    all.push_back(scorer.prepare(profile));
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::size_t j = i; j < all.size(); j += 7) {
      auto const there = scorer.score(all[i], all[j]), back = scorer.score(all[j], all[i]);
      ASSERT_EQ(there.harmonic_mean, back.harmonic_mean);
      ASSERT_EQ(there.ab.score, back.ba.score);
    }
}

}  // namespace
}  // namespace jvmm::scoring
