#include "commands/train_classifier/comparison.hpp"

#include <algorithm>

#include "algo/folds/stratified_folds.hpp"
#include "inference/parallel.hpp"

namespace jvmm::commands {
namespace {

using classify::Predicted;
using classify::Verdict;

constexpr std::size_t k_resamples = 2000;

std::vector<Predicted> predicted(classify::Taxonomy const& taxonomy, Verdict const& verdict) {
  std::vector<Predicted> out;
  for (auto const& label : verdict.labels)
    out.push_back({taxonomy.labels[label.label].key, std::clamp(label.confidence, 0.0, 1.0)});
  return out;
}

std::vector<std::string> keys(classify::Taxonomy const& taxonomy, std::vector<std::size_t> const& labels) {
  std::vector<std::string> out;
  for (auto const label : labels)
    out.push_back(taxonomy.labels[label].key);
  return out;
}

classify::LabelKind label_kind(classify::Task task) {
  return classify::head_kind(task) == classify::HeadKind::softmax ? classify::LabelKind::single
                                                                  : classify::LabelKind::multi;
}

/// How right an answer is, in counts that can be summed up.
struct Tally {
  double right = 0, wrong = 0, missed = 0;
};

class Judgement {
 public:
  Judgement(classify::Taxonomy const& taxonomy, ExampleSet const& set)
      : m_taxonomy(taxonomy), m_set(set), m_kind(label_kind(taxonomy.task)) {}

  classify::Evaluation evaluation(Predictions const& predictions, std::uint64_t seed) const {
    std::vector<classify::EvaluationCase> cases;
    for (std::size_t i = 0; i < predictions.size(); ++i)
      cases.push_back(
          {keys(m_taxonomy, m_set.examples[i].truth), {}, keys(m_taxonomy, m_set.examples[i].ignored), predictions[i]});
    return classify::evaluate(cases, {.kind = m_kind, .seed = seed});
  }

  /// Paired over profiles.
  algo::Interval difference(Predictions const& ours, Predictions const& theirs, std::uint64_t seed) const {
    auto const a = tallies(ours), b = tallies(theirs);
    return algo::paired_bootstrap(a.size(), [&](auto times) { return metric(a, times) - metric(b, times); },
                                  {.resamples = k_resamples, .seed = seed});
  }

 private:
  std::vector<Tally> tallies(Predictions const& predictions) const {
    std::vector<Tally> out;
    for (std::size_t i = 0; i < predictions.size(); ++i)
      out.push_back(tally(m_set.examples[i], predictions[i]));
    return out;
  }

  Tally tally(Example const& example, std::vector<Predicted> const& predictions) const {
    auto const truth = keys(m_taxonomy, example.truth), ignored = keys(m_taxonomy, example.ignored);
    auto const in = [](auto const& list, auto const& label) {
      return std::find(list.begin(), list.end(), label) != list.end();
    };
    Tally out;
    if (m_kind == classify::LabelKind::single) {
      out.right = !predictions.empty() && in(truth, predictions.front().label) ? 1 : 0;
      return out;
    }
    for (auto const& one : predictions)
      if (!in(ignored, one.label)) ++(in(truth, one.label) ? out.right : out.wrong);
    out.missed = static_cast<double>(truth.size()) - out.right;
    return out;
  }

  double metric(std::vector<Tally> const& tallies, std::span<double const> times) const {
    Tally sum;
    for (std::size_t i = 0; i < tallies.size(); ++i) {
      sum.right += times[i] * tallies[i].right;
      sum.wrong += times[i] * tallies[i].wrong;
      sum.missed += times[i] * tallies[i].missed;
    }
    if (m_kind == classify::LabelKind::single) return sum.right / static_cast<double>(tallies.size());
    double const all = 2 * sum.right + sum.wrong + sum.missed;
    return all > 0 ? 2 * sum.right / all : 0;
  }

  classify::Taxonomy const& m_taxonomy;
  ExampleSet const& m_set;
  classify::LabelKind m_kind;
};

/// What heads say of the rows that they were not fitted to.
std::vector<Verdict> held_out_verdicts(ExampleSet const& set, HeadRecipe const& recipe,
                                       ComparisonOptions const& options) {
  std::vector<std::vector<std::size_t>> truth;
  std::vector<std::size_t> groups;
  for (auto const& one : set.examples) {
    truth.push_back(one.truth);
    groups.push_back(one.group);
  }
  auto const fold_of =
      algo::stratified_folds(truth, recipe.taxonomy->labels.size(), options.folds, options.seed, groups);
  std::vector<Verdict> out(set.examples.size());
  inference::parallel_for(options.folds, options.threads, [&](std::size_t fold) {
    std::vector<std::size_t> inside;
    for (std::size_t i = 0; i < fold_of.size(); ++i)
      if (fold_of[i] != fold) inside.push_back(i);
    auto const head = fit_head(set, inside, recipe);
    for (std::size_t i = 0; i < fold_of.size(); ++i)
      if (fold_of[i] == fold) out[i] = head.classify(*recipe.taxonomy, set.examples[i].x, set.examples[i].zero_shot);
  });
  return out;
}

std::vector<Predicted> of_head_in_use(InUse const& in_use, classify::Taxonomy const& taxonomy, Example const& example) {
  if (auto const known = in_use.held_out.find(example.id); known != in_use.held_out.end()) {
    std::vector<Predicted> out;
    for (auto const& label : known->second)
      out.push_back({label, std::nullopt});
    return out;
  }
  if (example.zero_shot.sure) return predicted(taxonomy, example.zero_shot);
  return predicted(taxonomy, in_use.head.classify(taxonomy, example.x, example.zero_shot));
}

}  // namespace

Comparison compare(ExampleSet const& set, HeadRecipe const& recipe, std::optional<InUse> const& in_use,
                   ComparisonOptions const& options) {
  auto const& taxonomy = *recipe.taxonomy;
  auto const verdicts = held_out_verdicts(set, recipe, options);
  Predictions zero_shot, used, head, candidate;
  Comparison out;
  for (std::size_t i = 0; i < set.examples.size(); ++i) {
    auto const& example = set.examples[i];
    zero_shot.push_back(predicted(taxonomy, example.zero_shot));
    used.push_back(in_use ? of_head_in_use(*in_use, taxonomy, example) : zero_shot.back());
    head.push_back(predicted(taxonomy, verdicts[i]));
    candidate.push_back(example.zero_shot.sure ? zero_shot.back() : head.back());
    if (!example.zero_shot.sure) ++out.asked;
  }
  Judgement const judgement(taxonomy, set);
  out.metric = label_kind(taxonomy.task) == classify::LabelKind::single ? "accuracy" : "micro_f1";
  out.zero_shot = judgement.evaluation(zero_shot, options.seed);
  out.in_use = judgement.evaluation(used, options.seed);
  out.head = judgement.evaluation(head, options.seed);
  out.candidate = judgement.evaluation(candidate, options.seed);
  out.difference = judgement.difference(candidate, used, options.seed);
  out.held_out = std::move(candidate);
  return out;
}

}  // namespace jvmm::commands
