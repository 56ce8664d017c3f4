#include <fmt/format.h>

#include "commands/classify/judges.hpp"

namespace jvmm::commands {
namespace {

class ClassifierJudge final : public Judge {
 public:
  ClassifierJudge(std::shared_ptr<classify::Classifier const> classifier, std::string model, std::string vectors)
      : m_classifier(std::move(classifier)), m_model(std::move(model)), m_vectors(std::move(vectors)) {}

  std::string_view name() const override { return m_model.empty() ? "rules" : "embedding"; }

  std::string fingerprint() const override {
    return m_model.empty() ? "rules" : fmt::format("embedding({})", m_vectors);
  }

  std::vector<Result<Ruling>> rule(std::span<Question const* const> questions) override {
    std::vector<std::vector<std::span<float const>>> vectors(questions.size());
    std::vector<classify::Item> items;
    for (std::size_t i = 0; i < questions.size(); ++i) {
      if (!m_model.empty()) vectors[i].assign(questions[i]->vectors.begin(), questions[i]->vectors.end());
      items.push_back({&questions[i]->input, vectors[i]});
    }
    std::vector<Result<Ruling>> out;
    for (auto& verdict : m_classifier->classify(items))
      out.emplace_back(Ruling{std::move(verdict), std::string(name()), m_model.empty() ? "rules" : m_model, {}, {}});
    return out;
  }

 private:
  std::shared_ptr<classify::Classifier const> m_classifier;
  std::string m_model, m_vectors;
};

}  // namespace

std::unique_ptr<Judge> judge_by_classifier(std::shared_ptr<classify::Classifier const> classifier, std::string model,
                                           std::string vectors) {
  return std::make_unique<ClassifierJudge>(std::move(classifier), std::move(model), std::move(vectors));
}

}  // namespace jvmm::commands
