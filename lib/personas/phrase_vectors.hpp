#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "personas/model.hpp"

namespace jvmm::personas {

/// Vectors of phrases, each asked for once, brought to length 1.
class PhraseVectors {
 public:
  /// `dims` 0: as the first answer has it.
  PhraseVectors(EmbedPhrases const& embed, std::size_t dims) : m_embed(embed), m_dims(dims) {}

  /// phrases × dims. **Throws** bad_answer for an answer of another size or with numbers that are not finite.
  std::vector<float> rows(std::span<Phrase const> phrases);

  std::size_t dims() const { return m_dims; }

 private:
  void require(std::span<Phrase const> phrases);

  EmbedPhrases const& m_embed;
  std::size_t m_dims;
  std::unordered_map<std::string, std::size_t> m_at;  ///< row of m_vectors
  std::vector<float> m_vectors;
};

/// The rows with each brought to length 1; zero rows stay. `what` names them in errors, `ids` each of them.
/// **Throws** bad_input for another size than rows × dims, and numbers that are not finite.
std::vector<float> unit_rows(RowVectors const& vectors, std::span<std::string const> ids, std::string_view what);

/// Row `index` of a row-major matrix.
inline std::span<float const> row_of(std::span<float const> matrix, std::size_t index, std::size_t dims) {
  return matrix.subspan(index * dims, dims);
}

bool is_zero(std::span<float const> row);

/// The unit mean of rows with weights; zero where they cancel or there is none. Sums in double, in order.
std::vector<float> unit_mean(std::span<float const> matrix, std::size_t dims, std::span<std::size_t const> rows,
                             std::span<double const> weights = {});

/// The unit mean of two vectors with weights; either may be zero. REQUIRES: equal lengths.
std::vector<float> unit_mean_of(std::span<float const> a, double weight_a, std::span<float const> b, double weight_b);

/// A row's field vector: the unit mean of the unit mean of the phrases it names (rows of `phrases`) and, weighted, of
/// another vector of the row's; empty: there is none. Zero where it has neither.
std::vector<float> field_vector(std::span<float const> phrases, std::size_t dims, std::span<std::size_t const> named,
                                std::span<float const> beside, double weight);

}  // namespace jvmm::personas
