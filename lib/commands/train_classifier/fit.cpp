#include "commands/train_classifier/fit.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <set>

#include "algo/folds/stratified_folds.hpp"
#include "algo/logistic/logistic.hpp"
#include "algo/temperature/temperature.hpp"
#include "base/error.hpp"
#include "math/softmax.hpp"

namespace jvmm::commands {
namespace {

using algo::Table;
using classify::HeadKind;

/// Strengths that are tried, weakest first: of two equally good ones the weaker is taken.
constexpr std::array k_strengths{0.1, 0.3, 1.0, 3.0, 10.0};
constexpr double k_most_score_weight = 100;
constexpr double k_weak = 1000;  // hardly any penalty, for two parameters and many pairs

/// Some of the examples as tables.
struct Tables {
  std::size_t dims = 0, labels = 0;
  std::vector<double> x, scores, given;  ///< rows × dims, and twice rows × labels
  std::vector<std::size_t> y;            ///< the right label: of softmax only
  std::vector<bool> right, ignored;      ///< rows × labels
  std::vector<std::vector<std::size_t>> truth;
  std::vector<std::size_t> groups;

  std::size_t rows() const { return truth.size(); }
};

Tables tables_of(ExampleSet const& set, std::span<std::size_t const> rows, std::size_t labels) {
  Tables out;
  out.dims = set.dims;
  out.labels = labels;
  for (auto const i : rows) {
    auto const& one = set.examples[i];
    out.x.insert(out.x.end(), one.x.begin(), one.x.end());
    out.scores.insert(out.scores.end(), one.zero_shot.scores.begin(), one.zero_shot.scores.end());
    auto const given = classify::given_confidences(one.zero_shot);
    out.given.insert(out.given.end(), given.begin(), given.end());
    out.y.push_back(one.truth.empty() ? 0 : one.truth.front());
    out.truth.push_back(one.truth);
    out.groups.push_back(one.group);
    for (std::size_t label = 0; label < labels; ++label) {
      out.right.push_back(std::count(one.truth.begin(), one.truth.end(), label) > 0);
      out.ignored.push_back(std::count(one.ignored.begin(), one.ignored.end(), label) > 0);
    }
  }
  return out;
}

Tables subset(Tables const& all, std::vector<std::size_t> const& rows) {
  Tables out;
  out.dims = all.dims;
  out.labels = all.labels;
  auto const take = [](auto& to, auto const& from, std::size_t row, std::size_t width) {
    auto const begin = from.begin() + static_cast<std::ptrdiff_t>(row * width);
    to.insert(to.end(), begin, begin + static_cast<std::ptrdiff_t>(width));
  };
  for (auto const row : rows) {
    take(out.x, all.x, row, all.dims);
    take(out.scores, all.scores, row, all.labels);
    take(out.given, all.given, row, all.labels);
    take(out.right, all.right, row, all.labels);
    take(out.ignored, all.ignored, row, all.labels);
    out.y.push_back(all.y[row]);
    out.truth.push_back(all.truth[row]);
    out.groups.push_back(all.groups[row]);
  }
  return out;
}

/// What the zero-shot verdict is worth: a point of the score, and that the label was given.
struct ScoreScale {
  double weight = 1, given = 0, bias = 0;

  std::vector<double> offsets(Tables const& t) const {
    auto out = t.scores;
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] = weight * t.scores[i] + given * t.given[i] + bias;
    return out;
  }
};

/// Weights of row and label pairs, where some count neither way.
std::vector<double> pair_weights(Tables const& t) {
  std::vector<double> out;
  for (bool const ignored : t.ignored)
    out.push_back(ignored ? 0 : 1);
  return out;
}

class Fitter {
 public:
  Fitter(HeadKind kind, std::vector<bool> const& trained) : m_kind(kind), m_trained(trained) {}

  ScoreScale scale(Tables const& t) const {
    if (m_kind == HeadKind::softmax)
      return {std::min(1 / algo::fit_temperature(Table{t.scores, t.labels}, t.y), k_most_score_weight), 0, 0};
    if (std::find(t.right.begin(), t.right.end(), true) == t.right.end()) return {};
    auto const weights = pair_weights(t);
    std::vector<double> pairs;
    for (std::size_t i = 0; i < t.scores.size(); ++i)
      pairs.insert(pairs.end(), {t.scores[i], t.given[i]});
    auto const model = algo::fit_binary({{pairs, 2}, weights, {}}, t.right, {.c = k_weak});
    return {model.coefficients[0], model.coefficients[1], model.intercepts[0]};
  }

  /// Of the trained labels, one after the other.
  std::vector<double> coefficients(Tables const& t, ScoreScale const& scale, double c) const {
    return m_kind == HeadKind::softmax ? softmax_coefficients(t, scale, c) : binary_coefficients(t, scale, c);
  }

  /// Rows × labels, before the temperature.
  std::vector<double> logits(Tables const& t, ScoreScale const& scale, std::vector<double> const& coefficients) const {
    auto out = scale.offsets(t);
    for (std::size_t row = 0; row < t.rows(); ++row) {
      std::size_t at = 0;
      for (std::size_t label = 0; label < t.labels; ++label) {
        if (!m_trained[label]) continue;
        double sum = 0;
        for (std::size_t j = 0; j < t.dims; ++j)
          sum += coefficients[at * t.dims + j] * t.x[row * t.dims + j];
        out[row * t.labels + label] += sum;
        ++at;
      }
    }
    return out;
  }

  double temperature(Tables const& t, std::vector<double> const& logits) const {
    if (m_kind == HeadKind::softmax) return algo::fit_temperature(Table{logits, t.labels}, t.y);
    std::vector<double> kept;
    std::vector<bool> right;
    for (std::size_t i = 0; i < logits.size(); ++i)
      if (!t.ignored[i]) {
        kept.push_back(logits[i]);
        right.push_back(t.right[i]);
      }
    return algo::fit_temperature(kept, right);
  }

  /// Negative log-likelihood, summed.
  double loss(Tables const& t, std::vector<double> logits, double temperature) const {
    double sum = 0;
    for (double& z : logits)
      z /= temperature;
    if (m_kind == HeadKind::softmax) {
      for (std::size_t row = 0; row < t.rows(); ++row) {
        std::span<double> const of_row(logits.data() + row * t.labels, t.labels);
        math::softmax(of_row);
        sum -= std::log(std::max(of_row[t.y[row]], std::numeric_limits<double>::min()));
      }
      return sum;
    }
    for (std::size_t i = 0; i < logits.size(); ++i)
      if (!t.ignored[i])
        sum -=
            std::log(std::max(math::sigmoid(t.right[i] ? logits[i] : -logits[i]), std::numeric_limits<double>::min()));
    return sum;
  }

 private:
  std::vector<double> softmax_coefficients(Tables const& t, ScoreScale const& scale, double c) const {
    auto const offsets = scale.offsets(t);
    auto const model = algo::fit_softmax({{t.x, t.dims}, {}, offsets}, t.y, t.labels,
                                         {.c = c, .intercept = algo::Intercept::none}, m_trained);
    std::vector<double> out;
    for (std::size_t label = 0; label < t.labels; ++label)
      if (m_trained[label])
        out.insert(out.end(), model.coefficients.begin() + static_cast<std::ptrdiff_t>(label * t.dims),
                   model.coefficients.begin() + static_cast<std::ptrdiff_t>((label + 1) * t.dims));
    return out;
  }

  std::vector<double> binary_coefficients(Tables const& t, ScoreScale const& scale, double c) const {
    auto const all_offsets = scale.offsets(t);
    std::vector<double> out;
    for (std::size_t label = 0; label < t.labels; ++label) {
      if (!m_trained[label]) continue;
      std::vector<double> weights, offsets;
      std::vector<bool> y;
      for (std::size_t row = 0; row < t.rows(); ++row) {
        auto const i = row * t.labels + label;
        weights.push_back(t.ignored[i] ? 0 : 1);
        offsets.push_back(all_offsets[i]);
        y.push_back(t.right[i]);
      }
      if (std::find(weights.begin(), weights.end(), 1.0) == weights.end()) {  // nothing is known of it
        out.insert(out.end(), t.dims, 0);
        continue;
      }
      auto const model =
          algo::fit_binary({{t.x, t.dims}, weights, offsets}, y, {.c = c, .intercept = algo::Intercept::none});
      out.insert(out.end(), model.coefficients.begin(), model.coefficients.end());
    }
    return out;
  }

  HeadKind m_kind;
  std::vector<bool> const& m_trained;
};

struct Chosen {
  double c = 0, temperature = 1;
};

/// The strength with the least loss on rows that were held out, and the temperature that fits these.
Chosen choose(Fitter const& fitter, Tables const& all, ScoreScale const& scale, HeadRecipe const& recipe) {
  auto const different = std::set(all.groups.begin(), all.groups.end()).size();
  auto const folds = std::min(recipe.folds, different);
  auto const fold_of = algo::stratified_folds(all.truth, all.labels, folds, recipe.seed, all.groups);
  std::array<std::vector<double>, k_strengths.size()> logits;
  for (auto& of_strength : logits)
    of_strength.resize(all.rows() * all.labels);
  for (std::size_t fold = 0; fold < folds; ++fold) {
    std::vector<std::size_t> inside, outside;
    for (std::size_t row = 0; row < all.rows(); ++row)
      (fold_of[row] == fold ? outside : inside).push_back(row);
    auto const learnt = subset(all, inside), held_out = subset(all, outside);
    for (std::size_t s = 0; s < k_strengths.size(); ++s) {
      auto const out = fitter.logits(held_out, scale, fitter.coefficients(learnt, scale, k_strengths[s]));
      for (std::size_t i = 0; i < outside.size(); ++i)
        std::copy_n(out.begin() + static_cast<std::ptrdiff_t>(i * all.labels), all.labels,
                    logits[s].begin() + static_cast<std::ptrdiff_t>(outside[i] * all.labels));
    }
  }
  Chosen best;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t s = 0; s < k_strengths.size(); ++s) {
    double const temperature = fitter.temperature(all, logits[s]);
    double const loss = fitter.loss(all, logits[s], temperature);
    if (loss < least) {
      least = loss;
      best = {k_strengths[s], temperature};
    }
  }
  return best;
}

}  // namespace

classify::Head fit_head(ExampleSet const& set, std::span<std::size_t const> rows, HeadRecipe const& recipe) {
  auto const& taxonomy = *recipe.taxonomy;
  auto const all = tables_of(set, rows, taxonomy.labels.size());
  Fitter const fitter(classify::head_kind(taxonomy.task), recipe.trained);
  auto const scale = fitter.scale(all);
  auto const chosen = choose(fitter, all, scale, recipe);

  classify::HeadParts parts;
  parts.task = taxonomy.task;
  parts.taxonomy = taxonomy.name;
  parts.taxonomy_hash = taxonomy.hash;
  parts.fingerprint = recipe.fingerprint;
  parts.data_hash = set.data_hash;
  for (std::size_t label = 0; label < taxonomy.labels.size(); ++label)
    parts.labels.push_back({taxonomy.labels[label].key, set.counts[label], recipe.trained[label]});
  parts.dims = set.dims;
  parts.score_weight = scale.weight;
  parts.given_weight = scale.given;
  parts.score_bias = scale.bias;
  parts.temperature = chosen.temperature;
  parts.c = chosen.c;
  parts.coefficients = fitter.coefficients(all, scale, chosen.c);
  parts.intercepts.assign(parts.coefficients.size() / parts.dims, 0);
  return classify::Head(std::move(parts));
}

}  // namespace jvmm::commands
