// What holds for any profiles, under every scoring profile that is shipped.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <map>

#include "json/parse.hpp"
#include "scoring/random_profiles.hpp"
#include "scoring/word_overlap.hpp"

namespace jvmm::scoring {
namespace {

struct Scored {
  Scored(std::string const& scoring, std::vector<Profile> const& given)
      : Scored(load_scoring_profile(scoring), given) {}
  Scored(ScoringProfile const& rules, std::vector<Profile> const& given)
      : profiles(given), scorer(rules, context_for(given)) {
    for (auto const& profile : profiles)
      prepared.push_back(scorer.prepare(profile));
  }
  PairScore score(std::size_t a, std::size_t b) const { return scorer.score(prepared[a], prepared[b]); }
  PairBreakdown breakdown(std::size_t a, std::size_t b) const {
    return scorer.breakdown(profiles[a], prepared[a], profiles[b], prepared[b]);
  }

  std::vector<Profile> const& profiles;
  Scorer scorer;
  std::vector<Prepared> prepared;
};

class ScorerProperties : public ::testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(Shipped, ScorerProperties, ::testing::ValuesIn(shipped_scoring_profiles()), [](auto const& p) {
  auto name = p.param;
  std::replace_if(name.begin(), name.end(), [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
  return name;
});

bool within(std::optional<double> score, double top) {
  return !score || (*score >= 0 && *score <= top);
}

void expect_in_range(DirectedScore const& s) {
  for (auto const& dimension : {s.intent, s.synergy, s.momentum, s.context})
    EXPECT_TRUE(within(dimension, 10)) << *dimension;
  EXPECT_TRUE(within(s.score, 100 * (1 + 1e-14))) << s.score;
}

TEST_P(ScorerProperties, PairsAreSymmetricAndInRange) {
  auto const profiles = random_profiles(120, 1);
  Scored const scored(GetParam(), profiles);
  std::size_t eligible = 0;
  for (std::size_t a = 0; a < profiles.size(); ++a)
    for (std::size_t b = a; b < profiles.size(); ++b) {
      auto const there = scored.score(a, b), back = scored.score(b, a);
      eligible += there.eligible;
      ASSERT_EQ(there.eligible, back.eligible);
      ASSERT_EQ(there.harmonic_mean, back.harmonic_mean);
      ASSERT_EQ(there.ab.score, back.ba.score);
      expect_in_range(there.ab);
      expect_in_range(there.ba);
      ASSERT_LE(there.harmonic_mean, std::max(there.ab.score, there.ba.score) * (1 + 1e-14));
      ASSERT_GE(there.harmonic_mean, std::min(there.ab.score, there.ba.score) * (1 - 1e-14));
    }
  EXPECT_GT(eligible, 5000u);
}

/// The dimension's score again, from its lines.
std::optional<double> mean_of(DimensionLine const& line) {
  WeightedSum sum;
  for (auto const& factor : line.factors)
    sum.add(factor.score, factor.weight);
  auto const mean = sum.mean();
  return mean ? std::optional(rounded(*mean, 2)) : std::nullopt;
}

TEST_P(ScorerProperties, ABreakdownSaysWhatTheScoreIs) {
  auto const profiles = random_profiles(60, 2);
  Scored const scored(GetParam(), profiles);
  for (std::size_t a = 0; a < profiles.size(); ++a)
    for (std::size_t b = 0; b < profiles.size(); ++b) {
      auto const score = scored.score(a, b);
      auto const breakdown = scored.breakdown(a, b);
      ASSERT_EQ(breakdown.eligible, score.eligible);
      ASSERT_EQ(breakdown.harmonic_mean, score.harmonic_mean);
      ASSERT_EQ(breakdown.ab.score, score.ab.score);
      ASSERT_EQ(breakdown.ba.score, score.ba.score);
      if (!score.eligible) continue;
      ASSERT_EQ(breakdown.ab[Dimension::intent].score, score.ab.intent);
      for (auto const dimension : k_all_dimensions) {
        auto const& line = breakdown.ab[dimension];
        ASSERT_EQ(line.score, mean_of(line)) << name(dimension);
        ASSERT_LE(line.fired_weight, line.possible_weight) << name(dimension);
        for (auto const& factor : line.factors)
          ASSERT_TRUE(within(factor.score, 10)) << info(factor.id).key << factor.score;
      }
    }
}

TEST_P(ScorerProperties, TheOrderOfProfilesDoesNotMatter) {
  auto profiles = random_profiles(40, 3);
  for (std::size_t i = 0; i < profiles.size(); ++i)  // more offer types than a mask has bits
    for (std::size_t j = 0; j < 3; ++j)
      profiles[i].offer_types.push_back({fmt::format("type {}", (i * 7 + j * 31) % 100), 1});
  auto backwards = profiles;
  std::reverse(backwards.begin(), backwards.end());
  Scored const one(GetParam(), profiles);
  Scorer scorer(load_scoring_profile(GetParam()), context_for(profiles));
  std::vector<Prepared> prepared;
  for (auto const& profile : backwards)
    prepared.push_back(scorer.prepare(profile));
  std::reverse(prepared.begin(), prepared.end());
  for (std::size_t a = 0; a < profiles.size(); ++a)
    for (std::size_t b = 0; b < profiles.size(); ++b)
      ASSERT_EQ(one.score(a, b).harmonic_mean, scorer.score(prepared[a], prepared[b]).harmonic_mean) << a << " " << b;
}

// --- the pair model -------------------------------------------------------------------------------------------------

double similarity(SimilarityFactor const& f, PairModel const& m, std::size_t s, std::size_t t, double& weight) {
  auto const& target = f.symmetric ? f.source : f.target;
  auto const& has_target = f.symmetric ? f.has_source : f.has_target;
  auto const& target_tokens = f.symmetric ? f.source_tokens : f.target_tokens;
  if (f.has_source[s] && has_target[t]) {
    double cosine = 0;
    for (std::size_t d = 0; d < m.dims; ++d)
      cosine += double{f.source[s * m.dims + d]} * double{target[t * m.dims + d]};
    weight = f.weight;
    return f.map(std::clamp(cosine, 0.0, 1.0));
  }
  weight = f.overlap_weight;
  return word_overlap(f.source_tokens[s], target_tokens[t], m.overlap);
}

double synergy(PairModel const& m, std::size_t s, std::size_t t) {
  double weighted = 0, weights = 0, weight = 0;
  for (auto const* f : {&m.offering_seeking, &m.audience}) {
    auto const score = similarity(*f, m, s, t, weight);
    weighted += score * weight;
    weights += weight;
  }
  for (auto const& f : m.code_factors) {
    auto const at = f.code[s] * f.codes + f.code[t];
    weighted += double{f.weighted[at]};
    weights += double{f.weights[at]};
  }
  if (!std::isnan(m.network[s]) && !std::isnan(m.network[t])) {
    weighted += (double{m.network[s]} + double{m.network[t]}) / 2 * m.network_weight;
    weights += m.network_weight;
  }
  auto const score = weighted / (10 * weights) * 10;
  return m.dimension_decimals < 0 ? score : rounded(score, m.dimension_decimals);
}

double directional(PairModel const& m, std::size_t s, std::size_t t) {
  auto const score = synergy(m, s, t), w = m.synergy_weight, total = m.total_weight[t];
  auto const rest = m.rest[m.source_class[s] * m.profiles + t];
  switch (m.dimension_mean) {
    case DimensionMean::geometric:
      return 10 * std::exp((rest + w * std::log(std::max(score, m.epsilon))) / total);
    case DimensionMean::harmonic:
      return 10 * total / (rest + w / std::max(score, m.epsilon));
    case DimensionMean::arithmetic:
      return 10 * (rest + w * score) / total;
  }
  return 0;
}

double by_model(PairModel const& m, std::size_t a, std::size_t b) {
  bool const low_a = m.insufficient[a], low_b = m.insufficient[b];
  if (m.gate_both ? low_a && low_b : low_a || low_b) return 0;
  auto const ab = directional(m, a, b), ba = directional(m, b, a);
  switch (m.pair_mean) {
    case PairMean::harmonic:
      return ab > 1e-10 && ba > 1e-10 ? 2 / (1 / ab + 1 / ba) : 0;
    case PairMean::geometric:
      return std::sqrt(ab * ba);
    case PairMean::minimum:
      return std::min(ab, ba);
  }
  return 0;
}

void expect_the_models_scores(Scored const& scored) {
  auto const model = scored.scorer.pair_model(scored.prepared);
  ASSERT_EQ(model.profiles, scored.profiles.size());
  for (std::size_t a = 0; a < model.profiles; ++a)
    for (std::size_t b = a; b < model.profiles; ++b)
      ASSERT_NEAR(by_model(model, a, b), scored.score(a, b).harmonic_mean, 1e-9) << a << " " << b;
}

TEST_P(ScorerProperties, ThePairModelGivesTheSameScores) {
  auto const profiles = random_profiles(150, 4);
  expect_the_models_scores(Scored(GetParam(), profiles));
}

// As with the complements that cluster-personas stores (shipped profiles know of no personas); numbers that float
// holds.
TEST(ScorerWithComplements, ThePairModelGivesTheSameScores) {
  auto const profiles = random_profiles(150, 5);
  auto const rules = parse_scoring_profile(
      R"({"extends": "smooth", "tables": {"persona_complementarity": {"seekers": {"artists": 9, "singles": 1.5}}}})",
      "mine.json");
  Scored const scored(rules, profiles), without("smooth", profiles);
  expect_the_models_scores(scored);
  std::size_t changed = 0;
  for (std::size_t a = 0; a < profiles.size(); ++a)
    for (std::size_t b = a; b < profiles.size(); ++b)
      changed += scored.score(a, b).harmonic_mean != without.score(a, b).harmonic_mean;
  EXPECT_GT(changed, 500U);
}

// --- monotonicity ---------------------------------------------------------------------------------------------------

/// Values of one input, put into the second profile of a pair (or into both).
struct Scale {
  FactorId factor;
  std::vector<std::function<void(Profile&, Profile&)>> values;
};

template <class T>
Scale numbers(FactorId factor, std::optional<T> Profile::* member, std::vector<T> const& values) {
  Scale scale{factor, {}};
  for (auto const& value : values)
    scale.values.emplace_back([=](Profile& a, Profile& b) {
      if (!(a.*member)) a.*member = value;  // so that what takes two can fire
      b.*member = value;
    });
  return scale;
}

Scale texts(FactorId factor, std::optional<std::string> Profile::* member, std::vector<std::string> const& values) {
  return numbers(factor, member, values);
}

Scale documents(FactorId factor, json::Value Profile::* member, std::vector<std::string> const& values) {
  Scale scale{factor, {}};
  for (auto const& value : values)
    scale.values.emplace_back([=](Profile& a, Profile& b) {
      a.*member = json::parse(values.back());
      b.*member = json::parse(value);
    });
  return scale;
}

Scale days_ago(FactorId factor, std::optional<SystemTime> Profile::* member) {
  std::vector<SystemTime> values;
  for (int const days : {-3, 0, 7, 8, 30, 31, 90, 91, 180, 181, 9999})
    values.push_back(*parse_iso8601("2026-11-01T00:00:00Z") - std::chrono::hours(24) * days);
  return numbers(factor, member, values);
}

Scale cosines(FactorId factor, EmbeddingField source, EmbeddingField target) {
  Scale scale{factor, {}};
  for (int degrees = 0; degrees <= 180; degrees += 3)
    scale.values.emplace_back([=](Profile& a, Profile& b) {
      auto const angle = static_cast<float>(degrees) / 180 * 3.14159265F;
      a.embeddings[index(source)] = {1, 0};
      b.embeddings[index(target)] = {std::cos(angle), std::sin(angle)};
    });
  return scale;
}

/// More and more words in common, and no vectors.
Scale words(FactorId factor, std::optional<std::string> Profile::* source,
            std::optional<std::string> Profile::* target) {
  Scale scale{factor, {}};
  for (int shared = 0; shared <= 20; ++shared)
    scale.values.emplace_back([=](Profile& a, Profile& b) {
      a.embeddings = b.embeddings = {};
      std::string theirs, ours;
      for (int i = 0; i < 20; ++i) {
        theirs += fmt::format("word{} ", i);
        ours += fmt::format("{}{} ", i < shared ? "word" : "other", i);
      }
      a.*source = theirs;
      b.*target = ours;
    });
  return scale;
}

Scale offers() {
  Scale scale{FactorId::offer_type_compatibility, {}};
  for (auto const* label : {"podcast", "online_course", "agency", "book_author", "membership_community"})
    scale.values.emplace_back([=](Profile& a, Profile& b) {
      a.offer_types = {{"podcast", .9}};
      b.offer_types = {{label, .9}};
    });
  return scale;
}

Scale styles() {
  Scale scale{FactorId::content_style, {}};
  for (auto const* label : {"nurturing", "provocative", "educational", "storytelling", "tactical"})
    scale.values.emplace_back([=](Profile& a, Profile& b) {
      a.content_style = Labelled{"nurturing", .9};
      b.content_style = Labelled{label, .9};
    });
  return scale;
}

Scale credibilities() {
  auto scale = numbers<double>(FactorId::credibility, &Profile::credibility_score, {0, .1, .3, .5, .9, 1, 2});
  for (auto& value : scale.values)
    value = [value](Profile& a, Profile& b) {
      value(a, b);
      a.has_credentials = b.has_credentials = true;
    };
  return scale;
}

std::vector<Scale> scales() {
  using enum FactorId;
  using P = Profile;
  std::vector<double> const unit{0, .01, .1, .25, .5, .75, 1, 1.5};
  std::vector<double> const people{0, 1, 999, 1000, 9999, 10'000, 50'000, 99'999, 100'000, 1e7};
  std::vector<std::string> const there{"", "https://x.example.com"};
  return {
      documents(jv_history, &P::jv_history, {"[]", "[1]", "[1, 2]", "[1, 2, 3]", "[1, 2, 3, 4]"}),
      texts(seeking_stated, &P::seeking, {"a", "ten letter", "eleven let."}),
      texts(booking_link, &P::booking_link, there),
      texts(profile_investment, &P::bio, {"", "a life"}),
      texts(website, &P::website, there),
      texts(membership_status, &P::status, {"Non Member Resource", "Member", "Qualified", "member"}),
      days_ago(profile_maintenance, &P::profile_updated_at),
      numbers(promotion_willingness, &P::promotion_willingness_score, unit),
      numbers<bool>(apollo_intent_signal, &P::intent_signal, {false, true}),
      numbers<bool>(engagement_likelihood, &P::engagement_likelihood, {false, true}),
      texts(decision_authority, &P::seniority, {"entry", "senior", "manager", "director", "vp", "c_suite", "owner"}),
      cosines(offering_seeking, EmbeddingField::seeking, EmbeddingField::offering),
      cosines(audience_alignment, EmbeddingField::who_you_serve, EmbeddingField::who_you_serve),
      words(offering_seeking, &P::seeking, &P::offering),
      words(audience_alignment, &P::who_you_serve, &P::who_you_serve),
      texts(role_compatibility, &P::network_role,
            {"coach", "newcomer", "expert", "broadcaster", "connector", "nobody"}),
      texts(revenue_tier, &P::revenue_tier, {"micro", "emerging", "established", "premium", "enterprise", "solo"}),
      documents(platform_overlap, &P::content_platforms,
                {R"({"podcast_name": "P"})", R"({"podcast_name": "P", "tiktok_handle": "T"})",
                 R"({"podcast_name": "P", "tiktok_handle": "T", "newsletter_name": "N"})"}),
      numbers<double>(network_influence, &P::pagerank_score, {1e-5, .0005, .001, .002, .005, .01}),
      numbers<double>(network_influence, &P::degree_centrality, {.001, .02, .05, .1, 1}),
      texts(business_scale, &P::business_size, {"small", "medium", "large"}),
      offers(),
      numbers(audience_engagement, &P::audience_engagement_score, unit),
      numbers(social_reach, &P::social_reach, people),
      texts(active_projects, &P::current_projects, {"", "ten letter", "eleven let."}),
      numbers(list_size, &P::list_size, people),
      days_ago(activity_recency, &P::last_active_at),
      numbers(email_list_activity, &P::email_list_activity_score, unit),
      texts(profile_completeness, &P::company, {"", "A company"}),
      texts(revenue_known, &P::revenue_tier, {"", "unknown", "solo", "micro"}),
      texts(enrichment_quality, &P::signature_programs, {"", "A programme"}),
      texts(contact_available, &P::email, {"", "a@example.com"}),
      numbers(enrichment_confidence, &P::profile_confidence, unit),
      numbers<double>(recommendation_freshness, &P::recommendation_pressure_30d, {0, 1, 3, 4, 10, 11, 99}),
      credibilities(),
      styles(),
  };
}

using Factors =
    std::map<std::pair<bool, FactorId>, std::pair<double, double>>;  ///< (direction, factor) -> (score, weight)

Factors factors_of(PairBreakdown const& pair) {
  Factors all;
  for (bool const back : {false, true})
    for (auto const dimension : k_all_dimensions)
      for (auto const& line : (back ? pair.ba : pair.ab)[dimension].factors)
        all[{back, line.id}] = {line.score, line.weight};
  return all;
}

/// The same factors fire with the same weights, and none is lower in `b`.
bool none_lower(Factors const& a, Factors const& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](auto const& x, auto const& y) {
    return x.first == y.first && x.second.second == y.second.second && x.second.first <= y.second.first;
  });
}

struct Variant {
  Factors factors;
  double score = 0;
};

std::vector<Variant> variants(Scale const& scale, Scorer& scorer, Profile const& a, Profile const& b) {
  std::vector<Variant> all;
  for (auto const& put : scale.values) {
    auto changed_a = a, changed_b = b;
    put(changed_a, changed_b);
    auto const prepared_a = scorer.prepare(changed_a), prepared_b = scorer.prepare(changed_b);
    auto const pair = scorer.breakdown(changed_a, prepared_a, changed_b, prepared_b);
    if (pair.eligible) all.push_back({factors_of(pair), pair.harmonic_mean});
  }
  return all;
}

TEST_P(ScorerProperties, AHigherFactorNeverLowersThePair) {
  auto const profiles = random_profiles(40, 5);
  Scorer scorer(load_scoring_profile(GetParam()), context_for(profiles));
  std::map<FactorId, std::size_t> raised;
  for (auto const& scale : scales())
    for (std::size_t i = 0; i + 1 < profiles.size(); i += 2) {
      auto const all = variants(scale, scorer, profiles[i], profiles[i + 1]);
      for (auto const& low : all)
        for (auto const& high : all) {
          if (!none_lower(low.factors, high.factors)) continue;
          ASSERT_LE(low.score, high.score * (1 + 1e-14)) << info(scale.factor).key << " " << i;
          auto const before = low.factors.find({false, scale.factor});
          if (before != low.factors.end() && before->second.first < high.factors.at({false, scale.factor}).first)
            ++raised[scale.factor];
        }
    }
  for (auto const& factor : factors()) {
    auto const& settings = scorer.profile()[factor.id];
    bool const one_score = settings.present && !settings.absent;
    bool const varied = factor.id != FactorId::outcome_track_record && factor.id != FactorId::persona_complementarity;
    if (settings.enabled && varied && !one_score) {
      EXPECT_GT(raised[factor.id], 0u) << factor.key;
    }
  }
}

}  // namespace
}  // namespace jvmm::scoring
