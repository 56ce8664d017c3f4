#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "commands/classify/judge.hpp"
#include "commands/stage_counts.hpp"
#include "stage/stage.hpp"

namespace jvmm::commands {

/// The stages that classify a task's profiles, in order: what one of them is not sure of goes to the next, whose answer
/// takes the place of its own; the last has the last word. What profile goes how far follows from the profile alone,
/// not from its batch or its neighbours: one whose next stage cannot be asked now is postponed, never answered by the
/// stage before.
/// **Threads**: `judge` may be called by several at once.
class Cascade {
 public:
  /// `embedder` may be null where no judge reads vectors. REQUIRES: at least one judge.
  Cascade(std::shared_ptr<classify::Classifier const> classifier, std::unique_ptr<inference::Embedder> embedder,
          std::vector<std::unique_ptr<Judge>> judges);

  classify::Taxonomy const& taxonomy() const { return m_classifier->taxonomy(); }
  classify::Classifier const& classifier() const { return *m_classifier; }

  /// Everything that shapes an answer, in one line.
  std::string fingerprint() const;

  /// "embedding, nli".
  std::string description() const;

  /// The columns of profiles that its stages read, for jvmm.classification_guard.
  std::vector<std::string> columns() const;

  /// Whose stored vectors serve; empty: none do.
  std::string model() const;

  bool waits_for_services() const;

  /// The profile's texts, and its stored vectors where they serve.
  Question question(store::ClassifyCandidate const& row) const;

  /// One per question, in order; their vectors are filled in.
  std::vector<stage::Outcome<Ruling>> judge(std::span<Question> questions);

  /// What came of these is committed. Their vectors need not be there.
  void release(std::span<Question const> questions);

  /// To be read when the run is over.
  std::vector<StageCount> const& counts() const { return m_counts; }

 private:
  using Outcomes = std::vector<stage::Outcome<Ruling>>;

  void embed(std::span<Question> questions, Outcomes& outcomes);
  std::vector<std::size_t> ask(std::size_t stage, std::span<Question const> questions,
                               std::vector<std::size_t> const& asked, Outcomes& outcomes);

  std::shared_ptr<classify::Classifier const> m_classifier;
  std::unique_ptr<inference::Embedder> m_embedder;
  std::vector<std::unique_ptr<Judge>> m_judges;
  std::mutex m_mutex;  ///< of m_counts
  std::vector<StageCount> m_counts;
};

}  // namespace jvmm::commands
