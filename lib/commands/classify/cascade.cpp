#include "commands/classify/cascade.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "commands/service_outcome.hpp"

namespace jvmm::commands {
namespace {

bool is_open(stage::Outcome<Ruling> const& outcome) {
  return std::holds_alternative<Ruling>(outcome);
}

/// What a task reads, whatever reads it.
std::vector<std::string> columns_of(classify::Task task) {
  switch (task) {
    case classify::Task::niche:
      return {"niche", "tags", "what_you_do", "who_you_serve"};
    case classify::Task::offer_types:
      return {"offering"};
    case classify::Task::content_style:
      return {"what_you_do", "bio", "page"};
  }
  return {};
}

/// The stored vector of a field, if it serves and is of the width of the others.
std::vector<float> const* stored_vector(store::ClassifyCandidate const& row, std::optional<EmbeddingField> field) {
  auto const* vector = field == EmbeddingField::what_you_do     ? &row.vector_what_you_do
                       : field == EmbeddingField::who_you_serve ? &row.vector_who_you_serve
                       : field == EmbeddingField::offering      ? &row.vector_offering
                                                                : nullptr;
  return vector && *vector ? &**vector : nullptr;
}

}  // namespace

Cascade::Cascade(std::shared_ptr<classify::Classifier const> classifier, std::unique_ptr<inference::Embedder> embedder,
                 std::vector<std::unique_ptr<Judge>> judges)
    : m_classifier(std::move(classifier)), m_embedder(std::move(embedder)), m_judges(std::move(judges)) {
  for (auto const& judge : m_judges)
    m_counts.push_back({.name = std::string(judge->name())});
}

std::string Cascade::fingerprint() const {
  auto out = m_classifier->fingerprint();
  for (auto const& judge : m_judges)
    out += "; " + judge->fingerprint();
  return out;
}

std::string Cascade::description() const {
  std::string out;
  for (auto const& judge : m_judges)
    out += (out.empty() ? "" : ", ") + std::string(judge->name());
  return out;
}

std::vector<std::string> Cascade::columns() const {
  auto out = columns_of(taxonomy().task);
  for (auto const& judge : m_judges)
    for (auto& column : judge->columns())
      if (std::find(out.begin(), out.end(), column) == out.end()) out.push_back(std::move(column));
  return out;
}

std::string Cascade::model() const {
  return m_embedder ? m_embedder->info().model : "";
}

bool Cascade::waits_for_services() const {
  return (m_embedder && m_embedder->waits_for_services()) ||
         std::any_of(m_judges.begin(), m_judges.end(), [](auto const& judge) { return judge->waits_for_services(); });
}

Question Cascade::question(store::ClassifyCandidate const& row) const {
  Question out;
  out.input = {row.niche, row.tags,     row.what_you_do, row.who_you_serve, row.offering, row.signature_programs,
               row.bio,   row.page_text};
  if (!m_embedder) return out;
  out.wanted = m_classifier->wanted(out.input);
  for (auto const& wanted : out.wanted) {
    auto const* stored = stored_vector(row, wanted.stored);
    bool const serves = stored && stored->size() == m_embedder->info().dims;
    out.vectors.push_back(serves ? *stored : inference::Vector());
  }
  return out;
}

std::vector<stage::Outcome<Ruling>> Cascade::judge(std::span<Question> questions) {
  Outcomes outcomes(questions.size(), Ruling());
  if (m_embedder) embed(questions, outcomes);
  std::vector<std::size_t> left;
  for (std::size_t i = 0; i < questions.size(); ++i)
    if (is_open(outcomes[i])) left.push_back(i);
  for (std::size_t stage = 0; stage < m_judges.size() && !left.empty(); ++stage)
    left = ask(stage, questions, left, outcomes);
  return outcomes;
}

/// Fills in the vectors that are not stored. A text that cannot be embedded goes without: words decide in its place.
void Cascade::embed(std::span<Question> questions, Outcomes& outcomes) {
  struct Slot {
    std::size_t question, text;
  };
  std::vector<Slot> slots;
  std::vector<std::string_view> texts;
  for (std::size_t q = 0; q < questions.size(); ++q)
    for (std::size_t t = 0; t < questions[q].wanted.size(); ++t)
      if (questions[q].vectors[t].empty()) {
        slots.push_back({q, t});
        texts.push_back(questions[q].wanted[t].text);
      }
  if (texts.empty()) return;
  auto results = m_embedder->embed(texts);
  for (std::size_t i = 0; i < slots.size(); ++i) {
    auto const [q, t] = slots[i];
    if (results[i]) {
      questions[q].vectors[t] = std::move(results[i]->vector);
      continue;
    }
    auto failure = service_outcome<Ruling>(results[i].error(), "embedding");
    if (std::holds_alternative<stage::Postponed>(failure)) outcomes[q] = std::move(failure);
  }
}

/// Returns those that go on to the next stage.
std::vector<std::size_t> Cascade::ask(std::size_t stage, std::span<Question const> questions,
                                      std::vector<std::size_t> const& asked, Outcomes& outcomes) {
  auto const start = std::chrono::steady_clock::now();
  auto& judge = *m_judges[stage];
  std::vector<Question const*> pointers;
  for (auto const i : asked)
    pointers.push_back(&questions[i]);
  auto rulings = judge.rule(pointers);
  StageCount count;
  std::vector<std::size_t> next;
  for (std::size_t k = 0; k < asked.size(); ++k) {
    ++count.asked;
    auto& outcome = outcomes[asked[k]];
    if (!rulings[k]) {
      outcome = service_outcome<Ruling>(rulings[k].error(), judge.name());
      std::holds_alternative<stage::Postponed>(outcome) ? ++count.postponed : ++count.failed;
      continue;
    }
    rulings[k]->verdict.sure ? void(++count.settled) : next.push_back(asked[k]);
    outcome = std::move(*rulings[k]);
  }
  std::lock_guard const lock(m_mutex);
  auto& sum = m_counts[stage];
  sum += count;
  sum.seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return next;
}

void Cascade::release(std::span<Question const> questions) {
  std::vector<Question const*> pointers;
  std::vector<std::string_view> texts;
  for (auto const& question : questions) {
    pointers.push_back(&question);
    for (auto const& wanted : question.wanted)
      texts.push_back(wanted.text);
  }
  if (m_embedder) m_embedder->release(texts);
  for (auto const& judge : m_judges)
    judge->release(pointers);
}

}  // namespace jvmm::commands
