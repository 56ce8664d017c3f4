#include "classify/evaluation.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>

#include "base/error.hpp"

namespace jvmm::classify {
namespace {

bool holds(std::vector<std::string> const& labels, std::string const& label) {
  return std::find(labels.begin(), labels.end(), label) != labels.end();
}

/// One case in numbers of labels.
struct Answer {
  std::vector<std::size_t> truth, said;
  bool right = false;   ///< the first prediction, or rightly none
  bool counts = false;  ///< something was said
};

struct Tally {
  double hit = 0, missed = 0, wrong = 0;  ///< cases: right and said, right and not said, said and not right

  double precision() const { return hit + wrong > 0 ? hit / (hit + wrong) : 0; }
  double recall() const { return hit + missed > 0 ? hit / (hit + missed) : 0; }
  double f1() const { return occurs() ? 2 * hit / (2 * hit + missed + wrong) : 0; }
  bool occurs() const { return hit + missed + wrong > 0; }
};

/// What remains of a case to be judged: the first truth and prediction for one-label tasks, and nothing twice.
EvaluationCase judged(EvaluationCase const& given, LabelKind kind) {
  EvaluationCase out;
  out.also = given.also;
  std::set<std::string> seen;
  for (auto const& label : given.truth)
    if (seen.insert(label).second && (kind == LabelKind::multi || out.truth.empty())) out.truth.push_back(label);
  seen.clear();
  for (auto const& predicted : given.predicted) {
    if (holds(given.ignored, predicted.label) || !seen.insert(predicted.label).second) continue;
    if (kind == LabelKind::multi || out.predicted.empty()) out.predicted.push_back(predicted);
  }
  return out;
}

bool first_is_right(EvaluationCase const& each) {
  return each.predicted.empty() ? each.truth.empty() : holds(each.truth, each.predicted.front().label);
}

class Labels {
 public:
  explicit Labels(std::span<EvaluationCase const> cases) {
    for (auto const& each : cases) {
      for (auto const& label : each.truth)
        m_numbers.emplace(label, 0);
      for (auto const& predicted : each.predicted)
        m_numbers.emplace(predicted.label, 0);
    }
    for (std::size_t next = 0; auto& [label, number] : m_numbers)
      number = next++;
  }

  std::map<std::string, std::size_t> const& all() const { return m_numbers; }

  Answer answer(EvaluationCase const& each) const {
    Answer out{{}, {}, first_is_right(each), !each.predicted.empty()};
    for (auto const& label : each.truth)
      out.truth.push_back(m_numbers.at(label));
    for (auto const& predicted : each.predicted)
      out.said.push_back(m_numbers.at(predicted.label));
    std::sort(out.truth.begin(), out.truth.end());
    std::sort(out.said.begin(), out.said.end());
    return out;
  }

 private:
  std::map<std::string, std::size_t> m_numbers;
};

void add(std::vector<Tally>& tallies, Answer const& answer, double times) {
  for (auto const label : answer.truth)
    (std::binary_search(answer.said.begin(), answer.said.end(), label) ? tallies[label].hit : tallies[label].missed) +=
        times;
  for (auto const label : answer.said)
    if (!std::binary_search(answer.truth.begin(), answer.truth.end(), label)) tallies[label].wrong += times;
}

/// The figures that have intervals, of cases that each count so many times.
struct Figures {
  double accuracy = 0, micro_f1 = 0, macro_f1 = 0;
  Tally total;
  std::vector<Tally> tallies;
};

Figures figures(std::span<Answer const> answers, std::span<double const> times, std::size_t labels) {
  Figures out;
  out.tallies.resize(labels);
  double right = 0, all = 0;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (times[i] == 0) continue;
    add(out.tallies, answers[i], times[i]);
    right += answers[i].right ? times[i] : 0;
    all += times[i];
  }
  double sum = 0, occurring = 0;
  for (auto const& tally : out.tallies) {
    out.total.hit += tally.hit;
    out.total.missed += tally.missed;
    out.total.wrong += tally.wrong;
    sum += tally.f1();
    occurring += tally.occurs() ? 1 : 0;
  }
  out.accuracy = right / all;
  out.micro_f1 = out.total.f1();
  out.macro_f1 = occurring > 0 ? sum / occurring : 0;
  return out;
}

/// Linear between the order statistics, as numpy.quantile. REQUIRES: sorted, not empty.
double quantile(std::span<double const> sorted, double share) {
  double const place = share * static_cast<double>(sorted.size() - 1);
  auto const below = static_cast<std::size_t>(place);
  auto const above = std::min(below + 1, sorted.size() - 1);
  return std::lerp(sorted[below], sorted[above], place - static_cast<double>(below));
}

Measure with_interval(double value, std::vector<double> resampled) {
  if (resampled.empty()) return {value, value, value};
  std::sort(resampled.begin(), resampled.end());
  return {value, quantile(resampled, 0.025), quantile(resampled, 0.975)};
}

/// Fills accuracy, micro_f1, macro_f1.
void measure(Evaluation& out, std::span<Answer const> answers, Figures const& whole, std::size_t labels,
             EvaluationOptions const& options) {
  std::vector<double> accuracy, micro, macro, times(answers.size());
  std::mt19937_64 random(options.seed);
  for (std::size_t resample = 0; resample < options.resamples; ++resample) {
    std::fill(times.begin(), times.end(), 0);
    for (std::size_t i = 0; i < answers.size(); ++i)
      ++times[random() % answers.size()];
    auto const drawn = figures(answers, times, labels);
    accuracy.push_back(drawn.accuracy);
    micro.push_back(drawn.micro_f1);
    macro.push_back(drawn.macro_f1);
  }
  out.accuracy = with_interval(whole.accuracy, std::move(accuracy));
  out.micro_f1 = with_interval(whole.micro_f1, std::move(micro));
  out.macro_f1 = with_interval(whole.macro_f1, std::move(macro));
}

std::vector<Confusion> confusions(std::span<EvaluationCase const> cases) {
  std::map<std::pair<std::string, std::string>, std::size_t> counts;
  for (auto const& each : cases) {
    std::vector<std::string> missed, wrong;
    for (auto const& label : each.truth) {
      auto const is_it = [&](Predicted const& predicted) { return predicted.label == label; };
      if (std::none_of(each.predicted.begin(), each.predicted.end(), is_it)) missed.push_back(label);
    }
    for (auto const& predicted : each.predicted)
      if (!holds(each.truth, predicted.label)) wrong.push_back(predicted.label);
    if (missed.empty() && wrong.empty()) continue;
    if (missed.empty()) missed.emplace_back();
    if (wrong.empty()) wrong.emplace_back();
    for (auto const& truth : missed)
      for (auto const& said : wrong)
        ++counts[{truth, said}];
  }
  std::vector<Confusion> out;
  for (auto const& [labels, count] : counts)
    out.push_back({labels.first, labels.second, count});
  std::stable_sort(out.begin(), out.end(), [](auto const& a, auto const& b) { return a.count > b.count; });
  return out;
}

std::vector<Graded> graded(std::span<EvaluationCase const> cases) {
  std::vector<Graded> out;
  for (auto const& each : cases)
    for (auto const& predicted : each.predicted)
      if (predicted.confidence) out.push_back({*predicted.confidence, holds(each.truth, predicted.label)});
  return out;
}

/// Shares over cases that need no intervals.
void count_cases(Evaluation& out, std::span<EvaluationCase const> cases, std::span<Answer const> answers) {
  std::size_t right = 0, either = 0, exact = 0;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    auto const& predicted = cases[i].predicted;
    bool const second = !predicted.empty() && holds(cases[i].also, predicted.front().label);
    out.unknown += answers[i].counts ? 0 : 1;
    right += answers[i].counts && answers[i].right ? 1 : 0;
    either += answers[i].right || second ? 1 : 0;
    exact += answers[i].truth == answers[i].said ? 1 : 0;
  }
  auto const share = [](std::size_t part, std::size_t whole) {
    return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0;
  };
  out.primary_or_secondary = share(either, cases.size());
  out.exact = share(exact, cases.size());
  out.accuracy_where_answered = share(right, cases.size() - out.unknown);
}

}  // namespace

Evaluation evaluate(std::span<EvaluationCase const> given, EvaluationOptions const& options) {
  if (given.empty()) throw Error(Kind::bad_input, "there is nothing to evaluate: no labelled profile");
  std::vector<EvaluationCase> cases;
  for (auto const& each : given)
    cases.push_back(judged(each, options.kind));
  Labels const labels(cases);
  std::vector<Answer> answers;
  for (auto const& each : cases)
    answers.push_back(labels.answer(each));

  Evaluation out;
  out.cases = cases.size();
  auto const whole = figures(answers, std::vector<double>(answers.size(), 1), labels.all().size());
  measure(out, answers, whole, labels.all().size(), options);
  out.micro_precision = whole.total.precision();
  out.micro_recall = whole.total.recall();
  for (auto const& [label, number] : labels.all()) {
    auto const& tally = whole.tallies[number];
    out.labels.push_back({label, tally.precision(), tally.recall(), tally.f1(),
                          static_cast<std::size_t>(tally.hit + tally.missed),
                          static_cast<std::size_t>(tally.hit + tally.wrong)});
  }
  count_cases(out, cases, answers);
  out.confusions = confusions(cases);
  out.reliability = reliability(graded(cases), options.bins);
  return out;
}

}  // namespace jvmm::classify
