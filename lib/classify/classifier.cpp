#include "classify/classifier.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "classify/confidence.hpp"
#include "classify/lexicon.hpp"
#include "classify/prototypes.hpp"
#include "classify/rules/rule.hpp"
#include "math/vector.hpp"

namespace jvmm::classify {
namespace {

// Rises when reading or rules change, so that stored answers are known to be old.
constexpr int k_rules_version = 1;
constexpr std::size_t k_profiles_at_once = 256;
constexpr double k_least_of_others = .3;  // confidence of a second label

Reduction reduction_of(Task task) {
  switch (task) {
    case Task::niche:
      return Reduction::soft_maximum;
    case Task::offer_types:
      return Reduction::top_three;
    case Task::content_style:
      return Reduction::highest;
  }
  return Reduction::highest;
}

}  // namespace

class Classifier::Impl {
 public:
  Impl(Taxonomy taxonomy, PrototypeVectors vectors)
      : m_taxonomy(std::move(taxonomy)), m_lexicon(m_taxonomy), m_prototypes(m_taxonomy, std::move(vectors)) {}

  Taxonomy const& taxonomy() const { return m_taxonomy; }
  Prototypes const& prototypes() const { return m_prototypes; }

  Reading read(Input const& input) const {
    switch (m_taxonomy.task) {
      case Task::niche:
        return read_niche(input, m_lexicon);
      case Task::offer_types:
        return read_offers(input, m_lexicon);
      case Task::content_style:
        return read_style(input, m_lexicon);
    }
    return {};
  }

  void judge(std::span<Item const> items, std::vector<Verdict>& out) const {
    std::vector<Reading> readings;
    std::vector<std::span<float const>> vectors;
    for (auto const& item : items) {
      readings.push_back(read(*item.input));
      auto const wanted = readings.back().wanted.size();
      if (!item.vectors.empty() && (item.vectors.size() != wanted || m_prototypes.empty()))
        throw Error(Kind::internal, fmt::format("{} vectors for {} texts", item.vectors.size(), wanted));
      if (item.vectors.empty())
        vectors.resize(vectors.size() + wanted);
      else
        vectors.insert(vectors.end(), item.vectors.begin(), item.vectors.end());
    }
    auto const labels = m_taxonomy.labels.size();
    auto const numbers = m_prototypes.scores(vectors, reduction_of(m_taxonomy.task));
    std::size_t at = 0;
    for (auto const& reading : readings) {
      auto const count = reading.wanted.size() * labels;
      out.push_back(judge(reading, Meanings({numbers.data() + at, count}, labels)));
      at += count;
    }
  }

 private:
  ConfidenceMap const& map_for(Meanings const& meanings) const {
    return confidence_map(m_taxonomy, meanings.none() ? "rules" : std::string_view(m_prototypes.model()));
  }

  Verdict judge(Reading const& reading, Meanings const& meanings) const {
    Verdict verdict;
    verdict.scores.resize(m_taxonomy.labels.size());
    verdict.empty = reading.empty;
    verdict.sure = reading.empty;
    if (reading.empty || reading.one_word) return verdict;
    if (m_taxonomy.task == Task::offer_types)
      collect(reading, meanings, verdict);
    else
      rank(reading, meanings, verdict);
    return verdict;
  }

  // Niche and style: the label with the best score, and those near it.
  void rank(Reading const& reading, Meanings const& meanings, Verdict& verdict) const {
    auto const& labels = m_taxonomy.labels;
    auto& scores = verdict.scores;
    scores = m_taxonomy.task == Task::niche ? niche_scores(reading, meanings, labels.size())
                                            : style_scores(reading, meanings, labels.size());
    std::vector<std::size_t> order(labels.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
    auto const best = order.front();
    if (meanings.none() && scores[best] <= 0) return;  // no word says anything
    verdict.margin = order.size() > 1 ? scores[best] - scores[order[1]] : scores[best];
    auto const& map = map_for(meanings);
    verdict.confidence = confidence(map.first, verdict.margin, scores[best], offset(map, labels[best].key));
    verdict.sure = verdict.confidence >= m_taxonomy.sure;
    for (auto const label : order) {
      if (verdict.labels.size() == max_labels(m_taxonomy.task)) break;
      if (meanings.none() && scores[label] <= 0) break;
      auto const sure = label == best
                            ? verdict.confidence
                            : std::min(verdict.confidence, confidence(map.other, scores[label] - scores[best],
                                                                      scores[label], offset(map, labels[label].key)));
      auto const least = label == best ? labels[label].threshold : std::max(labels[label].threshold, k_least_of_others);
      if (sure >= least) verdict.labels.push_back({label, sure, scores[label]});
      if (label == best && verdict.labels.empty()) break;
    }
  }

  // Offers: what the phrases give.
  void collect(Reading const& reading, Meanings const& meanings, Verdict& verdict) const {
    auto const& map = map_for(meanings);
    for (auto const& found : offer_labels(reading, meanings, verdict.scores)) {
      auto const& key = m_taxonomy.labels[found.label].key;
      auto const sure = confidence(found.by_words ? map.first : map.other, found.margin, found.score, offset(map, key));
      add(verdict, {found.label, sure, found.score}, found.margin);
    }
    std::ranges::sort(verdict.labels, [](Scored const& a, Scored const& b) {
      return a.confidence != b.confidence ? a.confidence > b.confidence : a.label < b.label;
    });
    if (verdict.labels.empty()) return;
    verdict.confidence = verdict.labels.front().confidence;
    verdict.sure =
        std::ranges::all_of(verdict.labels, [&](auto const& one) { return one.confidence >= m_taxonomy.sure; });
    std::erase_if(verdict.labels,
                  [&](auto const& one) { return one.confidence < m_taxonomy.labels[one.label].threshold; });
    if (verdict.labels.size() > max_labels(Task::offer_types)) verdict.labels.resize(max_labels(Task::offer_types));
  }

  static void add(Verdict& verdict, Scored one, double margin) {
    verdict.margin = verdict.labels.empty() ? margin : std::min(verdict.margin, margin);
    auto const known = std::ranges::find(verdict.labels, one.label, &Scored::label);
    if (known == verdict.labels.end())
      verdict.labels.push_back(one);
    else if (one.confidence > known->confidence)
      *known = one;
  }

  Taxonomy m_taxonomy;
  Lexicon m_lexicon;
  Prototypes m_prototypes;
};

Classifier::Classifier(Taxonomy taxonomy, PrototypeVectors vectors)
    : m_impl(std::make_unique<Impl const>(std::move(taxonomy), std::move(vectors))) {}
Classifier::~Classifier() = default;
Classifier::Classifier(Classifier&&) noexcept = default;
Classifier& Classifier::operator=(Classifier&&) noexcept = default;

std::vector<Wanted> Classifier::wanted(Input const& input) const {
  if (m_impl->prototypes().empty()) return {};
  return m_impl->read(input).wanted;
}

Verdict Classifier::classify(Input const& input, std::span<std::span<float const> const> vectors) const {
  Item const item{&input, vectors};
  std::vector<Verdict> out;
  m_impl->judge({&item, 1}, out);
  return std::move(out.front());
}

std::vector<Verdict> Classifier::classify(std::span<Item const> items) const {
  std::vector<Verdict> out;
  out.reserve(items.size());
  for (std::size_t at = 0; at < items.size(); at += k_profiles_at_once)
    m_impl->judge(items.subspan(at, std::min(k_profiles_at_once, items.size() - at)), out);
  return out;
}

Taxonomy const& Classifier::taxonomy() const {
  return m_impl->taxonomy();
}

std::string Classifier::fingerprint() const {
  auto const& prototypes = m_impl->prototypes();
  return fmt::format("taxonomy={}@{};model={};rules={}", taxonomy().name, taxonomy().hash.substr(0, 16),
                     prototypes.empty() ? "rules" : prototypes.model(), k_rules_version);
}

std::vector<float> profile_vector(Classifier const& classifier, Input const& input,
                                  std::span<std::span<float const> const> vectors) {
  auto const weights = classifier.vector_weights(input);
  std::vector<double> sum;
  for (std::size_t i = 0; i < vectors.size() && i < weights.size(); ++i) {
    auto const& vector = vectors[i];
    auto const square = vector.empty() ? 0 : math::dot_double(vector, vector);
    if (!std::isfinite(square) || square <= 0 || weights[i] <= 0) continue;
    if (sum.empty()) sum.resize(vector.size());
    if (sum.size() != vector.size()) throw Error(Kind::bad_input, "vectors of different widths for one profile");
    for (std::size_t k = 0; k < sum.size(); ++k)
      sum[k] += weights[i] * static_cast<double>(vector[k]) / std::sqrt(square);
  }
  std::vector<float> out(sum.begin(), sum.end());
  return math::normalise(out) ? out : std::vector<float>{};
}

std::vector<double> Classifier::vector_weights(Input const& input) const {
  if (m_impl->prototypes().empty()) return {};
  auto const reading = m_impl->read(input);
  std::vector<double> weights(reading.wanted.size());
  if (taxonomy().task == Task::offer_types) {
    if (!weights.empty()) weights.front() = 1;
    return weights;
  }
  for (auto const& piece : reading.pieces)
    weights[piece.text] += piece.weight;
  return weights;
}

}  // namespace jvmm::classify
