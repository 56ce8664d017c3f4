#include <fmt/format.h>

#include "commands/classify/judges.hpp"

namespace jvmm::commands {
namespace {

class HeadJudge final : public Judge {
 public:
  HeadJudge(std::shared_ptr<classify::Classifier const> classifier, classify::Head head, std::string model)
      : m_classifier(std::move(classifier)), m_head(std::move(head)), m_model(std::move(model)) {}

  std::string_view name() const override { return "head"; }
  std::string fingerprint() const override { return fmt::format("head({})", m_head.hash()); }

  std::vector<Result<Ruling>> rule(std::span<Question const* const> questions) override {
    std::vector<std::vector<std::span<float const>>> vectors;
    std::vector<classify::Item> items;
    for (auto const* question : questions)
      vectors.emplace_back(question->vectors.begin(), question->vectors.end());
    for (std::size_t i = 0; i < questions.size(); ++i)
      items.push_back({&questions[i]->input, vectors[i]});
    auto const zero_shot = m_classifier->classify(items);
    std::vector<Result<Ruling>> out;
    for (std::size_t i = 0; i < items.size(); ++i) {
      auto const x = classify::profile_vector(*m_classifier, *items[i].input, items[i].vectors);
      out.emplace_back(Ruling{m_head.classify(m_classifier->taxonomy(), x, zero_shot[i]), "head", m_model, {}, {}});
    }
    return out;
  }

 private:
  std::shared_ptr<classify::Classifier const> m_classifier;
  classify::Head m_head;
  std::string m_model;
};

}  // namespace

std::unique_ptr<Judge> judge_by_head(std::shared_ptr<classify::Classifier const> classifier, classify::Head head,
                                     std::string model) {
  return std::make_unique<HeadJudge>(std::move(classifier), std::move(head), std::move(model));
}

}  // namespace jvmm::commands
