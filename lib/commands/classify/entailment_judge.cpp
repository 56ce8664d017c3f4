#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "commands/classify/judges.hpp"
#include "commands/services.hpp"

namespace jvmm::commands {
namespace {

constexpr double k_given = 0.5, k_sure = 0.8;

/// A model for natural language inference weighs each label by itself; what it says is a probability already.
classify::Verdict verdict_of(classify::Taxonomy const& taxonomy, std::vector<double> scores) {
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return scores[a] > scores[b]; });
  classify::Verdict out;
  out.empty = false;
  for (auto const label : order) {
    if (scores[label] < k_given || out.labels.size() == classify::max_labels(taxonomy.task)) break;
    out.labels.push_back({label, scores[label], scores[label]});
  }
  out.confidence = order.empty() ? 0 : scores[order[0]];
  out.margin = order.size() < 2 ? out.confidence : out.confidence - scores[order[1]];
  auto const likely = std::count_if(scores.begin(), scores.end(), [](double score) { return score >= k_sure; });
  out.sure = likely > 0 && static_cast<std::size_t>(likely) <= classify::max_labels(taxonomy.task);
  out.scores = std::move(scores);
  return out;
}

classify::Verdict unknown(classify::Taxonomy const& taxonomy) {
  classify::Verdict out;
  out.scores.resize(taxonomy.labels.size());
  out.sure = true;
  return out;
}

class EntailmentJudge final : public Judge {
 public:
  EntailmentJudge(std::shared_ptr<classify::Taxonomy const> taxonomy,
                  std::unique_ptr<inference::ZeroShotClassifier> model, std::string description)
      : m_taxonomy(std::move(taxonomy)), m_model(std::move(model)), m_description(std::move(description)) {}

  std::string_view name() const override { return "nli"; }
  std::string fingerprint() const override { return fmt::format("nli({})", m_description); }
  bool waits_for_services() const override { return true; }

  std::vector<Result<Ruling>> rule(std::span<Question const* const> questions) override {
    auto const texts = texts_of(questions);
    std::vector<std::string_view> asked;
    for (auto const& text : texts)
      if (!text.empty()) asked.push_back(text);
    auto answers = m_model->classify(asked);
    std::vector<Result<Ruling>> out;
    std::size_t next = 0;
    for (auto const& text : texts) {
      if (text.empty())
        out.emplace_back(Ruling{unknown(*m_taxonomy), std::string(name()), {}, {}, {}});
      else
        out.push_back(ruling(answers[next++]));
    }
    return out;
  }

  void release(std::span<Question const* const> questions) override {
    auto const texts = texts_of(questions);
    std::vector<std::string_view> const views(texts.begin(), texts.end());
    m_model->release(views);
  }

 private:
  std::vector<std::string> texts_of(std::span<Question const* const> questions) const {
    std::vector<std::string> out;
    for (auto const* question : questions)
      out.push_back(joined_text(question->input, m_taxonomy->task));
    return out;
  }

  Result<Ruling> ruling(Result<inference::ZeroShotScores>& answer) const {
    if (!answer) return answer.error();
    auto const model = model_of_backend(answer->backend);
    return Ruling{verdict_of(*m_taxonomy, std::move(answer->scores)), std::string(name()), model, answer->backend, {}};
  }

  std::shared_ptr<classify::Taxonomy const> m_taxonomy;
  std::unique_ptr<inference::ZeroShotClassifier> m_model;
  std::string m_description;
};

}  // namespace

inference::ZeroShotParameters entailment_parameters(classify::Taxonomy const& taxonomy) {
  inference::ZeroShotParameters out;
  for (auto const& label : taxonomy.labels)
    out.labels.push_back(label.hypothesis.empty() ? label.name : label.hypothesis);
  out.hypothesis_template = taxonomy.hypothesis_template;
  out.multi_label = true;
  inference::validate(out);
  return out;
}

std::unique_ptr<Judge> judge_by_entailment(std::shared_ptr<classify::Taxonomy const> taxonomy,
                                           std::unique_ptr<inference::ZeroShotClassifier> model,
                                           std::string description) {
  return std::make_unique<EntailmentJudge>(std::move(taxonomy), std::move(model), std::move(description));
}

}  // namespace jvmm::commands
