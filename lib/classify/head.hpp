#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "classify/classifier.hpp"
#include "classify/task.hpp"
#include "classify/taxonomy.hpp"

namespace jvmm::classify {

/// What a head makes of a profile: one label (niche, style), or any number (offer types).
enum class HeadKind { softmax, one_vs_rest };

HeadKind head_kind(Task task);
std::string_view name(HeadKind kind);

struct HeadLabel {
  std::string key;
  std::size_t examples = 0;
  bool trained = false;  ///< false: too few examples, its logit is that of the zero-shot score alone
};

/// A trained head: what was learnt from labels on top of a Classifier's scores.
///
///     logit of label k = (score_weight · score k + given_weight · given k + score_bias
///                         + intercept k + coefficients k · x) / temperature
///
/// with x the profile_vector, score k that of Verdict::scores, and given k the confidence with which the verdict gives
/// the label, 0 where it does not. The document has all but coefficients and intercepts, which are the weights.
/// docs/algorithms/trained_heads.md says how one is fitted, docs/schemas/classifier-head.json what the document looks
/// like.
struct HeadParts {
  Task task = Task::niche;
  std::string taxonomy, taxonomy_hash;
  std::string fingerprint;        ///< head_fingerprint of what it was trained on
  std::string data_hash;          ///< hexadecimal SHA-256 of the examples: ids, labels, vectors, scores
  std::vector<HeadLabel> labels;  ///< all of the taxonomy, in its order
  std::size_t dims = 0;
  double score_weight = 1, given_weight = 0, score_bias = 0;
  double temperature = 1;            ///< above 0
  double c = 1;                      ///< of the regression, for people
  double threshold = 0.5;            ///< one_vs_rest: probability from which a label is given; 0..1
  std::vector<double> coefficients;  ///< labels that are trained × dims
  std::vector<double> intercepts;    ///< one per trained label
};

/// Immutable. **Threads**: safe.
class Head {
 public:
  /// **Throws** bad_input for parts that do not fit each other or are not finite.
  explicit Head(HeadParts parts);

  /// From what document() and weights() gave. **Throws** bad_input, naming what is wrong in `source`.
  static Head read(std::string_view document_json, std::string_view weights, std::string const& source);

  std::string document() const;

  /// Little-endian IEEE 754 doubles: the coefficients label by label, then the intercepts.
  std::string weights() const;

  /// Hexadecimal SHA-256 of document and weights.
  std::string const& hash() const { return m_hash; }
  HeadParts const& parts() const { return m_parts; }
  HeadKind kind() const { return head_kind(m_parts.task); }

  /// One per label of the taxonomy, before the temperature. `zero_shot`: the classifier's verdict. **Throws** bad_input
  /// for a vector of another width, scores of another number, or what is not finite.
  std::vector<double> logits(std::span<float const> x, Verdict const& zero_shot) const;

  /// One per label of the taxonomy; for softmax they sum up to 1. **Throws** as above.
  std::vector<double> probabilities(std::span<float const> x, Verdict const& zero_shot) const;

  /// The verdict on a profile of which `zero_shot` is the classifier's. Its confidences are probabilities, its scores
  /// logits. Labels are those at or above their threshold in the taxonomy, and of softmax only the best unless others
  /// are; at most max_labels. `x` empty (no vector): `zero_shot` as it is. REQUIRES: `taxonomy` has the head's hash.
  Verdict classify(Taxonomy const& taxonomy, std::span<float const> x, Verdict const& zero_shot) const;

 private:
  HeadParts m_parts;
  std::string m_hash;
};

/// The confidence with which a verdict gives each label of the taxonomy, 0 where it does not.
std::vector<double> given_confidences(Verdict const& verdict);

/// Names what a head's inputs are made with: it may only be used where this is the same. `embedder`: the fingerprint of
/// the model.
std::string head_fingerprint(Classifier const& classifier, std::string_view embedder);

}  // namespace jvmm::classify
