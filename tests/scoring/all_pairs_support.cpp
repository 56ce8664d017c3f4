#include "scoring/all_pairs_support.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <set>

namespace jvmm::scoring {
namespace {

class Maker {
 public:
  explicit Maker(Recipe const& recipe) : m_recipe(recipe), m_random(recipe.seed) {}

  PairModel make() {
    PairModel model;
    model.profiles = m_recipe.profiles;
    model.dims = m_recipe.dims;
    model.dimension_mean = m_recipe.dimension_mean;
    model.pair_mean = m_recipe.pair_mean;
    model.dimension_decimals = m_recipe.dimension_decimals;
    model.gate_both = m_recipe.gate_both;
    model.overlap.steps = {{0.4, 10}, {0.25, 8}, {0.15, 6}, {0.05, 4.5}};
    model.offering_seeking = similarity(false, 3.5, 3.0);
    model.audience = similarity(true, 3.0, 2.5);
    model.code_factors.push_back(codes(7, false));
    model.code_factors.push_back(codes(5, true));
    model.network_weight = 1.5;
    for (std::size_t i = 0; i < model.profiles; ++i)
      model.network.push_back(chance(m_recipe.absent) ? std::nanf("") : static_cast<float>(number(0, 10)));
    add_rest(model);
    for (std::size_t i = 0; i < model.profiles; ++i)
      model.insufficient.push_back(chance(0.15));
    for (std::size_t i = 0; i < model.profiles / 3 && model.profiles > 1; ++i)
      model.excluded.emplace_back(index(model.profiles), index(model.profiles));
    duplicate(model);
    return model;
  }

 private:
  bool chance(double share) { return uniform(0, 1) < share; }
  std::uint32_t index(std::size_t below) { return static_cast<std::uint32_t>(m_random() % below); }
  double uniform(double low, double high) { return std::uniform_real_distribution<double>(low, high)(m_random); }

  double number(double low, double high) {
    auto const value = uniform(low, high);
    return m_recipe.coarse ? low + std::round((value - low) / (high - low) * 3) * (high - low) / 3 : value;
  }

  SimilarityMap map() {
    if (m_recipe.steps) return {{{0, 3}, {0.25, 3}, {0.25, 4.5}, {0.5, 4.5}, {0.5, 8}, {0.75, 8}, {0.75, 10}}};
    return {{{-0.1, 0.5}, {0.1, 1}, {0.3, 3.5}, {0.45, 6}, {0.45, 6.5}, {0.6, 8}, {0.8, 9.5}, {0.9, 10}}};
  }

  /// With steps: four numbers of ±1/2 and otherwise zeros, so that cosines are multiples of 1/4 without rounding.
  std::vector<float> row() {
    std::vector<float> out(m_recipe.dims);
    if (m_recipe.steps && m_recipe.dims >= 4) {
      for (int k = 0; k < 4;) {
        auto& x = out[m_random() % std::min<std::size_t>(8, m_recipe.dims)];
        if (x != 0) continue;
        x = chance(0.8) ? 0.5F : -0.5F;
        ++k;
      }
      return out;
    }
    if (chance(0.05)) return out;
    std::normal_distribution<double> normal;
    std::mt19937_64 centre(m_random() % 4 + 100);
    std::vector<double> exact(m_recipe.dims);
    double sum = 0;
    for (auto& x : exact) {
      x = normal(centre) + uniform(0, 1.5) * normal(m_random);
      sum += x * x;
    }
    for (std::size_t k = 0; k < out.size(); ++k)
      out[k] = static_cast<float>(exact[k] / std::sqrt(sum));
    return out;
  }

  std::vector<std::uint32_t> tokens() {
    std::set<std::uint32_t> out;
    for (auto left = m_random() % 9; left > 0; --left)
      out.insert(static_cast<std::uint32_t>(std::pow(uniform(0, 1), 2) * 30) * 1000);
    return {out.begin(), out.end()};
  }

  void side(std::vector<float>& rows, std::vector<std::uint8_t>& has, TokenSets& sets) {
    for (std::size_t i = 0; i < m_recipe.profiles; ++i) {
      has.push_back(!chance(m_recipe.absent));
      auto const made = row();
      for (auto const x : made)
        rows.push_back(has.back() ? x : 0);
      sets.push_back(tokens());
    }
  }

  SimilarityFactor similarity(bool symmetric, double weight, double overlap_weight) {
    SimilarityFactor out;
    out.map = map();
    out.weight = weight;
    out.overlap_weight = overlap_weight;
    out.symmetric = symmetric;
    side(out.source, out.has_source, out.source_tokens);
    if (!symmetric) side(out.target, out.has_target, out.target_tokens);
    return out;
  }

  CodeFactor codes(std::size_t count, bool symmetric) {
    CodeFactor out;
    out.codes = count;
    for (std::size_t i = 0; i < m_recipe.profiles; ++i)
      out.code.push_back(index(count));
    out.weighted.resize(count * count);
    out.weights.resize(count * count);
    for (std::size_t s = 0; s < count; ++s)
      for (std::size_t t = 0; t < count; ++t) {
        auto const mirrored = symmetric && t < s;
        auto const weight = mirrored ? out.weights[t * count + s] : chance(0.3) ? 0.0F : 2.4F;
        out.weights[s * count + t] = weight;
        out.weighted[s * count + t] =
            mirrored ? out.weighted[t * count + s] : weight * static_cast<float>(number(0, 10));
      }
    return out;
  }

  void add_rest(PairModel& model) {
    model.synergy_weight = 0.35;
    model.source_classes = m_recipe.source_classes;
    std::vector<double> others;
    for (std::size_t i = 0; i < model.profiles; ++i) {
      others.push_back(chance(m_recipe.absent) ? 0.5 : 0.65);
      model.total_weight.push_back(model.synergy_weight + others.back());
      model.source_class.push_back(static_cast<std::uint8_t>(index(model.source_classes)));
    }
    for (std::size_t c = 0; c < model.source_classes; ++c)
      for (auto const weight : others)
        model.rest.push_back(weight * rest(chance(0.05) ? model.epsilon : number(1, 10)));
  }

  double rest(double score) const {
    if (m_recipe.dimension_mean == DimensionMean::geometric) return std::log(score);
    return m_recipe.dimension_mean == DimensionMean::harmonic ? 1 / score : score;
  }

  /// Copies all that one profile has onto another.
  void duplicate(PairModel& model) {
    for (std::size_t to = 1; to < model.profiles; ++to) {
      if (!chance(m_recipe.duplicates)) continue;
      auto const from = index(to);
      auto const copy = [&](auto& values) { values.at(to) = values.at(from); };
      for (auto* factor : {&model.offering_seeking, &model.audience}) {
        copy_side(factor->source, factor->has_source, factor->source_tokens, from, to);
        if (!factor->symmetric) copy_side(factor->target, factor->has_target, factor->target_tokens, from, to);
      }
      for (auto& factor : model.code_factors)
        copy(factor.code);
      copy(model.network);
      copy(model.source_class);
      copy(model.total_weight);
      copy(model.insufficient);
      for (std::size_t c = 0; c < model.source_classes; ++c)
        model.rest[c * model.profiles + to] = model.rest[c * model.profiles + from];
    }
  }

  void copy_side(std::vector<float>& rows, std::vector<std::uint8_t>& has, TokenSets& sets, std::size_t from,
                 std::size_t to) const {
    std::copy_n(rows.begin() + static_cast<std::ptrdiff_t>(from * m_recipe.dims), m_recipe.dims,
                rows.begin() + static_cast<std::ptrdiff_t>(to * m_recipe.dims));
    has[to] = has[from];
    sets[to] = sets[from];
  }

  Recipe m_recipe;
  std::mt19937_64 m_random;
};

class ReferenceScorer : public PairScorer {
 public:
  explicit ReferenceScorer(PairModel const& model) : m(model) {}

  double score(std::size_t a, std::size_t b) const override {
    auto const ab = directional(a, b), ba = directional(b, a);
    if (ab <= 1e-10 && ba <= 1e-10) return 0;
    switch (m.pair_mean) {
      case PairMean::harmonic:
        return 2 / (1 / ab + 1 / ba);
      case PairMean::geometric:
        return std::sqrt(ab * ba);
      case PairMean::minimum:
        return std::min(ab, ba);
    }
    return -1;
  }

 private:
  double cosine(float const* a, float const* b) const {
    double dot = 0, aa = 0, bb = 0;
    for (std::size_t k = 0; k < m.dims; ++k) {
      dot += double{a[k]} * b[k];
      aa += double{a[k]} * a[k];
      bb += double{b[k]} * b[k];
    }
    return aa == 0 || bb == 0 ? 0 : dot / (std::sqrt(aa) * std::sqrt(bb));
  }

  double overlap(std::vector<std::uint32_t> const& a, std::vector<std::uint32_t> const& b) const {
    if (a.empty() || b.empty()) return m.overlap.blank;
    std::vector<std::uint32_t> common;
    std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(common));
    auto const ratio = static_cast<double>(common.size()) / static_cast<double>(std::min(a.size(), b.size()));
    for (auto const& step : m.overlap.steps)
      if (ratio >= step.at_least) return step.score;
    return m.overlap.otherwise;
  }

  void add(SimilarityFactor const& f, std::size_t s, std::size_t t, double& total, double& most) const {
    auto const& target = f.symmetric ? f.source : f.target;
    auto const& has_target = f.symmetric ? f.has_source : f.has_target;
    auto const& target_tokens = f.symmetric ? f.source_tokens : f.target_tokens;
    auto const semantic = f.has_source[s] && has_target[t];
    auto const weight = semantic ? f.weight : f.overlap_weight;
    total += weight * (semantic ? f.map(cosine(&f.source[s * m.dims], &target[t * m.dims]))
                                : overlap(f.source_tokens[s], target_tokens[t]));
    most += 10 * weight;
  }

  double synergy(std::size_t s, std::size_t t) const {
    double total = 0, most = 0;
    add(m.offering_seeking, s, t, total, most);
    add(m.audience, s, t, total, most);
    for (auto const& f : m.code_factors) {
      auto const at = f.code[s] * f.codes + f.code[t];
      total += f.weighted[at];
      most += 10 * double{f.weights[at]};
    }
    if (!std::isnan(m.network[s]) && !std::isnan(m.network[t])) {
      total += m.network_weight * (double{m.network[s]} + m.network[t]) / 2;
      most += 10 * m.network_weight;
    }
    auto const score = total / most * 10;
    return m.dimension_decimals < 0 ? score : std::stod(fmt::format("{:.{}f}", score, m.dimension_decimals));
  }

  double directional(std::size_t s, std::size_t t) const {
    auto const rest = m.rest[m.source_class[s] * m.profiles + t], w = m.synergy_weight;
    auto const value = std::max(synergy(s, t), m.epsilon);
    switch (m.dimension_mean) {
      case DimensionMean::geometric:
        return 10 * std::exp((rest + w * std::log(value)) / m.total_weight[t]);
      case DimensionMean::harmonic:
        return 10 * m.total_weight[t] / (rest + w / value);
      case DimensionMean::arithmetic:
        return 10 * (rest + w * synergy(s, t)) / m.total_weight[t];
    }
    return -1;
  }

  PairModel const& m;
};

struct Printed {
  Match match;
  double score;
};

bool comes_before(Printed const& a, Printed const& b) {
  return a.score != b.score ? a.score > b.score : a.match.index < b.match.index;
}

}  // namespace

PairModel random_model(Recipe const& recipe) {
  return Maker(recipe).make();
}

PairModel take_profiles(PairModel const& model, std::vector<std::uint32_t> const& indexes) {
  auto out = model;
  auto const take = [&](auto& values, std::size_t width = 1) {
    if (values.empty()) return;
    auto const old = values;
    values.clear();
    for (auto const i : indexes)
      for (std::size_t k = 0; k < width; ++k)
        values.push_back(old[i * width + k]);
  };
  for (auto* factor : {&out.offering_seeking, &out.audience}) {
    take(factor->source, model.dims);
    take(factor->target, model.dims);
    take(factor->has_source);
    take(factor->has_target);
    take(factor->source_tokens);
    take(factor->target_tokens);
  }
  for (auto& factor : out.code_factors)
    take(factor.code);
  take(out.network);
  take(out.source_class);
  take(out.total_weight);
  take(out.insufficient);
  out.rest.clear();
  for (std::size_t c = 0; c < model.source_classes; ++c)
    for (auto const i : indexes)
      out.rest.push_back(model.rest[c * model.profiles + i]);
  out.profiles = indexes.size();
  out.excluded.clear();
  for (auto const& [a, b] : model.excluded)
    for (std::uint32_t i = 0; i < indexes.size(); ++i)
      for (std::uint32_t j = 0; j < indexes.size(); ++j)
        if (indexes[i] == a && indexes[j] == b) out.excluded.emplace_back(i, j);
  return out;
}

std::unique_ptr<PairScorer> reference_scorer(PairModel const& model) {
  return std::make_unique<ReferenceScorer>(model);
}

bool reference_eligible(PairModel const& model, std::uint32_t a, std::uint32_t b) {
  auto const insufficient = (model.insufficient[a] ? 1 : 0) + (model.insufficient[b] ? 1 : 0);
  if (insufficient == 2 || (insufficient == 1 && !model.gate_both)) return false;
  return a != b && std::none_of(model.excluded.begin(), model.excluded.end(),
                                [&](auto const& pair) { return pair == std::pair(a, b) || pair == std::pair(b, a); });
}

double printed(double score) {
  return std::stod(fmt::format("{:.2f}", score));
}

std::vector<std::vector<Match>> naive_all_pairs(PairModel const& model, PairScorer const& scorer,
                                                AllPairsOptions const& options) {
  auto const listed = [&](std::uint32_t i) {
    return !options.rows || std::find(options.rows->begin(), options.rows->end(), i) != options.rows->end();
  };
  std::vector<std::vector<Match>> out(model.profiles);
  for (std::uint32_t a = 0; a < model.profiles; ++a) {
    std::vector<Printed> all;
    for (std::uint32_t b = 0; b < model.profiles; ++b) {
      if ((!listed(a) && !listed(b)) || !reference_eligible(model, a, b)) continue;
      auto const score = scorer.score(std::min(a, b), std::max(a, b));
      all.push_back({{b, score}, printed(score)});
    }
    std::sort(all.begin(), all.end(), comes_before);
    for (auto const& [match, score] : all) {
      auto const best = out[a].size() < options.top && score >= options.min_score;
      auto const above = options.all_above && score >= *options.all_above;
      auto const reaches = !options.floor.empty() && score >= printed(options.floor[a]);
      if (listed(a) ? !best && !above : !reaches) break;
      out[a].push_back(match);
    }
  }
  return out;
}

std::string as_text(std::vector<std::vector<Match>> const& lists) {
  std::string out;
  for (std::size_t i = 0; i < lists.size(); ++i) {
    out += fmt::format("{}:", i);
    for (auto const& match : lists[i])
      out += fmt::format(" {}={}", match.index, match.score);
    out += "\n";
  }
  return out;
}

std::string as_text(AllPairsResult const& result) {
  std::vector<std::vector<Match>> lists;
  for (std::size_t i = 0; i + 1 < result.begin.size(); ++i)
    lists.emplace_back(result.list(i).begin(), result.list(i).end());
  return as_text(lists);
}

}  // namespace jvmm::scoring
