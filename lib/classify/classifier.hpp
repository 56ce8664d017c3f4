#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "classify/input.hpp"
#include "classify/taxonomy.hpp"
#include "domain/embedding_field.hpp"

namespace jvmm::classify {

/// The vectors of prototype_texts(), in that order, one after the other. Without any, a classifier goes by words alone.
struct PrototypeVectors {
  std::string model;  ///< as the embedder is registered: chooses the taxonomy's ConfidenceMap
  std::size_t dims = 0;
  std::vector<float> rows;
};

/// A text whose vector helps.
struct Wanted {
  std::string text;  ///< without markup, blanks made one; at most 3,000 code points
  /// The field of which this is the whole text, so that its stored vector of the same model may serve.
  std::optional<EmbeddingField> stored;
};

struct Scored {
  std::size_t label = 0;  ///< index in Taxonomy::labels
  double confidence = 0;  ///< 0..1: the share of such answers that is right; stored rounded to 4 decimals
  double score = 0;
};

struct Verdict {
  std::vector<Scored> labels;  ///< those that are given, best first (ties by label order); empty: unknown
  std::vector<double> scores;  ///< one per label of the taxonomy, comparable within the verdict
  double confidence = 0;       ///< of the best label, given or not; 0 where no text says anything
  double margin = 0;           ///< from the best score to the second; of offers the least of the phrases
  bool empty = true;           ///< there was no text to go by
  /// No further stage of a cascade need be asked: empty, or the confidence is at least Taxonomy::sure; of offers that
  /// of every label.
  bool sure = false;
};

/// One profile of a batch. The spans have one vector for each text of wanted(input), in order; an empty one: none.
struct Item {
  Input const* input = nullptr;
  std::span<std::span<float const> const> vectors;
};

/// Finds the labels of profiles. One per task; immutable. **Threads**: safe.
///
/// docs/algorithms/classification.md has the method and what was measured.
class Classifier {
 public:
  /// **Throws** bad_input if the vectors are not those of the taxonomy's prototypes (number, finite, not zero).
  Classifier(Taxonomy taxonomy, PrototypeVectors vectors);
  ~Classifier();
  Classifier(Classifier&&) noexcept;
  Classifier& operator=(Classifier&&) noexcept;

  /// Distinct texts to be embedded; none if there are no prototype vectors or no text.
  std::vector<Wanted> wanted(Input const& input) const;

  /// What each of them counts in profile_vector().
  std::vector<double> vector_weights(Input const& input) const;

  /// A vector that is zero, not finite or missing is left out, and the words decide in its place.
  /// **Throws** bad_input for a vector of another width than the prototypes'.
  Verdict classify(Input const& input, std::span<std::span<float const> const> vectors) const;

  /// The same for many, quicker: equal bits for any batch and order. **Cost**: 2 × texts × prototypes × dims flops.
  std::vector<Verdict> classify(std::span<Item const> items) const;

  Taxonomy const& taxonomy() const;

  /// One line that names all that shapes a verdict: taxonomy and its hash, model, and this code's version.
  std::string fingerprint() const;

 private:
  class Impl;
  std::unique_ptr<Impl const> m_impl;
};

/// The vector of one profile that trained heads read: the unit vector of a weighted sum of the vectors of wanted(), in
/// their order; empty if there is none. Niche: niche 1.5, tags 1.2, what_you_do 1.0, who_you_serve .5; offers: the
/// whole offering; style: every sentence alike. **Throws** bad_input for vectors of different widths.
std::vector<float> profile_vector(Classifier const& classifier, Input const& input,
                                  std::span<std::span<float const> const> vectors);

}  // namespace jvmm::classify
