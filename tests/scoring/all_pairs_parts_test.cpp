#include <fmt/format.h>
#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <random>
#include <set>

#include "math/gemm.hpp"
#include "scoring/all_pairs/best_lists.hpp"
#include "scoring/all_pairs/bound_terms.hpp"
#include "scoring/all_pairs/candidates.hpp"
#include "scoring/all_pairs/hundredths.hpp"
#include "scoring/all_pairs/model_check.hpp"
#include "scoring/all_pairs/order.hpp"
#include "scoring/all_pairs/overlap_index.hpp"
#include "scoring/all_pairs/score_range.hpp"
#include "scoring/all_pairs_support.hpp"
#include "support/expect_error.hpp"
#include "support/temp_dir.hpp"

namespace jvmm::scoring {
namespace {

TEST(Hundredths, AreWhatPrintingGives) {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> uniform(0, 100);
  auto const check = [](double x) { EXPECT_EQ(hundredths(x), std::lround(100 * printed(x))) << fmt::format("{}", x); };
  for (double const x :
       {0.0, 0.005, 0.015, 2.675, 0.125, 0.375, 5.005, 6.145, 1e-300, 99.995, 100.0, 100.00000000000001})
    check(x);
  for (int i = 0; i < 20'000; ++i) {
    auto const x = uniform(random), tie = std::floor(x * 100) / 100 + 0.005;
    for (double const y : {x, tie, std::nextafter(tie, 0.0), std::nextafter(tie, 200.0)})
      check(y);
  }
}

TEST(MakeTiles, CoverEveryPairWithAListedProfileOnce) {
  std::vector<std::uint32_t> const rows{1, 4, 5, 6, 9};
  auto const order = make_order(std::vector<double>{3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8}, rows);
  EXPECT_EQ(order.listed, 5u);
  EXPECT_EQ(order.index, (std::vector<std::uint32_t>{5, 4, 9, 6, 1, 11, 7, 8, 10, 2, 0, 3}));
  auto const blocks = make_blocks(order, 2);
  std::multiset<std::pair<std::uint32_t, std::uint32_t>> seen;
  for (auto const& [first, second] : make_tiles(blocks, order.listed))
    for (auto a = blocks[first].begin; a < blocks[first].end; ++a)
      for (auto b = std::max(a + 1, blocks[second].begin); b < blocks[second].end; ++b)
        seen.insert(std::minmax(order.index[a], order.index[b]));
  std::multiset<std::pair<std::uint32_t, std::uint32_t>> expected;
  for (std::uint32_t a = 0; a < 12; ++a)
    for (std::uint32_t b = a + 1; b < 12; ++b)
      if (std::set<std::uint32_t>(rows.begin(), rows.end()).contains(a) ||
          std::set<std::uint32_t>(rows.begin(), rows.end()).contains(b))
        expected.emplace(a, b);
  EXPECT_EQ(seen, expected);
}

TEST(UpperMap, LieNowhereBelowTheMapAtACosineThatIsOffByTheError) {
  constexpr double k_error = 2e-5;
  std::vector<SimilarityMap> const maps{
      {{{0, 3}, {0.53, 3}, {0.53, 4.5}, {0.6, 4.5}, {0.6, 6}, {0.75, 10}}},
      {{{-1, 0}, {1, 10}}},
      {{{0.3, 7}}},
      {{{0.1, 0}, {0.1, 2}, {0.1, 9}, {0.10001, 10}}},
      {{{-0.05, 0.3}, {0.1, 0.9}, {0.2, 1.7}, {0.31, 4}, {0.4, 6.2}, {0.5, 7.7}, {0.7, 9.1}, {0.9, 10}}}};
  auto const upper = [](UpperMap const& map, float cosine) {
    auto out = map.base;
    for (std::size_t k = 0; k < map.at.size(); ++k)
      out += std::max(cosine, map.at[k]) * map.bend[k];
    for (std::size_t k = 0; k < map.from.size(); ++k)
      out += cosine >= map.from[k] ? map.height[k] : 0;
    return double{out};
  };
  for (auto const& map : maps) {
    auto const bound_map = upper_map(map, k_error);
    for (double cosine = -1; cosine <= 1; cosine += 1e-5) {
      auto const bound = upper(bound_map, static_cast<float>(cosine));
      EXPECT_GE(bound, map(cosine + k_error));
      EXPECT_LE(bound, map(cosine + 2 * k_error + 0.05 / 1000) + 0.01);
    }
    for (auto const& knot : map.knots)
      EXPECT_GE(upper(bound_map, static_cast<float>(knot.cosine - k_error)), map(knot.cosine));
  }
}

/// Entries of all pairs of a model as a tile would have them, from float32 products.
class WholeTile {
 public:
  explicit WholeTile(PairModel const& model)
      : m_model(model),
        m_order(make_order(std::vector<double>(model.profiles), {})),
        m_stride(model.profiles + 2 * k_padding) {
    for (auto const* f : {&model.offering_seeking, &model.audience}) {
      auto const& target = f->symmetric ? f->source : f->target;
      auto& forward = m_forward[m_count];
      auto& backward = m_backward[m_count++];
      multiply(f->source, target, forward);
      multiply(target, f->source, backward);
      mark(*f, forward, backward);
    }
  }

  Order const& order() const { return m_order; }

  TileRow row(std::size_t a) const {
    TileRow out{.row = a, .begin = a + 1, .count = m_model.profiles - a - 1};
    for (std::size_t s = 0; s < 2; ++s) {
      out.forward[s] = m_forward[s].data() + a * m_stride + a + 1;
      out.backward[s] = m_backward[s].data() + a * m_stride + a + 1;
      out.has_overlap[s] = true;
    }
    return out;
  }

 private:
  void multiply(std::vector<float> const& left, std::vector<float> const& right, std::vector<float>& out) const {
    out.assign((m_model.profiles + 1) * m_stride, std::nanf(""));
    auto const n = m_model.profiles, d = m_model.dims;
    math::rows_by_rows({left.data(), n, d}, {right.data(), n, d}, d, out.data(), m_stride);
  }

  void mark(SimilarityFactor const& f, std::vector<float>& forward, std::vector<float>& backward) const {
    auto const& has_target = f.symmetric ? f.has_source : f.has_target;
    auto const& target_tokens = f.symmetric ? f.source_tokens : f.target_tokens;
    for (std::size_t s = 0; s < m_model.profiles; ++s)
      for (std::size_t t = 0; t < m_model.profiles; ++t) {
        if (f.has_source[s] && has_target[t]) continue;
        std::vector<std::uint32_t> common;
        std::set_intersection(f.source_tokens[s].begin(), f.source_tokens[s].end(), target_tokens[t].begin(),
                              target_tokens[t].end(), std::back_inserter(common));
        auto const smaller = std::min(f.source_tokens[s].size(), target_tokens[t].size());
        auto const entry = static_cast<float>(k_overlap_mark + overlap_score(m_model.overlap, common.size(), smaller));
        forward[s * m_stride + t] = backward[t * m_stride + s] = entry;
      }
  }

  PairModel const& m_model;
  Order m_order;
  std::size_t m_stride, m_count = 0;
  std::array<std::vector<float>, 2> m_forward, m_backward;
};

Recipe recipe_number(unsigned seed) {
  Recipe out;
  out.seed = seed;
  out.profiles = 90;
  out.dims = seed % 2 == 0 ? 384 : 8;
  out.dimension_mean = static_cast<DimensionMean>(seed % 3);
  out.pair_mean = static_cast<PairMean>(seed / 3 % 3);
  out.dimension_decimals = seed % 5 == 0 ? -1 : static_cast<int>(seed % 5);
  out.source_classes = seed % 4 == 0 ? 3 : 1;
  out.steps = seed % 3 == 1;
  return out;
}

TEST(ScoreRanges, HoldTheRoundedScoreAndAreMostlyOneNumber) {
  std::size_t pairs = 0, open = 0;
  for (unsigned seed = 0; seed < 18; ++seed) {
    auto const model = random_model(recipe_number(seed));
    WholeTile const tile(model);
    ScoreRanges const ranges(model, tile.order(), cosine_error(model));
    auto const scorer = reference_scorer(model);
    for (std::size_t a = 0; a < model.profiles; ++a) {
      auto const row = tile.row(a);
      for (std::size_t k = 0; k < row.count; ++k) {
        PairEntries const entries{{row.forward[0][k], row.forward[1][k]}, {row.backward[0][k], row.backward[1][k]}};
        auto const [low, high] = ranges(a, row.begin + k, entries);
        auto const exact = hundredths(scorer->score(a, row.begin + k));
        ASSERT_LE(low, exact) << "seed " << seed;
        ASSERT_GE(high, exact) << "seed " << seed;
        ++pairs;
        open += low != high;
      }
    }
  }
  EXPECT_LT(open * 3, pairs);
}

/// Runs `work` once for each instruction set compiled in that this machine has.
template <class Work>
void for_each_target(Work const& work) {
  std::set<std::string> seen;
  auto const choose = [](std::int64_t targets) {
    hwy::SetSupportedTargetsForTest(targets);
    hwy::GetChosenTarget().DeInit();
  };
  for (auto const target : hwy::SupportedAndGeneratedTargets()) {
    choose(target);
    seen.insert(candidate_target());
    work();
  }
  choose(0);
  EXPECT_GE(seen.size(), 2u);
}

TEST(FindCandidates, NeverLoseAPairThatReachesTheLimitOnAnyInstructionSet) {
  for_each_target([] {
    for (unsigned seed = 0; seed < 18; ++seed) {
      auto const model = random_model(recipe_number(seed));
      WholeTile const tile(model);
      auto const terms = make_bound_terms(model, tile.order(), cosine_error(model));
      auto const scorer = reference_scorer(model);
      std::vector<std::uint32_t> found(model.profiles + 2 * k_padding);
      std::vector<float> limits(model.profiles + k_padding);
      std::size_t allowed = 0, reached = 0;
      for (std::size_t a = 0; a + 1 < model.profiles; ++a) {
        // Each column's own limit is exactly the score of its pair; the row's own lets nothing in.
        auto const row = tile.row(a);
        for (std::size_t k = 0; k < row.count; ++k)
          limits[row.begin + k] = terms.inverse_limit(scorer->score(a, row.begin + k));
        ASSERT_EQ(find_candidates(terms, row, -1, limits.data(), found.data()), row.count)
            << candidate_target() << " seed " << seed << " row " << a;
        for (std::size_t k = 0; k < row.count; ++k)
          ASSERT_EQ(found[k], k);
        for (std::size_t k = 0; k < row.count; ++k)
          limits[row.begin + k] = terms.inverse_limit(scorer->score(a, row.begin + k) * 1.01 + 0.1);
        allowed += find_candidates(terms, row, -1, limits.data(), found.data());
        reached += row.count;
      }
      EXPECT_LT(allowed * 20, reached) << candidate_target() << " seed " << seed << ": the bound is loose";
    }
  });
}

TEST(OverlapIndex, AgreesWithIntersectingSets) {
  Recipe recipe;
  recipe.profiles = 150;
  recipe.absent = 0.4;
  auto const model = random_model(recipe);
  auto const& factor = model.offering_seeking;
  std::vector<std::uint32_t> const rows{3, 4, 50, 51, 52, 53, 149};
  for (auto const& order : {make_order(std::vector<double>(150), {}), make_order(std::vector<double>(150), rows)}) {
    OverlapIndex const index(factor.target_tokens, factor.has_target, model.overlap, order);
    std::vector<std::uint32_t> counts;
    for (std::size_t source = 0; source < 150; ++source)
      for (Block const block : {Block{0, 7}, Block{7, 100}, Block{149, 150}}) {
        std::vector<float> all(block.size(), -1), lacking(block.size(), -1);
        auto const& tokens = factor.source_tokens[source];
        index.fill(tokens, block, OverlapIndex::Which::all, all.data(), counts);
        index.fill(tokens, block, OverlapIndex::Which::lacking, lacking.data(), counts);
        bool any = false;
        for (std::size_t k = 0; k < block.size(); ++k) {
          auto const target = order.index[block.begin + k];
          auto const& others = factor.target_tokens[target];
          std::vector<std::uint32_t> common;
          std::set_intersection(tokens.begin(), tokens.end(), others.begin(), others.end(), std::back_inserter(common));
          auto const score = overlap_score(model.overlap, common.size(), std::min(tokens.size(), others.size()));
          EXPECT_EQ(all[k], static_cast<float>(k_overlap_mark + score));
          EXPECT_EQ(lacking[k], factor.has_target[target] ? -1 : all[k]);
          any = any || !factor.has_target[target];
        }
        EXPECT_EQ(index.any_lacks(block), any);
      }
  }
}

TEST(OverlapScore, IsOfTheSmallerSetAndMeetsItsStepsExactly) {
  auto const steps = random_model({}).overlap;
  EXPECT_EQ(overlap_score(steps, 2, 5), 10);
  EXPECT_EQ(overlap_score(steps, 3, 20), 6);
  EXPECT_EQ(overlap_score(steps, 1, 20), 4.5);
  EXPECT_EQ(overlap_score(steps, 0, 4), 3);
  EXPECT_EQ(overlap_score({.steps = {}, .otherwise = 1, .blank = 2}, 0, 0), 2);
}

TEST(BestLists, KeepTheBestOfAnyStreamAndStayBounded) {
  auto const model = random_model({});
  auto const terms = make_bound_terms(model, make_order(std::vector<double>(model.profiles), {}), 1e-5);
  for (unsigned seed = 0; seed < 60; ++seed) {
    std::mt19937 random(seed);
    std::vector<Hundredths> truth(3000);
    for (auto& score : truth)
      score = static_cast<Hundredths>(random() % (seed % 3 == 0 ? 3 : 5000));
    BestLists::Rule const rule{seed % 7, 20, seed % 2 == 0 ? BestLists::k_never : 4700};
    BestLists lists({rule}, terms, [&](auto, auto index) { return truth[index]; });
    for (std::uint32_t i = 0; i < truth.size(); ++i) {
      auto const low = std::max<Hundredths>(0, truth[i] - static_cast<Hundredths>(random() % 4));
      auto const high = truth[i] + static_cast<Hundredths>(random() % 4);
      lists.push(0, {i, static_cast<std::uint16_t>(low), static_cast<std::uint16_t>(high)});
      if (rule.keep == BestLists::k_never) {
        ASSERT_LE(lists.entries(0).size(), BestLists::capacity(rule.top));
      }
    }
    lists.compact(0);
    std::set<std::uint32_t> kept;
    for (auto const& entry : lists.entries(0))
      kept.insert(entry.index);
    std::vector<std::uint32_t> order(truth.size());
    for (std::uint32_t i = 0; i < order.size(); ++i)
      order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return truth[a] > truth[b]; });
    for (std::size_t i = 0; i < order.size(); ++i) {
      auto const score = truth[order[i]];
      auto const wanted = (i < rule.top && score >= rule.at_least) || score >= rule.keep;
      ASSERT_TRUE(!wanted || kept.contains(order[i])) << "seed " << seed << " place " << i;
    }
  }
}

/// Asks for a stop after some tiles.
struct Stopper {
  StopToken token = {};
  std::uint64_t after = 0;
  std::function<void(std::uint64_t, std::uint64_t)> progress() {
    return [this](auto, auto) {
      if (--after == 0) token.request(StopReason::signal);
    };
  }
};

class CheckpointTest : public ::testing::Test {
 protected:
  AllPairsResult run(std::uint64_t stop_after, std::string const& fingerprint = "data 1", std::size_t top = 4) {
    Checkpoint const checkpoint{m_path, fingerprint, std::chrono::seconds(0)};
    Stopper stopper{.after = stop_after};
    AllPairsOptions options;
    options.top = top;
    options.tile = 16;
    options.threads = 2;
    options.checkpoint = &checkpoint;
    options.progress = stopper.progress();
    return all_pairs(m_model, *m_scorer, options, stopper.token);
  }

  jvmm::testing::TempDir m_folder;
  std::filesystem::path m_path = m_folder.path() / "state";
  PairModel m_model = random_model({.profiles = 150});
  std::unique_ptr<PairScorer> m_scorer = reference_scorer(m_model);
  std::string m_expected = as_text(naive_all_pairs(m_model, *m_scorer, {.top = 4}));
};

TEST_F(CheckpointTest, AStoppedRunGoesOnToTheSameResult) {
  std::uint64_t before = 0;
  for (int stops = 0;; ++stops) {
    auto const result = run(5);
    EXPECT_GE(result.measures.resumed_tiles, before);
    if (result.complete) {
      EXPECT_EQ(as_text(result), m_expected);
      EXPECT_GE(stops, 5);
      break;
    }
    EXPECT_TRUE(result.matches.empty());
    before = result.measures.resumed_tiles + 5;
    ASSERT_LT(stops, 50);
  }
  auto const again = run(0);
  EXPECT_EQ(again.measures.resumed_tiles, again.measures.tiles);
  EXPECT_EQ(as_text(again), m_expected);
}

TEST_F(CheckpointTest, OfOtherDataOrOptionsCountsAsNone) {
  run(5);
  EXPECT_EQ(run(0, "data 2").measures.resumed_tiles, 0u);
  run(5);
  EXPECT_EQ(run(1, "data 1", 3).measures.resumed_tiles, 0u);
}

TEST_F(CheckpointTest, DamagedCountsAsNone) {
  run(9);
  std::ifstream file(m_path, std::ios::binary);
  std::string const whole(std::istreambuf_iterator<char>(file), {});
  ASSERT_GT(whole.size(), 1000u);
  for (std::size_t const size : {std::size_t{0}, std::size_t{20}, whole.size() / 2, whole.size() - 1}) {
    m_folder.write("state", whole.substr(0, size));
    EXPECT_EQ(run(0).measures.resumed_tiles, 0u) << size;
  }
  for (std::size_t const at : {std::size_t{5}, whole.size() / 2, whole.size() - 3}) {
    auto changed = whole;
    changed[at] ^= 0x10;
    m_folder.write("state", changed);
    auto const result = run(0);
    EXPECT_EQ(result.measures.resumed_tiles, 0u) << at;
    EXPECT_EQ(as_text(result), m_expected);
  }
  m_folder.write("state", whole);
  EXPECT_GT(run(0).measures.resumed_tiles, 0u);
}

TEST_F(CheckpointTest, ThatCannotBeWrittenEndsTheRun) {
  m_path = m_folder.path() / "nowhere" / "state";
  jvmm::testing::expect_error(Kind::local_io, "nowhere", [&] { run(5); });
}

}  // namespace
}  // namespace jvmm::scoring
