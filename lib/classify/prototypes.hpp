#pragma once

#include <span>
#include <string>
#include <vector>

#include "classify/classifier.hpp"

namespace jvmm::classify {

/// How a text's cosines to the prototypes of a label become one number.
enum class Reduction {
  soft_maximum,  ///< ln(mean of exp(20 cosine)) / 20
  top_three,     ///< mean of the three largest
  highest,
};

/// The prototypes' vectors, made ready for many texts. **Threads**: safe.
class Prototypes {
 public:
  /// The cosines of a model for which the taxonomy has no ConfidenceMap are brought to mean and spread of one that it
  /// has.
  /// **Throws** bad_input where the vectors do not fit the taxonomy.
  Prototypes(Taxonomy const& taxonomy, PrototypeVectors vectors);

  bool empty() const { return m_rows.empty(); }
  std::size_t dims() const { return m_dims; }
  std::string const& model() const { return m_model; }

  /// Of each vector a number per label, one text after the other. A vector that is zero or not finite gives NaN in all.
  /// **Throws** bad_input for a vector of another width. **Cost** 2 × vectors × prototypes × dims flops; equal bits for
  /// a text whatever it is computed beside.
  std::vector<double> scores(std::span<std::span<float const> const> vectors, Reduction reduction) const;

 private:
  void bring_to(ConfidenceMap const& reference);
  void reduce(std::span<float const> cosines, Reduction reduction, std::span<double> out) const;

  std::string m_model;
  std::size_t m_dims = 0;
  std::vector<float> m_rows;        ///< unit vectors
  std::vector<std::size_t> m_ends;  ///< of each label's prototypes
  float m_shift = 0, m_scale = 1;   ///< cosine as seen = shift + scale × cosine
};

}  // namespace jvmm::classify
