#include "personas/complements.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/error.hpp"
#include "math/vector.hpp"
#include "personas/clean_row.hpp"
#include "personas/corpus.hpp"
#include "personas/phrase_vectors.hpp"

namespace jvmm::personas {
namespace {

constexpr std::size_t k_examples = 3;
constexpr double k_mention_shrink = 2, k_pair_shrink = 5, k_outcome_weight = 3;
constexpr double k_most = 2;
/// Points of the scale for a doubling of mentions, for a standard deviation of fit, for a doubling of the pairs' value.
constexpr double k_mention_points = 1.5, k_fit_points = 1.5, k_pair_points = 2.5;
constexpr std::size_t k_least_standardised = 3;  ///< pairs below which there is nothing to standardise against

/// A number for each pair of personas, the order of the two of no account.
template <class T>
class Symmetric {
 public:
  explicit Symmetric(std::size_t personas) : m_personas(personas), m_values(personas * personas) {}
  T& at(std::size_t a, std::size_t b) { return m_values[std::min(a, b) * m_personas + std::max(a, b)]; }
  T const& at(std::size_t a, std::size_t b) const { return m_values[std::min(a, b) * m_personas + std::max(a, b)]; }
  std::size_t personas() const { return m_personas; }

 private:
  std::size_t m_personas;
  std::vector<T> m_values;
};

struct Mentions {
  std::vector<std::string> rows;  ///< ids; each once
  std::map<std::uint32_t, std::size_t> phrases;
};

void require_sound(Model const& model, ComplementInput const& input) {
  if (input.personas.size() != input.rows.size())
    throw Error(Kind::bad_input, "complements: " + std::to_string(input.rows.size()) + " rows, and personas of " +
                                     std::to_string(input.personas.size()));
  for (auto const& row : input.personas)
    if (row.persona && *row.persona >= model.personas.size())
      throw Error(Kind::bad_input, "complements: a row has a persona that the model has not");
  for (auto const& pair : input.pairs) {
    if (pair.a >= input.rows.size() || pair.b >= input.rows.size())
      throw Error(Kind::bad_input, "complements: a known pair names a row that is not there");
    if (!(pair.value >= 0 && pair.value <= 1))
      throw Error(Kind::bad_input, "complements: a known pair's value must be within 0 and 1");
  }
}

Symmetric<Mentions> mentions_of(Model const& model, ComplementInput const& input) {
  std::vector<std::string> cleaned;
  for (auto const& row : input.rows)
    cleaned.push_back(clean_text(row.seeking) + '\n' + clean_text(row.offering));
  std::vector<std::string const*> texts;
  for (auto const& text : cleaned)
    texts.push_back(&text);
  auto const hits = find_phrases(model.phrases, texts, model.parameters);
  Symmetric<Mentions> out(model.personas.size());
  for (std::size_t i = 0; i < hits.size(); ++i) {
    auto const own = input.personas[i].persona;
    if (!own) continue;
    for (auto const phrase : hits[i]) {
      auto const other = model.nodes[model.phrases[phrase].node].persona;
      if (!other || *other == *own) continue;
      auto& mentions = out.at(*own, *other);
      ++mentions.phrases[phrase];
      if (mentions.rows.empty() || mentions.rows.back() != input.rows[i].id) mentions.rows.push_back(input.rows[i].id);
    }
  }
  return out;
}

/// Sets mentions, examples, phrases and lift; returns doublings over chance.
Symmetric<std::optional<double>> judge_mentions(Model const& model, Symmetric<Mentions> const& mentions,
                                                Symmetric<ComplementEvidence>& evidence) {
  auto const n = mentions.personas();
  std::vector<double> sums(n, 0.0);
  double total = 0;
  for (std::size_t a = 0; a < n; ++a)
    for (std::size_t b = 0; b < n; ++b)
      if (a != b) sums[a] += static_cast<double>(mentions.at(a, b).rows.size());
  for (auto const sum : sums)
    total += sum;
  Symmetric<std::optional<double>> out(n);
  for (std::size_t a = 0; a < n; ++a)
    for (std::size_t b = a + 1; b < n; ++b) {
      auto const& found = mentions.at(a, b);
      auto& told = evidence.at(a, b);
      told.mentions = found.rows.size();
      auto const count = static_cast<double>(told.mentions);
      auto const expected = total > 0 ? sums[a] * sums[b] / total : 0;
      if (told.mentions == 0 && expected < 1) continue;
      told.lift = expected > 0 ? count / expected : 0;
      told.examples = found.rows;
      std::ranges::sort(told.examples);
      if (told.examples.size() > k_examples) told.examples.resize(k_examples);
      std::vector<std::pair<std::uint32_t, std::size_t>> phrases(found.phrases.begin(), found.phrases.end());
      std::ranges::stable_sort(phrases, std::greater{}, [](auto const& phrase) { return phrase.second; });
      for (auto const& [phrase, times] : phrases)
        if (told.phrases.size() < k_examples) told.phrases.push_back(model.phrases[phrase].text);
      out.at(a, b) = std::log2((count + k_mention_shrink) / (expected + k_mention_shrink));
    }
  return out;
}

/// The unit mean of the vectors of each persona's rows; empty where none has one.
std::vector<std::vector<float>> means(std::size_t personas, ComplementInput const& input, RowVectors const& vectors,
                                      std::string_view what) {
  std::vector<std::string> ids;
  for (auto const& row : input.rows)
    ids.push_back(row.id);
  auto const rows = unit_rows(vectors, ids, what);
  std::vector<std::vector<std::size_t>> members(personas);
  // By id, so that sums do not depend on how rows came.
  std::vector<std::size_t> order(ids.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    order[i] = i;
  std::ranges::sort(order, {}, [&](std::size_t i) -> std::string const& { return ids[i]; });
  for (auto const i : order)
    if (auto const persona = input.personas[i].persona) members[*persona].push_back(i);
  std::vector<std::vector<float>> out(personas);
  if (rows.empty()) return out;
  for (std::size_t p = 0; p < personas; ++p) {
    auto mean = unit_mean(rows, vectors.dims, members[p]);
    if (!is_zero(mean)) out[p] = std::move(mean);
  }
  return out;
}

/// What one seeks against what the other offers, both ways; less what either has with everybody; in standard
/// deviations.
Symmetric<std::optional<double>> fit_of(std::size_t personas, ComplementInput const& input) {
  auto const seeking = means(personas, input, input.seeking, "the vector of seeking");
  auto const offering = means(personas, input, input.offering, "the vector of offering");
  Symmetric<std::optional<double>> out(personas);
  std::vector<double> sums(personas, 0.0), counts(personas, 0.0);
  double total = 0, pairs = 0;
  for (std::size_t a = 0; a < personas; ++a)
    for (std::size_t b = a + 1; b < personas; ++b) {
      if (seeking[a].empty() || seeking[b].empty() || offering[a].empty() || offering[b].empty()) continue;
      if (seeking[a].size() != offering[b].size())
        throw Error(Kind::bad_input, "complements: vectors of seeking and offering are of different models");
      auto const cosine = (math::dot_double(seeking[a], offering[b]) + math::dot_double(seeking[b], offering[a])) / 2;
      out.at(a, b) = cosine;
      for (auto const p : {a, b})
        sums[p] += cosine, counts[p] += 1;
      total += cosine;
      pairs += 1;
    }
  double square = 0;
  for (std::size_t a = 0; a < personas; ++a)
    for (std::size_t b = a + 1; b < personas; ++b)
      if (auto& cell = out.at(a, b)) {
        *cell += total / pairs - sums[a] / counts[a] - sums[b] / counts[b];
        square += *cell * *cell;
      }
  bool const comparable = pairs >= static_cast<double>(k_least_standardised) && square > 1e-18;
  for (std::size_t a = 0; a < personas; ++a)
    for (std::size_t b = a + 1; b < personas; ++b)
      if (auto& cell = out.at(a, b))
        cell = comparable ? std::optional(*cell / std::sqrt(square / pairs)) : std::nullopt;
  return out;
}

/// Sets pairs, outcomes and pair_value; returns doublings of the ordinary value.
Symmetric<std::optional<double>> judge_pairs(ComplementInput const& input, std::size_t personas,
                                             Symmetric<ComplementEvidence>& evidence) {
  struct Sum {
    double value = 0, weight = 0;
  };
  Symmetric<Sum> sums(personas);
  Sum all;
  for (auto const& pair : input.pairs) {
    auto const a = input.personas[pair.a].persona, b = input.personas[pair.b].persona;
    auto const weight = pair.outcome ? k_outcome_weight : 1;
    all.value += weight * pair.value;
    all.weight += weight;
    if (!a || !b || *a == *b) continue;
    sums.at(*a, *b).value += weight * pair.value;
    sums.at(*a, *b).weight += weight;
    ++evidence.at(*a, *b).pairs;
    evidence.at(*a, *b).outcomes += pair.outcome;
  }
  Symmetric<std::optional<double>> out(personas);
  if (all.value <= 0) return out;
  auto const mean = all.value / all.weight;
  for (std::size_t a = 0; a < personas; ++a)
    for (std::size_t b = a + 1; b < personas; ++b) {
      auto const& sum = sums.at(a, b);
      if (sum.weight == 0) continue;
      auto const value = (sum.value + k_pair_shrink * mean) / (sum.weight + k_pair_shrink) / mean;
      evidence.at(a, b).pair_value = value;
      out.at(a, b) = std::log2(value);
    }
  return out;
}

std::optional<double> score_of(std::optional<double> mentions, std::optional<double> fit, std::optional<double> pairs) {
  if (!mentions && !fit && !pairs) return std::nullopt;
  auto const points = [](std::optional<double> part, double each) {
    return each * std::clamp(part.value_or(0), -k_most, k_most);
  };
  return std::clamp(k_ordinary_complement + points(mentions, k_mention_points) + points(fit, k_fit_points) +
                        points(pairs, k_pair_points),
                    0.0, 10.0);
}

}  // namespace

std::vector<Complement> complements(Model const& model, ComplementInput const& input) {
  require_sound(model, input);
  auto const n = model.personas.size();
  Symmetric<ComplementEvidence> evidence(n);
  auto const mentions = judge_mentions(model, mentions_of(model, input), evidence);
  auto const fit = fit_of(n, input);
  auto const pairs = judge_pairs(input, n, evidence);
  std::vector<Complement> out;
  for (std::size_t a = 0; a < n; ++a)
    for (std::size_t b = a + 1; b < n; ++b) {
      auto& told = evidence.at(a, b);
      told.fit = fit.at(a, b);
      out.push_back({a, b, score_of(mentions.at(a, b), fit.at(a, b), pairs.at(a, b)), std::move(told)});
    }
  return out;
}

}  // namespace jvmm::personas
